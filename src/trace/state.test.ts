import { describe, expect, test } from 'vitest';
import { lastChange, lastUpTo, nextChange, stateAt, valueAt } from './state.ts';
import { A1, B2, handTrace } from './trace.test-helper.ts';

describe('what a node was at a moment', () => {
  const trace = handTrace();

  test('is what its fields last became, none before the first', () => {
    expect(stateAt(trace, 2, 4)).toMatchObject({ replid: A1, second_replid_offset: -1, masterhost: 'A' });
    expect(stateAt(trace, 2, 5)).toMatchObject({ replid: B2, second_replid_offset: 2052, masterhost: null });
    expect(stateAt(trace, 2, -1)).toEqual({});
  });

  test('names the moment of the last change and of the next', () => {
    const replid = trace.states[2]!.find(({ field }) => field === 'replid')!;
    expect([valueAt(replid, 4), lastChange(replid, 4), nextChange(replid, 4)]).toEqual([A1, 1, 5]);
    expect([lastChange(replid, -1), nextChange(replid, 5)]).toEqual([-1, -1]);
  });

  test('is found between, before and after the values of a list', () => {
    expect([-1, 0, 1, 2, 5, 9].map((limit) => lastUpTo([0, 2, 5], limit))).toEqual([-1, 0, 0, 1, 2, 2]);
    expect(lastUpTo([], 3)).toBe(-1);
  });
});
