import { expect, test } from 'vitest';
import { assert } from '../../sim/redis/assert.ts';
import type { Rules } from '../../sim/redis/replication/rules.ts';
import type { Redis } from '../../sim/redis/system.ts';
import { Simulation } from '../../sim/simulation.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { SimulatorError } from './errors.ts';
import type { RunOutcome } from './result.ts';
import { type RunOptions, runScenario, type WorldMaker } from './run.ts';

const SCENARIO = `name: x
duration: 5s
nodes: { A: {}, B: { replicaof: A } }
expect: [{ log: A, contains: "=== " }]
`;

/** Plays it with servers that are changed in one thing. */
function play(change: (profile: Redis['profile']) => Redis['profile'], options: RunOptions = {}): RunOutcome {
  const loaded = loadScenarioFile(SCENARIO, 'x.yaml');
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  const makeWorld: WorldMaker = (setup, observer) => {
    const nodes = setup.nodes.map((node) => ({ ...node, profile: change(node.profile) }));
    return new Simulation({ ...setup, nodes }, observer);
  };
  return runScenario(loaded.scenarios[0]!, options, makeWorld);
}

function broken(pingIsDue: Rules['pingIsDue'], options: RunOptions = {}): RunOutcome['result'] {
  const change = (profile: Redis['profile']): Redis['profile'] => ({
    ...profile,
    rules: { ...profile.rules, pingIsDue },
  });
  return play(change, options).result;
}

const asserts: Rules['pingIsDue'] = ({ server }) => {
  assert(server.replicationCronLoops < 3, 'pingIsDue: three seconds');
  return false;
};

test.each([false, true])(
  'an assertion ends a server with a broken rule, and fails the run (record: %s)',
  (record) => {
    const { failures, nodes } = broken(asserts, { record });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ kind: 'invariant', file: 'x.yaml', line: 1 });
    expect(failures[0]!.message).toMatch(
      /^no-crash does not hold on A at \d\S+s: ==> pingIsDue: three seconds$/,
    );
    expect(nodes.A!.state).toBe('down');
    expect(nodes.B!.state).toBe('up');
  },
);

test('so does what would be a read of nothing in C', () => {
  const { failures, nodes } = broken(({ server }) => server.clients[-1]!.rdbOnly);
  expect(failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^no-crash does not hold on A at .*: Redis 5\.0\.14 crashed by signal: 11$/),
  ]);
  expect(nodes.A!.state).toBe('down');
});

test('an error of another kind is nobody’s but ours', () => {
  const fails = (): boolean => {
    throw new RangeError('of our own');
  };
  expect(() => broken(fails)).toThrow(RangeError);
});

test('an assertion of a sound server is a contradiction', () => {
  const change = (profile: Redis['profile']): Redis['profile'] => ({
    ...profile,
    get freesClientsBeforeSleep(): boolean {
      assert(profile.name === 'redis-7.0', 'never so');
      return false;
    },
  });
  expect(() => play(change)).toThrow(SimulatorError);
});
