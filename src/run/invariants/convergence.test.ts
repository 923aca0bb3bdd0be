import { describe, expect, test } from 'vitest';
import { Simulation } from '../../../sim/simulation.ts';
import type { RunResult } from '../result.ts';
import { scenarioOf } from '../run.test-helper.ts';
import { runScenario, type WorldMaker } from '../run.ts';

function play(
  timeline: string,
  { duration = '60s', config = '', profile = 'redis-5.0', makeWorld }: Options = {},
): RunResult {
  const text = `name: x
profile: ${profile}
duration: ${duration}
nodes:
  A: { config: { repl-timeout: 4, repl-ping-replica-period: 1${config} } }
  B: { replicaof: A, config: { repl-timeout: 4 } }
  C: { replicaof: B, config: { repl-timeout: 4 } }
timeline:
  - { at: 2s, on: A, run: SET k v }
${timeline}`;
  return runScenario(scenarioOf(text), {}, makeWorld).result;
}

interface Options {
  readonly duration?: string;
  readonly config?: string;
  readonly profile?: string;
  readonly makeWorld?: WorldMaker;
}

const broken = ({ failures }: RunResult): string[] => failures.map(({ message }) => message);
const FLAP = '  - { at: 5s, partition: A <-> B }\n  - { at: 15s, heal: A <-> B }\n';

test('after a partition everybody is one again', () => {
  const result = play(FLAP);
  expect(result.convergence).toEqual({ verdict: 'reached', reason: null });
  expect(broken(result)).toEqual([]);
});

test('too little time after the last disturbance says nothing', () => {
  const { convergence, failures } = play('  - { at: 55s, kill: B }\n  - { at: 59.99s, start: B }\n');
  expect(convergence).toEqual({
    verdict: 'not-judged',
    reason: expect.stringMatching(
      /^[BC] has no link to [AB], .* after the last that was done to it, and it may take /,
    ),
  });
  expect(failures).toEqual([]);
});

describe('what is in the way is said, and breaks nothing', () => {
  test.each([
    ['a node that is down', '  - { at: 5s, kill: B }\n', 'B is down'],
    ['a frozen one', '  - { at: 5s, freeze: A }\n', 'A is frozen'],
    ['a link that stays cut', '  - { at: 5s, partition: A -> B }\n', 'A -> B is cut'],
    [
      'a node that follows itself',
      '  - { at: 5s, on: B, run: REPLICAOF B }\n',
      'B follows a ring of replicas',
    ],
    [
      'an address of nobody',
      '  - { at: 5s, on: B, run: REPLICAOF nowhere }\n',
      "B follows an address that is no node's",
    ],
    [
      'PINGs that come too seldom',
      '  - { at: 5s, on: A, run: CONFIG SET repl-ping-replica-period 60 }\n  - { at: 62.99s, reset: A <-> B }\n',
      'B gives its master up after 4s, and PINGs come every 60s',
    ],
    [
      'saves that fail',
      '  - { at: 5s, bgsave: A, set: fail }\n  - { at: 6s, kill: B }\n  - { at: 6.5s, wipe: B }\n  - { at: 7s, start: B }\n',
      'saves fail on A',
    ],
  ])('%s', (_, timeline, reason) => {
    const result = play(timeline, { duration: '63s' });
    expect(result.convergence).toEqual({ verdict: 'cannot', reason });
    expect(broken(result)).toEqual([]);
  });
});

test('nobody waits for a 5.0 replica that needs an RDB of 7.0', () => {
  const text = `name: x
duration: 60s
nodes: { A: { profile: redis-7.0 }, B: { replicaof: A, config: { repl-timeout: 4 } } }
`;
  const { convergence } = runScenario(scenarioOf(text)).result;
  expect(convergence).toEqual({
    verdict: 'cannot',
    reason: 'B cannot read RDB version 10, which A writes',
  });
});

describe('a FAILOVER that waits', () => {
  const wan = 'links: { default: { latency: 100ms } }\n';
  const told = (command: string): string =>
    `  - { at: 5s, on: A, run: [SET k w, "${command}"], reply: [+OK, +OK] }\n`;

  test('comes to its end, and that is no pause of clients', () => {
    const { convergence } = play(told('FAILOVER TIMEOUT 600000') + wan, { profile: 'redis-7.0' });
    expect(convergence).toEqual({ verdict: 'reached', reason: null });
  });

  test('without TIMEOUT may run after its own PINGs', () => {
    const { convergence } = play(told('FAILOVER') + wan, { profile: 'redis-7.0' });
    expect(convergence).toEqual({
      verdict: 'cannot',
      reason: 'A may run after its own PINGs in a FAILOVER without TIMEOUT',
    });
  });

  test.each(['FAILOVER TIMEOUT 600000', 'FAILOVER TO B TIMEOUT 600000'])('lets nobody in: %s', (command) => {
    const timeline = `  - { at: 4s, freeze: B }\n${told(command)}  - { at: 15s, thaw: B }\n`;
    const { convergence } = play(timeline, { profile: 'redis-7.0' });
    expect(convergence).toEqual({
      verdict: 'cannot',
      reason: 'A waits in a FAILOVER for a replica that it does not let in',
    });
  });
});

test('nobody waits for a replica that does not know the password', () => {
  const { convergence } = play('', { config: ', requirepass: secret' });
  expect(convergence).toEqual({ verdict: 'cannot', reason: "B does not know A's password" });
});

test('whoever stays away though nothing is in the way is told of', () => {
  const makeWorld: WorldMaker = (setup, observer) => {
    const nodes = setup.nodes.map((node) => {
      const { profile } = node;
      // A master that refuses what it could grant, and drops the replica it refused.
      const rules = {
        ...profile.rules,
        replicationSetupSlaveForFullResync: () => {},
        decidePsync: (...[state, request]: Parameters<typeof profile.rules.decidePsync>) =>
          profile.rules.decidePsync({ ...state, replBacklogActive: false }, request),
      };
      return node.name === 'A' ? { ...node, profile: { ...profile, rules } } : node;
    });
    return new Simulation({ ...setup, nodes }, observer);
  };
  const result = play('', { makeWorld });
  expect(result.convergence.verdict).toBe('missed');
  expect(broken(result)).toContainEqual(
    expect.stringMatching(
      /^convergence does not hold on B at 60s: B has no link to A, 58s after the last that was done to it; \d+(\.\d+)?s are enough$/,
    ),
  );
});
