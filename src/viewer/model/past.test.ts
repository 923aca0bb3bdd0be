import { describe, expect, test } from 'vitest';
import { entryTable } from '../../trace/trace.test-helper.ts';
import { handIndex } from './model.test-helper.ts';
import { pastOf } from './past.ts';

describe('what can have led to a moment', () => {
  const message = (moment: number, node: number, peer: number, arrival: number) => ({
    moment,
    kind: 'stream' as const,
    node,
    peer,
    arrival,
    text: '',
  });
  // 0: C to B in time, 1: B to A after it, 2: C to B too late for that, 3: a lost one, 4: A to C, an answer.
  const index = handIndex({
    ...entryTable([
      message(0, 2, 1, 1),
      message(1, 1, 0, 3),
      message(1, 2, 1, 2),
      message(2, 1, 0, -1),
      message(3, 0, 2, 5),
    ]),
  });

  test('is what arrived there, and what had arrived at the senders when they sent', () => {
    expect([...pastOf(index, 3, 0)].sort()).toEqual([0, 1]);
    expect([...pastOf(index, 5, 0)].sort()).toEqual([0, 1, 4]);
    expect([...pastOf(index, 2, 0)].sort()).toEqual([0, 2]);
  });

  test('ends at the moment given', () => {
    expect([...pastOf(index, 3, 2)]).toEqual([1]);
  });
});
