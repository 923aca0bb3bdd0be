import { describe, expect, test } from 'vitest';
import type { DecisionRecord } from '../../sim/observer.ts';
import { NO_REPLID, type RedisServer } from '../../sim/redis/server.ts';
import { FailureLog } from './failures.ts';
import { Histories } from './histories.ts';
import { InvariantWatch } from './invariant-watch.ts';
import type { RunScope } from './scope.ts';

const A = 0;
const B = 1;

function server(
  replid: string,
  masterReplOffset: number,
  second: [string, number] = [NO_REPLID, -1],
): RedisServer {
  return { replid, masterReplOffset, replid2: second[0], secondReplidOffset: second[1] } as RedisServer;
}

/** A wrote 100 bytes of history x; B has 60 of them and was promoted, and both wrote on. */
function fork(): { watch: InvariantWatch; failures: FailureLog } {
  const histories = new Histories(['A', 'B']);
  const a = server('x', 100);
  const b = server('y', 90, ['x', 61]);
  histories.note(A, a);
  histories.note(B, server('x', 60));
  histories.note(B, b);
  const failures = new FailureLog();
  const scope = {
    histories,
    failures,
    names: ['A', 'B'],
    scenario: { file: 'f', expect: [], timeline: [] },
    hand: { now: 5 },
    story: null,
    listeners: { decided: [], acted: [], waited: [] },
    world: () => ({ server: (node: number) => (node === A ? a : b) }),
  };
  return { watch: new InvariantWatch(scope as unknown as RunScope), failures };
}

function granted(offset: number): DecisionRecord {
  const decision = { outcome: 'partial', reason: 'replid2', replid: 'x', offset };
  return { at: 5, replica: A, master: B, decision, sync: null } as unknown as DecisionRecord;
}

describe('one-history', () => {
  test('holds where the replica goes on from what the master has too', () => {
    const { watch, failures } = fork();
    watch.decided(granted(61));
    expect(failures.list).toEqual([]);
  });

  test('is broken where the replica has a byte of the history that the master left before', () => {
    const { watch, failures } = fork();
    watch.decided(granted(62));
    expect(failures.list).toMatchObject([
      {
        kind: 'invariant',
        message: expect.stringContaining('the-fence does not hold on B at 5us: A is served A#1 from 62 on'),
      },
      {
        kind: 'invariant',
        message: expect.stringContaining('A goes on from A#1:61, and B holds it only up to 60'),
      },
    ]);
  });

  test('is told once for each node', () => {
    const { watch, failures } = fork();
    watch.decided(granted(62));
    watch.decided(granted(70));
    expect(failures.list).toHaveLength(2);
  });
});
