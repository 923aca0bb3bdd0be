import { describe, expect, test } from 'vitest';
import { filterEntries, firstFrom } from './filter.ts';
import { ALL_GROUPS, maskOf } from './groups.ts';
import { handIndex, longIndex } from './model.test-helper.ts';

describe('the filter of events', () => {
  const index = handIndex();
  const kinds = (text: string, mask = ALL_GROUPS): string[] =>
    [...filterEntries(index, text, mask)].map((number) => index.entry(number).kind);

  test('finds texts, kinds and directions, whatever their case', () => {
    expect(kinds('psync a1')).toEqual(['psync']);
    expect(kinds('LINK')).toEqual(['link', 'link']);
    expect(kinds('a → c')).toEqual(['stream']);
    expect(kinds('no such thing')).toEqual([]);
    expect(kinds('').length).toBe(13);
  });

  test('finds what was lost', () => {
    const { entries } = index.trace;
    const lost = handIndex({
      entries: { ...entries, arrival: entries.arrival.map((one, i) => (i === 2 ? -1 : one)) },
    });
    expect([...filterEntries(lost, 'lost', ALL_GROUPS)]).toEqual([2]);
  });

  test('keeps to the kinds that are chosen', () => {
    expect(kinds('', maskOf('log', 'stream'))).toEqual(['stream', 'line']);
  });

  test('leads to the first entry of a moment, or the next after it', () => {
    const long = longIndex(100);
    const found = filterEntries(long, 'psync', ALL_GROUPS);
    expect([9, 10, 19, 99].map((moment) => firstFrom(long, found, moment))).toEqual([0, 1, 1, 8]);
  });
});
