import { describe, expect, test } from 'vitest';
import { LOST, UNDER_WAY } from '../../trace/trace.ts';
import { ALL_GROUPS, maskOf } from './groups.ts';
import { handIndex, longIndex } from './model.test-helper.ts';
import { layOut } from './space-time.ts';
import type { TraceIndex } from './trace-index.ts';

const drawn = (index: TraceIndex, moment: number, mask = ALL_GROUPS) =>
  layOut(index, index.shown(mask), mask, moment);

describe('the space-time diagram', () => {
  test('is a window that holds the moment, and stays small in a long run', () => {
    const index = longIndex(20_000);
    for (const moment of [0, 1, 13, 14, 777, 19_998, 19_999]) {
      const { rows, before, after } = drawn(index, moment);
      expect(rows.some((row) => row.moment === moment)).toBe(true);
      expect(rows.length).toBeLessThan(32);
      expect(before + rows.length + after).toBe(20_000);
    }
  });

  test('stands still while one steps through it', () => {
    const index = longIndex(1000);
    const firsts = Array.from({ length: 100 }, (_, i) => drawn(index, 500 + i).rows[0]!.moment);
    expect(new Set(firsts).size).toBeLessThan(10);
  });

  test('lets time run downwards: no later row lies higher, and a message ends below its beginning', () => {
    const { rows, messages } = drawn(handIndex(), 3);
    for (const [i, row] of rows.entries()) if (i > 0) expect(row.y).toBeGreaterThan(rows[i - 1]!.y);
    for (const { fromY, toY, entry } of messages) {
      if (entry.arrival > entry.moment) expect(toY).toBeGreaterThan(fromY);
    }
  });

  test('falls the steeper, the longer a message is under way', () => {
    const fall = (later: number): number => {
      const { messages } = drawn(
        handIndex({ moments: { at: [0, 10, 10 + later, 900, 1000, 2000], event: [0, 1, 2, 3, 4, 5] } }),
        2,
      );
      const stream = messages.find(({ entry }) => entry.kind === 'stream')!;
      return stream.toY - stream.fromY;
    };
    expect(fall(500)).toBeGreaterThan(fall(5));
  });

  test('folds idle time and says how long it was and what was folded', () => {
    const index = longIndex(40, 15);
    const { gaps } = drawn(index, 19, maskOf('story'));
    expect(gaps.map(({ text }) => text)).toEqual(['2.01 s, folded: 8 heartbeat']);
    expect(drawn(longIndex(40), 19, maskOf('story')).gaps).toEqual([]);
  });

  test('draws what is lost or under way as such, not as arriving', () => {
    const { entries } = handIndex().trace;
    const fates = [LOST, UNDER_WAY].map((arrival) => {
      const changed = entries.arrival.map((one, i) => (i === 2 ? arrival : one));
      return drawn(handIndex({ entries: { ...entries, arrival: changed } }), 1).messages.find(
        ({ entry }) => entry.number === 2,
      )!.fate;
    });
    expect(fates).toEqual(['lost', 'under-way']);
  });

  test('has a band for each role and history of a node, and a shade for each cut direction', () => {
    const { bands, shades } = drawn(handIndex(), 3);
    expect(bands.filter(({ node }) => node === 2).map(({ label, role }) => [label, role])).toEqual([
      ['replica of A', 'replica'],
      ['replica of A', 'replica'],
      ['master', 'master'],
    ]);
    expect(shades.map(({ from, to, both }) => [from, to, both])).toEqual([[0, 1, false]]);
  });

  test('has one shade for a cut in both directions', () => {
    const cut = { from: 0, to: 1, begin: 2_000_000, end: 2_500_000 };
    const cuts = [cut, { ...cut, from: 1, to: 0 }, { ...cut, from: 2, to: 1, end: null }];
    const { shades } = drawn(handIndex({ cuts }), 3);
    expect(shades.map(({ from, to, both }) => [from, to, both])).toEqual([
      [0, 1, true],
      [2, 1, false],
    ]);
  });

  test('shows the chosen moment even where it is folded', () => {
    const { rows } = drawn(longIndex(100), 44, maskOf('story'));
    expect(rows.find(({ moment }) => moment === 44)?.entry?.kind).toBe('ack');
  });
});
