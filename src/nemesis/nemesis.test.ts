import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { scenarioOf } from '../run/run.test-helper.ts';
import { runScenario } from '../run/run.ts';
import type { PlainEntry } from '../scenario/scenario.ts';
import { concrete } from '../shrink/shrink.ts';
import { drawFaults } from './draw.ts';
import { withNemesis } from './with-nemesis.ts';

const HEAD = `name: storm
duration: 60s
nodes: { A: {}, B: { replicaof: A }, C: { replicaof: B } }
clients: { app: { to: A } }
workload: [{ as: app, every: 100ms, run: "SET k {n}" }]
`;

const storm = (nemesis: string) => scenarioOf(`${HEAD}nemesis: ${nemesis}\n`);
const SEEDS = Array.from({ length: 40 }, (_, i) => String(i + 1));

/** The action of an entry: its key and its value. */
function actionOf(entry: PlainEntry): [string, unknown] {
  const key = Object.keys(entry).find((one) => !['at', 'idle', 'set', 'on', 'to'].includes(one))!;
  return [key, entry[key]];
}

const millis = ({ at }: PlainEntry): number => Number(String(at).replace('ms', ''));

test('a seed draws the same faults again, and another seed others', () => {
  const scenario = storm('{}');
  expect(drawFaults(scenario, '7')).toEqual(drawFaults(scenario, '7'));
  expect(drawFaults(scenario, '7')).not.toEqual(drawFaults(scenario, '8'));
});

test('written into the file, what a seed draws plays the very same run', () => {
  const scenario = storm('{}');
  for (const seed of ['3', '7', '11']) {
    const entries = drawFaults(scenario, seed).map((entry) => `  - ${JSON.stringify(entry)}\n`);
    const written = scenarioOf(`${HEAD}timeline:\n${entries.join('')}`);
    expect(entries.length).toBeGreaterThan(3);
    expect(runScenario(written, { seed }).result.trace_hash).toBe(
      runScenario(scenario, { seed }).result.trace_hash,
    );
  }
});

describe('the cluster', () => {
  const CLUSTER = `name: cluster
duration: 20s
nodes: { A: { config: { hz: 20 } }, B: {}, C: { replicaof: A }, D: { replicaof: B } }
clients: { app: { to: A } }
workload: [{ as: app, every: 100ms, run: "SET k {n}" }]
`;
  const cluster = (nemesis: string) => scenarioOf(`${CLUSTER}nemesis: ${nemesis}\n`);
  const mastersOf = (nemesis: string, seed: string) =>
    withNemesis(cluster(nemesis), seed).nodes.map(({ replicaof }) => replicaof);

  test('is the one that is written unless a topology is asked for', () => {
    expect(mastersOf('{}', '1')).toEqual([null, null, 'A', 'B']);
  });

  test('is a star, a chain or a tree below the first node', () => {
    expect(mastersOf('{ topology: star }', '1')).toEqual([null, 'A', 'A', 'A']);
    expect(mastersOf('{ topology: chain }', '1')).toEqual([null, 'A', 'B', 'C']);
    for (const seed of SEEDS) {
      const [root, ...masters] = mastersOf('{ topology: tree }', seed);
      expect(root).toBeNull();
      masters.forEach((master, i) => {
        expect(['A', 'B', 'C', 'D'].slice(0, i + 1)).toContain(master);
      });
    }
  });

  test('is of any of these shapes', () => {
    const shapes = new Set(SEEDS.map((seed) => mastersOf('{ topology: any }', seed).join()));
    expect(shapes).toContain(',A,A,A');
    expect(shapes).toContain(',A,B,C');
    expect(shapes.size).toBeGreaterThan(2);
  });

  test('has directives of which each node draws a value, some of them in each seed of a swarm', () => {
    const drawn = (swarm: string) =>
      SEEDS.map((seed) =>
        withNemesis(
          cluster(`{ config: { hz: [50, 100], repl-timeout: [5] }, swarm: "${swarm}" }`),
          seed,
        ).nodes.map(({ config }) => [config.get('hz')?.[0] ?? null, config.get('repl-timeout')?.[0] ?? null]),
      );
    for (const nodes of drawn('no')) {
      for (const [hz, timeout] of nodes) {
        expect(['50', '100']).toContain(hz);
        expect(timeout).toBe('5');
      }
    }
    expect(new Set(drawn('no').map((nodes) => nodes.map(([hz]) => hz).join())).size).toBeGreaterThan(5);
    const swarm = drawn('yes').map(([first]) => first!);
    expect(swarm).toContainEqual(['20', '5']);
    expect(swarm).toContainEqual(['20', null]);
    expect(swarm.some(([hz, timeout]) => hz !== '20' && timeout === null)).toBe(true);
  });

  test('written into the file plays the very same run', () => {
    const scenario = cluster('{ topology: any, config: { repl-backlog-size: [16kb, 1mb], hz: [10, 50] } }');
    for (const seed of ['3', '7', '11']) {
      const written = scenarioOf(stringify(concrete(scenario, seed)));
      expect(written.nemesis).toBeNull();
      expect(runScenario(written, { seed }).result.trace_hash).toBe(
        runScenario(scenario, { seed }).result.trace_hash,
      );
    }
  });
});

describe('what is drawn', () => {
  const all = SEEDS.flatMap((seed) => drawFaults(storm('{ swarm: "no" }'), seed));

  test('has every kind of fault', () => {
    const kinds = new Set(all.map((entry) => actionOf(entry)[0]));
    for (const kind of [
      'partition',
      'reset',
      'link',
      'kill',
      'poweroff',
      'freeze',
      'bgsave',
      'run',
      'point',
    ]) {
      expect(kinds).toContain(kind);
    }
  });

  test('begins within its time and is lifted by its end, but for the last orders', () => {
    const faults = ['partition', 'reset', 'kill', 'poweroff', 'freeze'];
    for (const entry of all) {
      const [kind] = actionOf(entry);
      expect(millis(entry)).toBeGreaterThanOrEqual(5000);
      if (faults.includes(kind)) expect(millis(entry)).toBeLessThan(48_000);
      expect(millis(entry)).toBeLessThanOrEqual(48_000 + 3000);
    }
  });

  test('never tells a node to follow itself', () => {
    for (const entry of all) expect(entry.run).not.toBe(`REPLICAOF ${entry.on}`);
  });
});

test('a swarm leaves kinds out in each seed, and in each other ones', () => {
  const kindsOf = (seed: string): string =>
    [...new Set(drawFaults(storm('{}'), seed).map((entry) => actionOf(entry)[0]))].sort().join();
  expect(new Set(SEEDS.map(kindsOf)).size).toBeGreaterThan(10);
});

test('only the nodes and faults that are named, as often as is said', () => {
  const entries = drawFaults(
    storm('{ faults: [kill], nodes: [B], every: 5s, for: 1s, from: 10s, until: 40s }'),
    '7',
  );
  expect(entries.filter((entry) => 'kill' in entry)).toEqual(
    [15, 20, 25, 30, 35].map((second) => ({ at: `${second}000ms`, kill: 'B', idle: 'ok' })),
  );
  expect(entries.filter((entry) => entry.start === 'B').map(millis)).toEqual(
    [16, 21, 26, 31, 36].map((s) => s * 1000),
  );
});

test('once everything is lifted the cluster recovers', () => {
  const scenario = scenarioOf(`${HEAD.replace('every: 100ms,', 'every: 100ms, until: 50s,')}nemesis: {}
expect: [{ converged: [A, B, C] }]
`);
  const failed = SEEDS.filter((seed) => !runScenario(scenario, { seed }).result.ok);
  expect(failed).toEqual([]);
});
