import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Observer } from '../../../sim/observer.ts';
import type { Rules } from '../../../sim/redis/replication/rules.ts';
import type { SimulationSetup } from '../../../sim/simulated-world.ts';
import { Simulation } from '../../../sim/simulation.ts';
import { loadScenarioFile } from '../../scenario/load.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { RunResult } from '../result.ts';
import { scenarioOf } from '../run.test-helper.ts';
import { runScenario, type WorldMaker } from '../run.ts';

const LESSONS = new URL('../../../scenarios/', import.meta.url);

/** A lesson as it is in this version, or as it would be. */
function lesson(file: string, profile: string): Scenario {
  const text = readFileSync(new URL(file, LESSONS), 'utf8');
  const load = (options: { profile?: string }): readonly Scenario[] => {
    const loaded = loadScenarioFile(text, file, options);
    if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
    return loaded.scenarios;
  };
  return load({}).find((scenario) => scenario.profile === profile) ?? load({ profile })[0]!;
}

const broken = ({ failures }: RunResult): string[] =>
  failures.filter(({ kind }) => kind === 'invariant').map(({ message }) => message);
const warned = ({ warnings }: RunResult): string[] => warnings.map(({ message }) => message);

/** A world whose servers have other rules than Redis. */
const ruled =
  (rules: (real: Rules) => Partial<Rules>): WorldMaker =>
  (setup: SimulationSetup, observer: Observer) => {
    const nodes = setup.nodes.map((node) => {
      const { profile } = node;
      return { ...node, profile: { ...profile, rules: { ...profile.rules, ...rules(profile.rules) } } };
    });
    return new Simulation({ ...setup, nodes }, observer);
  };

const PROMOTION = `name: a promotion
duration: 25s
profile: PROFILE
nodes:
  A: {}
  B: { replicaof: A, config: { repl-backlog-ttl: 5 } }
  C: { replicaof: A }
timeline:
  - { at: 3s, on: A, run: SET k v }
  - { at: 9s, on: B, run: REPLICAOF NO ONE }
  - { at: 11s, on: C, run: REPLICAOF B }
`;

const CHAIN = `name: the head of a chain is away for a while
duration: 40s
profile: PROFILE
nodes:
  A: { config: { repl-timeout: 4, repl-ping-replica-period: 1 } }
  B: { replicaof: A, config: { repl-timeout: 4 } }
  C: { replicaof: B, config: { repl-timeout: 60 } }
timeline:
  - { at: 5s, partition: A <-> B }
  - { at: 14s, reset: B <-> C }
  - { at: 20s, heal: A <-> B }
expect:
  - { psync: C -> B, last: partial }
`;

describe.each(['redis-5.0', 'redis-7.0'])('%s', (profile) => {
  test.each([
    ['no-replid2', 'the decision is full/replid-mismatch'],
    ['second-offset-off-by-one', 'the decision is full/replid2-offset'],
  ])('%s refuses what must be granted', (mutant, why) => {
    const scenario = lesson('06-failover/promoted-replica-serves-its-siblings.yaml', profile);
    expect(broken(runScenario({ ...scenario, mutants: [mutant] }).result)).toContainEqual(
      expect.stringMatching(
        new RegExp(`^no-needless-full-sync does not hold on C .*could go on from, and ${why}$`),
      ),
    );
  });

  test('a promoted node that does not begin the time of its backlog anew throws away what it needs', () => {
    const scenario = scenarioOf(PROMOTION.replace('PROFILE', profile));
    const sound = runScenario(scenario).result;
    expect([broken(sound), warned(sound)]).toEqual([[], []]);
    const forgetful = ruled((real) => ({
      replicationUnsetMaster(redis) {
        const { replNoSlavesSince } = redis.server;
        real.replicationUnsetMaster(redis);
        redis.server.replNoSlavesSince = replNoSlavesSince;
      },
    }));
    expect(broken(runScenario(scenario, {}, forgetful).result)).toEqual([
      expect.stringMatching(
        /^no-needless-full-sync does not hold on C .*freed its backlog .*repl-backlog-ttl is 5s$/,
      ),
    ]);
  });

  test('a replica that forgets its place over a passing error asks for everything for nothing', () => {
    const scenario = scenarioOf(CHAIN.replace('PROFILE', profile));
    const sound = runScenario(scenario).result;
    expect(sound.failures).toEqual([]);
    expect(sound.decisions.map(({ reason }) => reason)).toContain('nomasterlink');
    expect(warned(sound)).toEqual([]);
    const forgetful: WorldMaker = (setup, observer) => {
      const world = new Simulation(setup, observer);
      const logged = observer.logged.bind(observer);
      observer.logged = (node, level, message) => {
        logged(node, level, message);
        if (message.startsWith('Master is currently unable')) world.server(node)!.cachedMaster = null;
      };
      return world;
    };
    expect(broken(runScenario(scenario, {}, forgetful).result)).toEqual([
      expect.stringMatching(
        /^no-needless-full-sync does not hold on C .*nothing in Redis makes it ask for everything$/,
      ),
    ]);
  });

  test.each([
    [
      '06-failover/knowing-the-new-id-too-early.yaml',
      /^C holds B#2:50, and A has not heard .*is not offered/,
    ],
    ['06-failover/two-promotions-forget-the-first-history.yaml', /^D holds .* remembers one former history/],
    [
      '06-failover/pings-of-an-isolated-master.yaml',
      /^A holds .* what comes after are PINGs, which count as bytes/,
    ],
    [
      '03-backlog/replica-returns-after-the-ttl.yaml',
      /goes by an id that it made when it began its backlog anew/,
    ],
  ])('%s: Redis itself wants it, which is a warning', (file, reason) => {
    const { result } = runScenario(lesson(file, profile));
    expect(broken(result)).toEqual([]);
    expect(warned(result)).toContainEqual(expect.stringMatching(reason));
  });
});

test('what Redis 5 takes for a refusal is a warning', () => {
  const file = '10-auth-and-refusal/psync-reply-lost.yaml';
  expect(warned(runScenario(lesson(file, 'redis-5.0')).result)).toEqual([
    expect.stringContaining('which Redis 5 takes for a refusal (mended in 7.0.1, 837c063ba)'),
  ]);
});

test('a full synchronization that is needed is neither', () => {
  for (const file of [
    '01-first-sync/full-sync-from-disk.yaml',
    '03-backlog/overwritten-while-the-link-was-down.yaml',
  ]) {
    const { result } = runScenario(lesson(file, 'redis-5.0'));
    expect(result.cost.full_syncs).toBeGreaterThan(0);
    expect([broken(result), warned(result)]).toEqual([[], []]);
  }
});

test('after SYNC a name says nothing: that is a warning, and under that name nothing is compared', () => {
  const { result } = runScenario(
    lesson('10-auth-and-refusal/recovered-before-the-sync-arrives.yaml', 'redis-5.0'),
  );
  expect(broken(result)).toEqual([]);
  expect(warned(result)).toContainEqual(
    expect.stringMatching(
      /^it was synchronized with SYNC, and calls what it holds \S+:-1, a name that others have/,
    ),
  );
});

test('a request that comes when its replica has long gone elsewhere says nothing of what that holds now', () => {
  const { failures, decisions } = runScenario(
    scenarioOf(`name: a slow request
duration: 2s
profile: redis-7.0
nodes:
  A: {}
  B: { replicaof: A }
  D: { config: { repl-diskless-sync-delay: 0 } }
timeline:
  - { at: 0s, link: B -> A, set: { latency: 280ms, jitter: 3ms } }
  - { at: 0s, on: A, run: REPLICAOF D }
  - { at: 1328ms, on: B, run: REPLICAOF D }
`),
    { seed: '397' },
  ).result;
  expect(failures).toEqual([]);
  const late = decisions.at(-1)!;
  expect([late.replica, late.master, late.reason]).toEqual(['B', 'A', 'forced']);
});

test('a backlog that was resized and then set back is empty all the same, by the rules of Redis 5', () => {
  const { failures, decisions } = runScenario(
    scenarioOf(`name: a size and back
duration: 12s
nodes:
  A: { config: { repl-ping-replica-period: 3600 } }
  B: { replicaof: A }
timeline:
  - { at: 2s, on: A, run: [CONFIG SET repl-backlog-size 20000, SET k v] }
  - { at: 4s, partition: A <-> B }
  - { at: 5s, on: A, run: SET k w }
  - { at: 6s, on: A, run: [CONFIG SET repl-backlog-size 1000000, CONFIG SET repl-backlog-size 20000] }
  - { at: 6.5s, on: A, run: SET k x }
  - { at: 7s, reset: A <-> B }
  - { at: 8s, heal: A <-> B }
`),
  ).result;
  expect(decisions.at(-1)!.reason).toBe('backlog-overwritten');
  expect(failures).toEqual([]);
});

test('a replica that was set back within one history holds after a restart what its new file says', () => {
  const { failures, decisions } = runScenario(
    scenarioOf(`name: set back
duration: 20s
profile: redis-7.0
nodes:
  A: { config: { repl-ping-replica-period: 3600, repl-diskless-sync-delay: 0 } }
  B: { replicaof: A, config: { repl-backlog-size: 16kb, repl-diskless-sync-delay: 0 } }
  C: { replicaof: B }
timeline:
  - { at: 3s, on: B, run: SAVE }
  - { at: 4s, on: A, repeat: { times: 300, run: "SET k {bytes:100}" } }
  - { at: 5s, poweroff: B }
  - { at: 6s, link: A -> B, set: { bandwidth: 10kb/s } }
  - { at: 6s, start: B }
  - { at: 8s, poweroff: C }
  - { at: 15s, on: A, repeat: { times: 60, run: "SET k {bytes:100}" } }
  - { at: 19s, start: C }
`),
  ).result;
  const full = decisions.filter(({ replica, outcome }) => replica === 'C' && outcome === 'full');
  expect(full.map(({ reason }) => reason)).toEqual(['forced', 'offset-ahead', 'backlog-overwritten']);
  expect(failures).toEqual([]);
});
