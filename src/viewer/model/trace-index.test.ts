import { describe, expect, test } from 'vitest';
import { ALL_GROUPS, maskOf } from './groups.ts';
import { handIndex, longIndex } from './model.test-helper.ts';
import { lastShown, step } from './trace-index.ts';

describe('what is looked up in a trace', () => {
  test('entries by the moment they began in, and messages by the moment they arrived in', () => {
    const index = handIndex();
    expect(index.entriesAt(2).map(({ kind }) => kind)).toEqual(['fault', 'link', 'command']);
    expect(index.arrivalsAt(2).map(({ kind, node, peer }) => [kind, node, peer])).toEqual([['stream', 0, 2]]);
    expect(index.arrivalsAt(3).map(({ kind }) => kind)).toEqual(['psync']);
    expect([index.entriesAt(1).length, index.arrivalsAt(0).length]).toEqual([1, 0]);
  });

  test('moments in which something of some groups began or arrived', () => {
    const index = longIndex(30);
    expect([...index.shown(maskOf('story'))]).toEqual([9, 10, 19, 20]);
    expect(index.shown(ALL_GROUPS).length).toBe(30);
    expect(index.shown(0).length).toBe(0);
  });

  test('the moment of a time is the one at the node, else the last before it', () => {
    const index = handIndex({ moments: { at: [0, 5, 5, 5, 7, 9], event: [0, 1, 2, 3, 4, 5] } });
    expect(index.momentAt(5, 1)).toBe(3);
    expect(index.momentAt(5, 2)).toBe(2);
    expect(index.momentAt(8, 0)).toBe(4);
    expect(index.momentAt(-4, 0)).toBe(0);
  });

  test('messages that pass a whole window are found', () => {
    const index = longIndex(1000);
    const { entries } = index.trace;
    const arrival = entries.arrival.map((one, i) => (i === 5 ? 900 : one));
    const passing = handIndex({ ...index.trace, entries: { ...entries, arrival } }).passing(400, 420);
    expect(passing.map(({ number }) => number)).toEqual([5]);
  });

  test('a step goes to the next shown moment, and nowhere past the ends', () => {
    const shown = Int32Array.of(9, 10, 19);
    expect([step(shown, 9, 1), step(shown, 15, 1), step(shown, 19, 1), step(shown, 30, 1)]).toEqual([
      10, 19, 19, 30,
    ]);
    expect([step(shown, 19, -1), step(shown, 15, -1), step(shown, 9, -1), step(shown, 3, -1)]).toEqual([
      10, 10, 9, 3,
    ]);
    expect([lastShown(shown, 8), lastShown(shown, 10), lastShown(shown, 99)]).toEqual([-1, 1, 2]);
  });
});
