import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MUTANTS, mutated } from '../../sim/mutants/index.ts';
import { redis50, redis70 } from '../../sim/redis/profile.ts';
import type { Redis } from '../../sim/redis/system.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runScenario } from './run.ts';

const ROOT = new URL('../../', import.meta.url);

/** Stands for the scenario in fixtures/mutants that has the mutant's name. */
const OWN = Symbol('own');

/** For each mutant a lesson that shows it, or a scenario of its own, and what of it breaks there. */
const SHOWN: Readonly<Record<string, readonly [lesson: string | typeof OWN, broken: RegExp]>> = {
  'no-replid2': [
    '06-failover/promoted-replica-serves-its-siblings',
    /^expected psync C -> B .*partial\/replid2\], was \[full\/replid-mismatch\]$/,
  ],
  'ignore-second-offset': [
    '06-failover/old-master-is-ahead',
    /^one-history does not hold on B .*: A goes on from A#2:\d+, and B holds it only up to \d+$/,
  ],
  'second-offset-off-by-one': [
    '06-failover/promoted-replica-serves-its-siblings',
    /^expected psync C -> B .*partial\/replid2\], was \[full\/replid2-offset\]$/,
  ],
  'keep-id-on-backlog-create': [
    OWN,
    /^one-history does not hold on D .*: B and it are both at B#2:50, and their data differ$/,
  ],
  'keep-id-on-ttl': [
    '03-backlog/freed-after-its-ttl-with-a-new-id',
    /^expected psync A -> B \[full\/replid-mismatch\], was \[partial\/replid2\]$/,
  ],
  'no-ttl-reset-on-promotion': [
    '06-failover/promotion-keeps-an-old-backlog',
    /^expected psync C -> B \[partial\/replid2\], was \[full\/replid-mismatch\]$/,
  ],
  'transient-error-discards': [
    '10-auth-and-refusal/a-loading-node-is-asked-again',
    /^expected psync C -> B to end with partial\/replid, was \[.*, refused\/nomasterlink, full\/forced\]$/,
  ],
  'reset-offset-on-switch': [
    '03-backlog/replica-returns-after-the-ttl',
    /^expected A, B to have converged by the end, was A at A#2:50, B at A#2:0$/,
  ],
  'fullresync-offset-at-request': [
    '05-diskless/delay-shared-by-two-missed-by-a-third',
    /^expected A, B, C, D to have converged .*, was A at A#2:50, B at A#2:0, C at A#2:0, D at A#2:50$/,
  ],
  'attach-without-buffer': [
    '01-first-sync/second-replica-attaches-to-the-running-bgsave',
    /^expected C slave_repl_offset == 100 at the end, was 50$/,
  ],
  'attach-current-offset': [
    '03-backlog/a-herd-of-replicas-comes-back',
    /^one-history does not hold on R\d .*and their data differ$/,
  ],
  'no-select-after-fullsync': [
    '01-first-sync/select-is-sent-again-after-a-full-sync',
    /^one-history does not hold on C .*: A and it are both at A#2:131, and their data differ$/,
  ],
  'per-replica-select': [
    '01-first-sync/select-is-sent-again-after-a-full-sync',
    /^expected A, B, C to have converged by the end, was A at A#2:131, B at A#2:131, C at A#2:154$/,
  ],
  'feed-waiting-start': [
    '05-diskless/delay-shared-by-two-missed-by-a-third',
    /^expected A, B, C, D to have converged .*, was A at A#2:50, B at A#2:100, C at A#2:100, D at A#2:50$/,
  ],
  'no-select-after-promotion': [
    '06-failover/a-promoted-node-says-select-again',
    /^expected B, C to have converged by the end, was .* but their data differ$/,
  ],
  'ping-online-only': [
    '04-timeouts/newlines-bridge-a-slow-save-and-a-slow-load',
    /^expected A, B to have converged within 15s after "write", was A at A#2:358, B at A#2:218$/,
  ],
  'no-upper-bound': [
    '03-backlog/replica-moves-to-a-sibling-that-lags',
    /^expected the reply v to "GET k" on C, was w$/,
  ],
  'backlog-drop-crlf': [
    '03-backlog/command-larger-than-the-backlog',
    /^expected psync B -> A \[full\/forced, partial\/replid\], was \[full\/forced, full\/offset-ahead\]$/,
  ],
  'reset-offset-on-promotion': [
    '06-failover/chain-promoted-in-the-middle',
    /^one-history does not hold on B .*: C goes on from A#2:50, and B holds it only up to 0$/,
  ],
  'newline-to-subreplicas': [
    '02-partial-resync/a-chain-survives-a-flap-of-its-upper-link',
    /^expected A, B, C to have converged by the end, was A at A#2:320, B at A#2:320, C at A#2:321$/,
  ],
  'no-disconnect-on-new-id': [
    '06-failover/a-new-id-travels-down-the-tree',
    /^expected psync D -> C \[full\/replid-mismatch, partial\/replid2\], was \[full\/replid-mismatch\]$/,
  ],
  'proxy-on-read': [
    '02-partial-resync/transaction-cut-in-the-middle-starts-again-at-multi',
    /^expected psync B -> A \[full\/forced, partial\/replid\], was \[full\/forced, partial\/replid, full\/forced\]$/,
  ],
  'keep-multi-on-cache': [
    '02-partial-resync/transaction-cut-in-the-middle-starts-again-at-multi',
    /^one-history does not hold on B .*and their data differ$/,
  ],
  'dirty-cache': [
    '02-partial-resync/transaction-cut-in-the-middle-starts-again-at-multi',
    /^expected psync B -> A \[full\/forced, partial\/replid\], was \[full\/forced, partial\/replid, full\/forced\]$/,
  ],
  'keep-read-offset': [
    '02-partial-resync/transaction-cut-in-the-middle-starts-again-at-multi',
    /^expected A, B to have converged by the end, was A at A#2:1000105, B at A#2:1\d{6}$/,
  ],
  'keep-backlog-on-fullsync': [
    OWN,
    /^expected A, B, C to have converged by the end, was A at A#2:20160, B at A#2:20160, C at A#2:128$/,
  ],
  'early-discard': [
    '12-redis-test-suite/a-full-sync-that-came-to-nothing',
    /^expected psync B -> A \[full\/forced, partial\/replid\], was \[full\/forced, full\/forced\]$/,
  ],
  'bad-offset-fullsync': [
    '10-auth-and-refusal/a-client-that-says-psync-itself',
    /^expected the reply -ERR value is not an integer .* on A, was \+FULLRESYNC [0-9a-f]{40} 0$/,
  ],
  'wait-on-replica': [OWN, /^expected the reply \/\^-ERR WAIT cannot .* to "WAIT 1 500" on B, was :1$/],
  'no-write-handler-on-resurrect': [
    OWN,
    /^expected psync R1 -> A to count partial == 1 \(3 found\), was \[full\/forced, partial\/replid, partial\/replid, partial\/replid\]$/,
  ],
  'trim-two-on-newline': [OWN, /^expected A, B to have converged by the end, was A at A#2:78, B at A#2:413$/],
  'no-newline-while-loading': [
    '04-timeouts/newlines-bridge-a-slow-save-and-a-slow-load',
    /^expected psync B -> A \[full\/replid-mismatch\], was \[full\/replid-mismatch, partial\/replid\]$/,
  ],
  'newline-at-ping-period': [
    '12-redis-test-suite/a-silent-master-ends-the-handshake',
    /^expected lines of the log of B with "Timeout connecting to the MASTER..." == 1, was 2$/,
  ],
  'ping-every-cron': [
    '01-first-sync/full-sync-from-disk',
    /^expected A repl_backlog_histlen == 50 at the end, was 190$/,
  ],
  'no-cancel-handshake': [
    '06-failover/promoted-in-the-middle-of-a-transfer',
    /^master-without-link does not hold on B .*: masterhost is null, but repl_state is TRANSFER$/,
  ],
  'replicaof-always-resets': [
    '06-failover/replicaof-the-same-master-changes-nothing',
    /^expected psync B -> A \[full\/replid-mismatch\], was \[full\/replid-mismatch, full\/forced, .*\]$/,
  ],
  'no-connect-timeout': [
    '04-timeouts/frozen-master-accepts-and-says-nothing',
    /^expected lines of the log of B with "Timeout connecting to the MASTER..." >= 1, was 0$/,
  ],
  'timeout-pre-psync': [OWN, /^expected A connected_slaves == 1 at the end, was 0$/],
  'no-replica-timeout': [
    '04-timeouts/frozen-replica-is-dropped-and-comes-back',
    /^expected always A connected_slaves == 0 from 15\.1s until 19\.9s, but not so at 15\.1s: .* was 1$/,
  ],
  'strict-ping-reply': [
    '10-auth-and-refusal/missing-password-costs-a-full-sync',
    /^expected psync B -> A to end with partial\/replid, was no decision$/,
  ],
  'sync-with-pending-output': [
    '10-auth-and-refusal/a-client-that-says-psync-itself',
    /^expected the reply \*2 to "EXEC" on A, was \+FULLRESYNC [0-9a-f]{40} 0$/,
  ],
  'rdb-without-info': [
    OWN,
    /^one-history does not hold on C .*: A and it are both at A#2:77, and their data differ$/,
  ],
  'no-delay-on-aof-child': [
    OWN,
    /^expected psync B -> A \[full\/replid-mismatch\], was \[full\/replid-mismatch(, full\/forced){9}\]$/,
  ],
  'keep-child-while-sync': [
    OWN,
    /^expected psync B -> A \[full\/replid-mismatch, partial\/replid\], was \[full\/replid-mismatch, full\/forced\]$/,
  ],
  'eagain-is-fatal': [
    '01-first-sync/full-sync-from-disk',
    /^expected psync B -> A \[full\/forced\], was \[full\/forced(, full\/forced){10}\]$/,
  ],
  'keep-useless-child': [
    '12-redis-test-suite/a-child-that-nobody-waits-for',
    /^expected A rdb_bgsave_in_progress == 0 at 4\.3s, was 1$/,
  ],
  'stream-before-ack': [
    OWN,
    /^expected psync B -> A \[full\/replid-mismatch\], was \[full\/replid-mismatch, full\/forced\]$/,
  ],
  'newline-in-socket-transfer': [
    '05-diskless/one-replica-lost-during-a-shared-transfer',
    /^expected psync C -> A to count completed full syncs == 1 \(0 found\), was \[.*\]$/,
  ],
  'no-diskless-timeout': [
    '05-diskless/a-replica-that-stops-reading-is-dropped',
    /^expected eventually A connected_slaves == 0 from 6s until 14s, at its end A connected_slaves was 1$/,
  ],
  'failed-child-marks-online': [
    '12-redis-test-suite/flushall-ends-a-transfer-and-the-next-one-begins',
    /^expected psync B -> A \[full\/replid-mismatch, full\/replid-mismatch\], was \[full\/replid-mismatch\]$/,
  ],
  'no-rdb-ids': [
    '08-restart/replica-restarts-from-its-rdb',
    /^expected psync B -> A \[full\/forced, partial\/replid\], was \[full\/forced, full\/forced\]$/,
  ],
  'master-loads-ids-as-primary': [
    '08-restart/old-master-returns-as-a-replica-of-the-new-one',
    /^expected psync A -> B \[full\/replid-mismatch\], was \[partial\/replid2\]$/,
  ],
  'master-restart-loses-history': [
    '13-field-stories/a-herd-after-the-masters-restart',
    /^expected psync R1 -> A \[full\/forced, partial\/replid2\], was \[full\/forced, full\/replid-mismatch\]$/,
  ],
  'no-expired-del-on-load': [
    '12-redis-test-suite/a-master-restarts-from-its-rdb',
    /^one-history does not hold on B .*and their data differ$/,
  ],
  'no-stream-db': [
    '12-redis-test-suite/a-replica-restarts-with-what-its-rdb-says',
    /^one-history does not hold on B .*: A and it are both at A#2:104, and their data differ$/,
  ],
  'info-only-for-sync': [
    '08-restart/replica-restarts-from-its-rdb',
    /^expected psync B -> A \[full\/forced, partial\/replid\], was \[full\/forced, full\/forced\]$/,
  ],
  'no-backlog-on-continue': [
    '08-restart/replica-restarts-from-its-rdb',
    /^expected A, B to have converged by the end, was A at A#2:5323, B at A#2:2673$/,
  ],
  'drop-expired-in-rdb': [OWN, /^one-history does not hold on C .*and their data differ$/],
  'no-scripts-in-rdb': [
    '12-redis-test-suite/evalsha-in-the-backlog-meets-a-restarted-replica',
    /^one-history does not hold on B .*and their data differ$/,
  ],
  'no-exec-on-role-change': [
    '12-redis-test-suite/replicaof-inside-a-transaction',
    /^expected B master_repl_offset == 79 at 3s, was 65$/,
  ],
  'keep-blocked-on-demotion': [
    '12-redis-test-suite/a-blocked-client-is-sent-away-when-its-node-becomes-a-replica',
    /^expected A, B to have converged by the end, was A at A#2:68, B at A#2:68, but their data differ$/,
  ],
  'noreplicas-on-replica': [
    '12-redis-test-suite/a-replica-ignores-min-replicas',
    /^expected the reply aaabbb to "GET foo" on B, was nil$/,
  ],
  'noreplicas-top-level-only': [
    '12-redis-test-suite/writes-need-enough-good-replicas',
    /^expected the reply .*NOREPLICAS.* to "EVAL .*" on A, was \+OK$/,
  ],
  'no-ping-while-paused': [
    OWN,
    /^expected lines of the log of B with "MASTER timeout: no data nor PING received" == 0, was 1$/,
  ],
  'ping-while-failover': [OWN, /^expected B role == master at the end, was slave$/],
  'no-shutdown-wait': [OWN, /^expected the reply :12000000 to "STRLEN big" on B, was :0$/],
  'leak-writable-ttl': [
    '12-redis-test-suite/a-writable-replica-clears-its-own-keys',
    /^expected the reply :0 to "DBSIZE" on B, was :3$/,
  ],
  'no-expire-mask': [
    '12-redis-test-suite/an-expired-key-on-a-writable-replica',
    /^expected the reply null to "GET key2" on B, was 5$/,
  ],
  'relative-ttl': [
    '12-redis-test-suite/lives-are-replicated-as-points-in-time',
    /^expected the reply null to "GET k" on B, was v$/,
  ],
  'count-postponed': [
    '12-redis-test-suite/a-paused-replica-does-not-count-what-it-has-not-applied',
    /^expected always B slave_repl_offset == 54 .*, but not so at 3\.5s: B slave_repl_offset was 86, /,
  ],
  'huge-block': [
    '13-field-stories/one-value-larger-than-the-limit',
    /^expected psync B -> A \[full\/forced, full\/backlog-overwritten\], was \[full\/forced, full\/backlog-overwritten(, partial\/replid){3,}/,
  ],
  'limit-below-backlog': [
    '12-redis-test-suite/an-output-buffer-limit-below-the-backlog',
    /^expected psync B -> A \[full\/forced, partial\/replid\], was \[full\/forced(, partial\/replid){3,}/,
  ],
};

function cases(name: string, lesson: string | typeof OWN): readonly Scenario[] {
  const path = lesson === OWN ? `fixtures/mutants/${name}.yaml` : `scenarios/${lesson}.yaml`;
  const loaded = loadScenarioFile(readFileSync(new URL(path, ROOT), 'utf8'), path);
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  const version = MUTANTS.find((mutant) => mutant.name === name)!.profile ?? 'redis-5.0';
  const ofIt = loaded.scenarios.filter(({ profile }) => profile === version);
  return ofIt.length > 0 ? ofIt : loaded.scenarios;
}

test('every mutant is shown, in the order of the catalogue', () => {
  expect(Object.keys(SHOWN)).toEqual(MUTANTS.map(({ name }) => name));
});

test('every scenario made for a mutant is played', () => {
  const files = readdirSync(new URL('fixtures/mutants/', ROOT)).map((file) => file.replace('.yaml', ''));
  const own = Object.keys(SHOWN).filter((name) => SHOWN[name]![0] === OWN);
  expect(files.sort()).toEqual(own.sort());
});

test('what a mutant says of itself', () => {
  for (const { name, story, reference } of MUTANTS) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(story).toMatch(/^[A-Z].*\.$/);
    expect(reference).toMatch(/^since \d+\.\d\S*.* \([0-9a-f]{9}(, [0-9a-f]{9})*\)$/);
  }
});

describe.each(Object.entries(SHOWN))('%s', (name, [lesson, broken]) => {
  test('breaks what holds without it', () => {
    const scenarios = cases(name, lesson);
    const messages = scenarios.flatMap((scenario) =>
      runScenario({ ...scenario, mutants: [name] }).result.failures.map(({ message }) => message),
    );
    expect(messages).toContainEqual(expect.stringMatching(broken));
    for (const scenario of scenarios) expect(runScenario(scenario).result.failures).toEqual([]);
  });
});

test('a mutant of one version leaves the other as it is', () => {
  for (const { name, profile } of MUTANTS) {
    if (profile === undefined) continue;
    const [own, other] = profile === 'redis-5.0' ? [redis50, redis70] : [redis70, redis50];
    expect(mutated(other, [name])).toBe(other);
    expect(mutated(own, [name])).not.toEqual(own);
  }
});

test('several mutants are all in one server', () => {
  const { rules } = mutated(redis50, ['ping-every-cron', 'no-ping-while-paused', 'wait-on-replica']);
  expect(rules.isWaitRefused({ server: { masterhost: 'somewhere' } } as Redis)).toBe(false);
  const paused = { server: { clientsPaused: true, clientsPauseEndTime: 2, mstime: 1 }, profile: redis50 };
  expect(rules.pingIsDue(paused as Redis)).toBe(false);
});

test('a mutant named in the file, or by an option, is in every node', () => {
  const text = (mutants: string): string => `name: x
duration: 20s
nodes: { A: {}, B: { replicaof: A }, C: { replicaof: A } }
${mutants}timeline:
  - { at: 3s, on: A, run: SET k v }
  - { at: 5s, on: B, run: REPLICAOF NO ONE }
  - { at: 6s, on: C, run: REPLICAOF B }
expect: [{ psync: C -> B, is: [full/replid-mismatch] }]
`;
  const play = (yaml: string, mutants: readonly string[] = []): readonly string[] => {
    const loaded = loadScenarioFile(yaml, 'x.yaml', { mutants });
    if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
    const { failures } = runScenario(loaded.scenarios[0]!).result;
    return failures.filter(({ kind }) => kind === 'expectation').map(({ message }) => message);
  };
  expect(play(text(''))).toEqual(['expected psync C -> B [full/replid-mismatch], was [partial/replid2]']);
  expect(play(text('mutants: [no-replid2]\n'))).toEqual([]);
  expect(play(text(''), ['no-replid2'])).toEqual([]);
});
