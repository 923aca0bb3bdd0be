import { describe, expect, test } from 'vitest';
import { ScenarioRunError } from '../errors.ts';
import { failuresOf, PAIR, play } from '../run.test-helper.ts';

/** A failover: B is promoted at 5s, C follows it at 6s, A comes back as its replica at 8s. */
const FAILOVER = `
duration: 16s
nodes:
  A: { config: { repl-ping-replica-period: 3600 } }
  B: { replicaof: A, config: { repl-ping-replica-period: 3600 } }
  C: { replicaof: A }
timeline:
  - { at: 4s, on: A, repeat: { times: 20, run: "SET key:{n} {bytes:100}" } }
  - { at: 5s, on: B, run: REPLICAOF NO ONE }
  - { at: 6s, id: move, on: C, run: REPLICAOF B }
  - { at: 8s, on: A, run: REPLICAOF B }
expect:
`;

/** The messages of the expectations that fail. */
function wrong(header: string, ...forms: string[]): string[] {
  const expectations = forms.map((form) => `  - { ${form} }\n`).join('');
  return play(header + expectations).result.failures.map(({ message }) => message);
}

describe('psync', () => {
  test('holds for the decisions of a link, in order', () => {
    expect(
      wrong(
        FAILOVER,
        'psync: B -> A, is: [full/forced]',
        'psync: C -> B, is: [partial/replid2]',
        'psync: C -> B, is: [partial], last: partial, count: { full: 0, partial/replid2: ">= 1" }',
        'psync: C -> A, count: { completed: 1 }',
        'psync: A -> C, is: []',
      ),
    ).toEqual([]);
  });

  test.each([
    ['is: [partial/replid]', 'expected psync C -> B [partial/replid], was [partial/replid2]'],
    ['is: [partial, partial]', 'expected psync C -> B [partial, partial], was [partial/replid2]'],
    ['last: full', 'expected psync C -> B to end with full, was [partial/replid2]'],
    ['count: { full: 1 }', 'expected psync C -> B to count full == 1 (0 found), was [partial/replid2]'],
    [
      'count: { completed: 1 }',
      'expected psync C -> B to count completed full syncs == 1 (0 found), was [partial/replid2]',
    ],
  ])('%s says what was decided', (form, message) => {
    expect(wrong(FAILOVER, `psync: C -> B, ${form}`)).toEqual([message]);
  });
});

describe('info', () => {
  test('compares numbers, texts, patterns, other nodes and the line about a replica', () => {
    expect(
      wrong(
        FAILOVER,
        'info: B, has: { role: master, connected_slaves: 2, master_repl_offset: "> 2000", master_replid: "/^[0-9a-f]{40}$/" }',
        'info: A, has: { master_repl_offset: "== B.master_repl_offset", master_replid: "== C.master_replid" }',
        'info: B, has: { "slave(C).state": online, "slave(C).offset": 2673, "slave(A).lag": "<= 1" }',
        'at: 4500ms, info: A, has: { role: master }',
      ),
    ).toEqual([]);
  });

  test('says what was expected and what was, when, on the line of the field', () => {
    const { result } = play(
      `${FAILOVER}  - info: A\n    at: 4500ms\n    has:\n      master_repl_offset: 2674\n`,
    );
    expect(result.failures).toMatchObject([
      { line: 17, at_ms: 4500, message: 'expected A master_repl_offset == 2674 at 4.5s, was 2673' },
    ]);
  });

  test('sees the state after everything of its time', () => {
    expect(wrong(FAILOVER, 'at: 5s, info: B, has: { role: master }')).toEqual([]);
    expect(wrong(FAILOVER, 'at: 4999999us, info: B, has: { role: slave }')).toEqual([]);
  });

  test('a node that is down has no fields', () => {
    const body = `${PAIR}timeline:\n  - { at: 3s, kill: A }\nexpect:\n`;
    expect(wrong(body, 'info: A, has: { role: master }')).toEqual([
      'expected A role == master at the end, was nothing: A is down',
    ]);
  });
});

describe('always, never and eventually', () => {
  test('always breaks at the first event after which it is not so', () => {
    expect(wrong(FAILOVER, 'always: { info: B, has: { role: slave } }, until: 4s')).toEqual([]);
    const [message] = wrong(FAILOVER, 'always: { info: B, has: { role: slave } }, from: 1s');
    expect(message).toBe(
      'expected always B role == slave from 1s until 16s, but not so at 5s: B role was master',
    );
  });

  test('always begins once everything of its first moment has happened', () => {
    expect(wrong(FAILOVER, 'always: { info: B, has: { role: master } }, from: 5s')).toEqual([]);
  });

  test('never sees what lasts no longer than a moment', () => {
    const down = 'never: { info: C, has: { master_link_status: down } }';
    expect(wrong(FAILOVER, `${down}, from: 1s, until: 5900ms`)).toEqual([]);
    expect(wrong(FAILOVER, `${down}, from: 1s`)).toHaveLength(1);
  });

  test('eventually needs one moment within its window', () => {
    const form = 'eventually: { info: C, has: { master_link_status: down } }';
    expect(wrong(FAILOVER, `${form}, from: 1s`)).toEqual([]);
    expect(wrong(FAILOVER, `${form}, from: 1s, until: 5s`)).toEqual([
      'expected eventually C master_link_status == down from 1s until 5s, at its end C master_link_status was up',
    ]);
  });
});

describe('converged', () => {
  test('asks for the same id, offset and data', () => {
    expect(wrong(FAILOVER, 'converged: [A, B, C]', 'converged: [A, B, C], at: 4500ms')).toEqual([]);
    expect(wrong(FAILOVER, 'converged: [A, B], at: 7s')).toEqual([
      'expected A, B to have converged at 7s, was A at A#2:2673, B at B#2:2673',
    ]);
  });

  test('within a time after an entry, at any moment of it', () => {
    expect(wrong(FAILOVER, 'converged: [B, C], within: 2s, after: move')).toEqual([]);
    expect(wrong(FAILOVER, 'converged: [A, B], within: 1s, after: move')).toHaveLength(1);
  });

  test('equal ids and offsets with other data are no convergence', () => {
    const body = `${PAIR}timeline:\n  - { at: 2s, on: B, run: CONFIG SET slave-read-only no }\n  - { after: 1s, on: B, run: SET only here }\nexpect:\n`;
    expect(wrong(body, 'converged: [A, B]')).toEqual([expect.stringMatching(/but their data differ$/)]);
  });
});

test('log counts the lines that contain a text or match a pattern', () => {
  expect(
    wrong(
      FAILOVER,
      'log: B, contains: MASTER MODE enabled',
      'log: B, contains: "/asks for synchronization$/", count: 2',
      'log: B, contains: nothing of the kind, count: 0',
    ),
  ).toEqual([]);
  expect(wrong(FAILOVER, 'log: A, contains: MASTER MODE enabled')).toEqual([
    'expected lines of the log of A with "MASTER MODE enabled" >= 1, was 0',
  ]);
});

test('order asks for each step after the one before, with others between', () => {
  const steps = (...names: string[]): string => `order: [ ${names.join(', ')} ]`;
  const promoted = '{ log: B, contains: MASTER MODE }';
  const move = '{ fault: move }';
  const partial = '{ psync: C -> B, is: partial/replid2 }';
  expect(wrong(FAILOVER, steps(promoted, move, partial))).toEqual([]);
  expect(wrong(FAILOVER, steps(move, promoted))).toEqual([
    'expected the order to go on with "MASTER MODE" in the log of B after "move" at 6s (step 2 of 2), was never so',
  ]);
});

describe('lost_writes', () => {
  /** A writes on for two seconds after B was cut off and promoted. */
  const SPLIT = `
duration: 20s
nodes:
  A: { dataset: 10kb }
  B: { replicaof: A }
workload:
  - { on: A, every: 10ms, from: 1s, until: 7s, run: "SET k v" }
timeline:
  - { at: 5s, partition: A <-> B }
  - { at: 6s, on: B, run: REPLICAOF NO ONE }
`;
  const REJOIN = '  - { at: 8s, heal: all }\n  - { at: 9s, on: A, run: REPLICAOF B }\nexpect:\n';

  test('counts what the new master never had, though every write had the same key', () => {
    expect(wrong(SPLIT + REJOIN, 'lost_writes: 200', 'lost_writes: ">= 200", of: [A]')).toEqual([]);
  });

  test('counts only what a WAIT had confirmed, where asked', () => {
    const body = `${PAIR}timeline:
  - { at: 3s, on: A, run: [SET a 1, SET b 1, WAIT 1 0] }
  - { at: 4s, partition: A <-> B }
  - { at: 5s, on: A, run: [SET c 1, WAIT 1 100] }
  - { at: 6s, on: B, run: REPLICAOF NO ONE }
expect:
`;
    expect(wrong(body, 'lost_writes: 1, of: [B]', 'lost_writes: 0, of: [B], acked: "wait>=1"')).toEqual([]);
  });

  test('knows a write that enters the stream as something else', () => {
    const body = `${PAIR}timeline:
  - { at: 3s, partition: A <-> B }
  - { at: 4s, on: A, run: [SET f 1, EXPIRE f 100, GET f, SADD s a, SPOP s, SPOP s, MULTI, SET m 1, EXEC] }
  - { at: 6s, on: B, run: REPLICAOF NO ONE }
expect:
`;
    expect(wrong(body, 'lost_writes: 5, of: [B]')).toEqual([]);
  });

  test('a dataset is one write, lost with a process that saved nothing', () => {
    const body = `
duration: 9s
nodes:
  A: { dataset: 10kb }
timeline:
  - { at: 1s, kill: A }
  - { at: 2s, start: A }
expect:
`;
    expect(wrong(body, 'lost_writes: 1')).toEqual([]);
  });

  test('a save keeps what was written before it was begun, without any replica too', () => {
    const body = `
duration: 9s
nodes:
  A: { dataset: 10kb }
timeline:
  - { at: 1s, on: A, repeat: { times: 50, run: "SET k:{n} v" } }
  - { after: 0s, on: A, run: BGSAVE }
  - { after: 2s, on: A, repeat: { times: 30, run: "SET k:{n} v" } }
  - { after: 1s, kill: A }
  - { after: 1s, start: A }
expect:
`;
    expect(wrong(body, 'lost_writes: 30')).toEqual([]);
  });

  test('of whom must be said where there are two masters', () => {
    expect(() => wrong(`${SPLIT}expect:\n`, 'lost_writes: 0')).toThrow(ScenarioRunError);
    expect(() => wrong(`${SPLIT}expect:\n`, 'lost_writes: 0')).toThrow(/A and B are masters/);
  });
});

test('cost counts forks, bytes, and the time without an acknowledged write', () => {
  const body = `${PAIR}workload:
  - { on: A, every: 10ms, from: 1s, until: 10s, run: "SET k v" }
timeline:
  - { at: 3s, freeze: A }
  - { at: 5s, thaw: A }
expect:
`;
  expect(
    wrong(
      body,
      'cost: { full_syncs: 1, forks: 1, full_bytes: "< 1kb", unreadable: "< 1s", write_gap: "< 2.1s" }',
    ),
  ).toEqual([]);
  expect(wrong(body, 'cost: { forks: 2, write_gap: "< 1s" }')).toEqual([
    'expected cost forks == 2, was 1',
    expect.stringMatching(/^expected cost write_gap < 1s, was 2\.0\d*s$/),
  ]);
});

describe('a run as a whole', () => {
  test('a known failure passes while it fails, and fails once it passes', () => {
    const failing = play(
      `${PAIR}known_failure: it is so\nexpect:\n  - { info: A, has: { role: slave } }\n`,
    ).result;
    expect([failing.ok, failing.failures.length]).toEqual([true, 1]);
    const passing = play(
      `${PAIR}known_failure: it is so\nexpect:\n  - { info: A, has: { role: master } }\n`,
    ).result;
    expect(passing.ok).toBe(false);
    expect(failuresOf(passing)).toEqual([expect.stringMatching(/the known failure did not show: it is so/)]);
  });

  test('violates fails where the invariant held', () => {
    expect(wrong(FAILOVER, 'violates: one-history')).toEqual([
      'expected the run to violate one-history, but it held throughout',
    ]);
  });

  test('the same seed gives the same run, another seed another', () => {
    const hash = (seed: string): string =>
      play(FAILOVER.replace('expect:\n', ''), { seed }).result.trace_hash;
    expect(hash('5')).toBe(hash('5'));
    expect(hash('5')).not.toBe(hash('6'));
  });

  test('telling the story changes nothing of the run', () => {
    const body = FAILOVER.replace('expect:\n', '');
    const told = play(body, { story: true });
    expect(told.result).toEqual(play(body).result);
    expect(told.story.map(({ text }) => text)).toContain(
      'C asks PSYNC A#2 2674: partial/replid2 (backlog 1..2673, sends 0 bytes)',
    );
  });
});
