import { describe, expect, test } from 'vitest';
import { Simulation } from '../../../sim/simulation.ts';
import type { RunResult } from '../result.ts';
import { scenarioOf } from '../run.test-helper.ts';
import { runScenario, type WorldMaker } from '../run.ts';

/** A master and two replicas; after `timeline` B is promoted unless A is to survive. */
function play(
  timeline: string,
  nodes = '',
  makeWorld?: WorldMaker,
  mutants: readonly string[] = [],
): RunResult {
  const scenario = scenarioOf(`name: x
duration: 30s
nodes:
  A: { config: { repl-timeout: 4, repl-ping-replica-period: 1${nodes} } }
  B: { replicaof: A, config: { repl-timeout: 4 } }
  C: { replicaof: A, config: { repl-timeout: 4 } }
timeline:
${timeline}`);
  return runScenario({ ...scenario, mutants }, {}, makeWorld).result;
}

const CUT_B = '  - { at: 5s, partition: A <-> B }\n';
const PROMOTE_B = '  - { at: 8s, kill: A }\n  - { at: 9s, on: B, run: REPLICAOF NO ONE }\n';
const broken = ({ failures }: RunResult): string[] => failures.map(({ message }) => message);

test('a node that loses its link in the very event in which it has loaded has lost what it had before', () => {
  const scenario = scenarioOf(`name: x
seed: 200
duration: 21s
nodes:
  A: { dataset: 2mb }
  B: { config: { repl-timeout: 5 }, machine: { save: 300kb/s, load: 300kb/s }, replicaof: A }
  C: { machine: { save: 300kb/s, load: 300kb/s } }
clients:
  app: { to: C, timeout: 1s, retry: 200ms }
workload:
  - { as: app, every: 20s, run: INCR n }
timeline:
  - { at: 4s, on: C, run: REPLICAOF B }
  - { at: 20713ms, on: C, run: REPLICAOF NO ONE }
expect:
  - { log: B, contains: "Disconnecting timedout replica: 10.0.0.3:6379" }
`);
  const { failures, lost_writes } = runScenario(scenario, { seed: '200' }).result;
  expect(failures).toEqual([]);
  expect(lost_writes.explained).toEqual([{ clause: 'resynchronized', count: 1 }]);
});

describe('a loss is explained by the clause that allows it', () => {
  test('asynchronous: nobody waited', () => {
    const { lost_writes, failures } = play(
      `${CUT_B}  - { at: 5.5s, on: A, run: SET a 1 }\n  - { at: 7s, on: A, run: SET b 1 }\n${PROMOTE_B}`,
    );
    expect(lost_writes).toEqual({
      count: 2,
      seconds: expect.closeTo(1.5, 3),
      explained: [{ clause: 'asynchronous', count: 2 }],
    });
    expect(failures).toEqual([]);
  });

  test('asynchronous-within-max-lag: the replicas were good when it was acknowledged', () => {
    const { lost_writes } = play(
      `${CUT_B}  - { at: 5.5s, on: A, run: SET a 1, reply: +OK }\n${PROMOTE_B}`,
      ', min-replicas-to-write: 2',
    );
    expect(lost_writes.explained).toEqual([{ clause: 'asynchronous-within-max-lag', count: 1 }]);
  });

  test('wait-not-reached: the client was told of fewer', () => {
    const { lost_writes } = play(
      `${CUT_B}  - { at: 5.5s, on: A, run: [SET a 1, WAIT 2 500], reply: [+OK, ":1"] }\n${PROMOTE_B}`,
    );
    expect(lost_writes.explained).toEqual([{ clause: 'wait-not-reached', count: 1 }]);
  });

  test('wait-counted-others: enough had it, and another one survived', () => {
    const { lost_writes } = play(
      `${CUT_B}  - { at: 5.5s, on: A, run: [SET a 1, WAIT 1 500], reply: [+OK, ":1"] }\n${PROMOTE_B}  - { at: 10s, on: C, run: REPLICAOF B }\n`,
    );
    expect(lost_writes.explained).toEqual([{ clause: 'wait-counted-others', count: 1 }]);
  });

  test('died-without-saving: the survivor had it until its process ended', () => {
    const { lost_writes } = play(
      '  - { at: 5s, on: A, run: [SET a 1, WAIT 2 500], reply: [+OK, ":2"] }\n  - { at: 6s, kill: A }\n  - { at: 7s, start: A }\n',
    );
    expect(lost_writes.explained).toEqual([{ clause: 'died-without-saving', count: 1 }]);
  });

  test('resynchronized: the survivor followed one that had not', () => {
    const { lost_writes } = play(
      `${CUT_B}  - { at: 5.5s, on: A, run: SET a 1 }
  - { at: 8s, on: B, run: REPLICAOF NO ONE }
  - { at: 9s, heal: A <-> B }
  - { at: 10s, on: A, run: REPLICAOF B }
  - { at: 20s, on: A, run: REPLICAOF NO ONE }
  - { at: 21s, on: B, run: REPLICAOF A }
`,
    );
    expect(lost_writes.explained).toEqual([{ clause: 'resynchronized', count: 1 }]);
  });
});

test('a WAIT says nothing of what its node had lost before', () => {
  const { lost_writes, failures } = play(
    `${CUT_B}  - { at: 5s, partition: A <-> C }
  - { at: 5.5s, on: A, run: SET a 1 }
  - { at: 8s, on: B, run: REPLICAOF NO ONE }
  - { at: 8s, on: C, run: REPLICAOF B }
  - { at: 9s, heal: all }
  - { at: 10s, on: A, run: REPLICAOF B }
  - { at: 19s, on: A, run: REPLICAOF NO ONE }
  - { at: 19s, on: [B, C], run: REPLICAOF A }
  - { at: 24s, on: A, run: [SET b 1, WAIT 2 500], reply: [+OK, ":2"] }
  - { at: 26s, kill: A }
  - { at: 27s, on: B, run: REPLICAOF NO ONE }
`,
  );
  expect(failures).toEqual([]);
  expect(lost_writes.explained).toEqual([{ clause: 'asynchronous', count: 1 }]);
});

test('whoever had a write and lost it to a wrong continuation is told of', () => {
  const timeline = `${CUT_B}  - { at: 5.5s, on: A, run: SET a 1 }
  - { at: 8s, on: B, run: REPLICAOF NO ONE }
  - { at: 9s, heal: A <-> B }
  - { at: 10s, on: B, repeat: { times: 50, run: "SET key:{n} {bytes:100}" } }
  - { at: 11s, on: A, run: REPLICAOF B }
  - { at: 20s, on: A, run: REPLICAOF NO ONE }
  - { at: 21s, on: B, run: REPLICAOF A }
`;
  expect(broken(play(timeline))).toEqual([]);
  expect(broken(play(timeline, '', undefined, ['ignore-second-offset']))).toContainEqual(
    expect.stringMatching(
      /^acknowledged-writes does not hold on A .*A had A#2:\d+, acknowledged at 5\.5s, and has it no longer/,
    ),
  );
});

test('a WAIT that counts a replica without the write is told of', () => {
  const timeline = `${CUT_B}  - { at: 5.5s, partition: A <-> C }
  - { at: 5.6s, on: A, run: [SET a 1, WAIT 1 500] }
`;
  expect(broken(play(timeline))).toEqual([]);
  class Boasting extends Simulation {
    override step(until: number): boolean {
      const stepped = super.step(until);
      const server = this.server(0);
      for (const id of server?.slaves ?? []) server!.clients[id]!.replAckOff = Number.MAX_SAFE_INTEGER;
      return stepped;
    }
  }
  expect(broken(play(timeline, '', (setup, observer) => new Boasting(setup, observer)))).toEqual([
    expect.stringMatching(
      /^acknowledged-writes does not hold on A .*a WAIT counted 2 for A#2:\d+, and 0 had it$/,
    ),
  ]);
});
