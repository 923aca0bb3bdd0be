import { expect, test } from 'vitest';
import { Tally } from './tally.ts';

test('the write gap is the longest time between two acknowledged writes', () => {
  const tally = new Tally('w');
  for (const time of [10, 20, 70, 80]) {
    tally.attempt(time);
    tally.wrote(time);
  }
  expect(tally.writeGap()).toBe(50);
});

test('attempts before the first and after the last acknowledged write belong to the gap', () => {
  const late = new Tally('w');
  late.attempt(0);
  late.wrote(40);
  expect(late.writeGap()).toBe(40);
  late.attempt(100);
  expect(late.writeGap()).toBe(60);
});

test('one that only reads has no write gap, one whose writes were refused has', () => {
  const tally = new Tally('w');
  tally.attempt(0);
  tally.attempt(90);
  expect(tally.writeGap()).toBe(0);
  tally.refusedWrite();
  expect(tally.writeGap()).toBe(90);
});
