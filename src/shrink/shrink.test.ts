import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { scenarioOf } from '../run/run.test-helper.ts';
import { runScenario } from '../run/run.ts';
import { failureKind } from '../sweep/outcome.ts';
import { listOf, without } from './plain-scenario.ts';
import { concrete, shrink } from './shrink.ts';
import { writeShrunk } from './write.ts';

const never = { isTimeUp: () => false };

/** B misses more than A's backlog holds only because of the partition and the writes in it; all else is noise. */
const OVERWRITTEN = `name: noise around an overwritten backlog
about: words
duration: 60s
nodes:
  A: { config: { repl-backlog-size: 16kb, repl-ping-replica-period: 3600, hz: 20 } }
  B: { replicaof: A, config: { repl-timeout: 5 } }
  C: { replicaof: A }
clients: { app: { to: A } }
workload: [{ as: app, every: 1s, run: "SET n {n}" }]
timeline:
  - { at: 4s, on: A, run: SET noise 1 }
  - { at: 6s, freeze: C }
  - { at: 7s, thaw: C }
  - { at: 10.123s, partition: A <-> B }
  - { at: 11.456s, on: A, repeat: { times: 400, run: "SET k:{n} {bytes:100}" } }
  - { at: 13s, on: A, run: SET noise 2 }
  - { at: 14.5s, reset: A <-> B }
  - { at: 15.789s, heal: A <-> B }
  - { at: 30s, kill: C }
  - { at: 33s, start: C }
expect:
  - { psync: C -> A, count: { full: ">= 0" } }
  - { psync: B -> A, last: partial/replid }
`;

describe('a failing run', () => {
  const scenario = scenarioOf(OVERWRITTEN);
  const shrunk = shrink(scenario, '5', never)!;
  const timeline = listOf(shrunk.scenario, 'timeline');

  test('shrinks to what makes it fail', () => {
    expect(shrunk.isMinimal).toBe(true);
    expect(Object.keys(shrunk.scenario.nodes as object)).toEqual(['A', 'B']);
    expect(shrunk.scenario).not.toHaveProperty('workload');
    expect(shrunk.scenario).not.toHaveProperty('clients');
    expect(timeline.length).toBeLessThanOrEqual(4);
  });

  test('fails in the same way as before, read from its file, under the seed that stands in it', () => {
    const written = scenarioOf(writeShrunk(shrunk, 'a file'));
    const { failures } = runScenario(written).result;
    expect(failures).toHaveLength(1);
    expect(failures[0]!.message).toBe(
      'expected psync B -> A to end with partial/replid, was [full/forced, full/backlog-overwritten]',
    );
  });

  test('fails no more, or in other ways too, without any one of its entries', () => {
    for (let i = 0; i < timeline.length; i++) {
      const less = { ...shrunk.scenario, timeline: [...timeline.slice(0, i), ...timeline.slice(i + 1)] };
      const { failures } = runScenario(scenarioOf(stringify(less))).result;
      expect(failures.map(({ message }) => message)).not.toEqual([shrunk.failure.message]);
    }
  });

  test('says in front what fails and where it came from', () => {
    const [first, second, third] = writeShrunk(shrunk, 'noise.yaml with seed 5').split('\n');
    expect(first).toBe(`# expectation: ${shrunk.failure.message}`);
    expect(second).toBe('# Made smaller from noise.yaml with seed 5.');
    expect(third).toBe('name: noise around an overwritten backlog');
  });
});

test('what a nemesis drew is written out, and plays the same run', () => {
  const scenario = scenarioOf(`name: storm
duration: 40s
nodes: { A: {}, B: { replicaof: A } }
nemesis: {}
`);
  const plain = concrete(scenario, '12');
  expect(plain).not.toHaveProperty('nemesis');
  expect(listOf(plain, 'timeline').length).toBeGreaterThan(2);
  expect(runScenario(scenarioOf(stringify(plain))).result.trace_hash).toBe(
    runScenario(scenario, { seed: '12' }).result.trace_hash,
  );
});

test('a case is written out with its values', () => {
  const scenario = scenarioOf(`name: case
duration: 5s
nodes: { A: { config: { hz: "\${hz}" } } }
matrix: { hz: [20, 50] }
`);
  expect(without(concrete(scenario, '1'), 'seed', 'profile')).toEqual({
    name: 'case',
    duration: '5s',
    nodes: { A: { config: { hz: 20 } } },
  });
});

test('each smaller one is told as it is found, and none is said to be the smallest', () => {
  const found: string[] = [];
  const shrunk = shrink(scenarioOf(OVERWRITTEN), '5', {
    ...never,
    better: (smaller) => {
      expect(smaller.isMinimal).toBe(false);
      found.push(stringify(smaller.scenario));
    },
  })!;
  expect(found.length).toBeGreaterThan(3);
  expect(found.at(-1)).toBe(stringify(shrunk.scenario));
});

test('traffic becomes as little as still does it', () => {
  const scenario = scenarioOf(`name: traffic
duration: 30s
nodes: { A: {}, B: { replicaof: A } }
workload: [{ on: A, every: 10ms, run: INCR n }]
expect: [{ info: A, at: 20s, has: { master_repl_offset: "< 300" } }]
`);
  const [workload] = listOf(shrink(scenario, '1', never)!.scenario, 'workload') as [Record<string, string>];
  expect(['100ms', '200ms', '1s', '2s']).toContain(workload.every);
});

test('of several failures the one asked for stays', () => {
  const scenario = scenarioOf(`name: two
duration: 20s
nodes: { A: {}, B: { replicaof: A } }
timeline: [{ at: 5s, kill: B }, { at: 6s, on: A, run: SET k 1, reply: nothing }]
expect: [{ converged: [A, B] }]
`);
  const kinds = runScenario(scenario).result.failures.map(failureKind);
  expect(kinds).toEqual(['expectation on line 4', 'expectation on line 5']);
  const { failure, scenario: small } = shrink(scenario, '1', { ...never, kind: kinds[1]! })!;
  expect(failure.message).toContain('converge');
  expect(listOf(small, 'timeline')).toHaveLength(1);
  expect(shrink(scenario, '1', { ...never, kind: 'bound' })).toBeNull();
});

test('a run that does not fail cannot be made smaller', () => {
  expect(shrink(scenarioOf('name: x\nduration: 1s\nnodes: { A: {} }\n'), '1', never)).toBeNull();
});

test('where the time is up it is as small as it got, and says so', () => {
  let looks = 0;
  const shrunk = shrink(scenarioOf(OVERWRITTEN), '5', { isTimeUp: () => ++looks > 6 })!;
  expect(shrunk.isMinimal).toBe(false);
  expect(writeShrunk(shrunk, 'a file')).toContain('# The time was up before it was as small as it gets.\n');
  expect(runScenario(scenarioOf(writeShrunk(shrunk, 'a file'))).result.ok).toBe(false);
});

test('nothing in a message can end the comment that tells of it', () => {
  const scenario = scenarioOf(`name: ${JSON.stringify('x\u2028y: 1')}
duration: 5s
nodes: { A: {} }
timeline: [{ at: 1s, on: A, run: "SET k 1", reply: "a\\nb: 1" }]
`);
  const text = writeShrunk(shrink(scenario, '1', never)!, 'a\nb.yaml');
  expect(text.split('\n').filter((line) => line.startsWith('#'))).toHaveLength(2);
  expect(scenarioOf(text).nodes).toHaveLength(1);
});

describe('what a pick draws', () => {
  const PICKS = `name: one after the other dies
duration: 20s
nodes: { A: {}, B: {}, C: {} }
timeline:
  - { at: 1s, freeze: { pick: [A, B, C] }, idle: ok }
  - at: 2s
    repeat:
      times: 8
      do:
        - { after: 1s, kill: { pick: [A, B, C] }, idle: ok }
        - { after: 100ms, start: all, idle: ok }
`;

  test('the file made of a scenario draws the same, whatever is taken away before it', () => {
    const kills = (text: string, seed: string): string[] => {
      const { story } = runScenario(scenarioOf(text), { story: true, seed });
      return story.flatMap(({ kind, text: line }) =>
        kind === 'fault' && line.startsWith('kill') ? [line] : [],
      );
    };
    for (const seed of ['1', '2', '3']) {
      const plain = concrete(scenarioOf(PICKS), seed);
      const less = stringify({ ...plain, timeline: listOf(plain, 'timeline').slice(1) });
      expect(new Set(kills(PICKS, seed)).size).toBeGreaterThan(1);
      expect(kills(less, seed)).toEqual(kills(PICKS, seed));
    }
  });
});
