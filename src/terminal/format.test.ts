import { expect, test } from 'vitest';
import { resultOf } from '../reporters/result.test-helper.ts';
import { formatBytes, formatClock, formatRunId, formatSeconds, plural } from './format.ts';

test('the clock shows seconds with three decimals, also before the start', () => {
  expect(formatClock(12_003_420)).toBe('12.003');
  expect(formatClock(0)).toBe('0.000');
  expect(formatClock(-1_500)).toBe('-0.001');
  expect(formatClock(-300_000)).toBe('-0.300');
  expect(formatClock(-100)).toBe('0.000');
  expect(formatSeconds(41)).toBe('0.041 s');
});

test('sizes are exact where they are small and in units of 1024 where they are not', () => {
  expect(formatBytes(1)).toBe('1 byte');
  expect(formatBytes(8123)).toBe('8123 bytes');
  expect(formatBytes(4 * 1024 * 1024)).toBe('4.0 mb');
  expect(formatBytes(3 * 2 ** 50)).toBe('3072.0 tb');
});

test('a run is named by file, case and seed', () => {
  expect(formatRunId(resultOf())).toBe('failover.yaml seed 7');
  expect(formatRunId(resultOf({ case: { diskless: true, backlog: '1mb' } }))).toBe(
    'failover.yaml [diskless=true, backlog=1mb] seed 7',
  );
});

test('one is singular', () => {
  expect([plural(0, 'fork'), plural(1, 'fork'), plural(2, 'fork')]).toEqual(['0 forks', '1 fork', '2 forks']);
});
