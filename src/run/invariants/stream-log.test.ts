import { expect, test } from 'vitest';
import { Command, Text } from '../../../sim/redis/networking/bytes.ts';
import { StreamLog } from './stream-log.ts';

const set = (key: string): Command => new Command(['SET', key, 'v']);
const LENGTH = set('a').length;

/** A log that begins at 1 and has SET a, SET b, SET c. */
function log(): StreamLog {
  const made = new StreamLog(1, null);
  for (const [i, key] of ['a', 'b', 'c'].entries()) made.has(1 + i * LENGTH, set(key), -1);
  return made;
}

test('the same bytes are the same, cut however', () => {
  const text = ['a', 'b', 'c'].map((key) => set(key).text()).join('');
  for (let cut = 1; cut < text.length; cut++) {
    const made = log();
    expect(made.has(1, new Text(text.slice(0, cut)), -1)).toBeGreaterThanOrEqual(0);
    expect(made.has(1 + cut, new Text(text.slice(cut)), -1)).toBeGreaterThanOrEqual(0);
  }
});

test('one other byte, or the same bytes one place further, are not', () => {
  expect(log().has(1, set('x'), -1)).toBe(-1);
  expect(log().has(1 + LENGTH, set('x'), -1)).toBe(-1);
  expect(log().has(2, set('a'), -1)).toBe(-1);
});

test('what goes beyond the end is noted, and holds for the next', () => {
  const made = log();
  const more = new Text(set('c').text() + set('d').text());
  expect(made.has(1 + 2 * LENGTH, more, -1)).toBeGreaterThanOrEqual(0);
  expect(made.end).toBe(1 + 4 * LENGTH);
  expect(made.has(1 + 3 * LENGTH, set('d'), -1)).toBeGreaterThanOrEqual(0);
  expect(made.has(1 + 3 * LENGTH, set('e'), -1)).toBe(-1);
});

test('before its base it is what its parent is', () => {
  const child = new StreamLog(1 + 2 * LENGTH, log());
  child.has(1 + 2 * LENGTH, set('z'), -1);
  expect(child.same(1 + LENGTH, set('b'))).toBe(true);
  expect(child.same(1 + LENGTH, set('x'))).toBe(false);
  expect(child.same(1 + 2 * LENGTH, set('c'))).toBe(false);
});

test('forgets what is long ago, and contradicts nothing about it', () => {
  const made = new StreamLog(1, null);
  const count = 20_000;
  let place = -1;
  for (let i = 0; i < count; i++) place = made.has(1 + i * LENGTH, set('a'), place);
  expect(made.same(1, set('x'))).toBe(true);
  expect(made.same(1 + (count - 1) * LENGTH, set('x'))).toBe(false);
});
