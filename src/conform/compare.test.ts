import { describe, expect, test } from 'vitest';
import { compareFacts } from './compare.ts';
import type { Fact } from './facts.ts';

function facts(values: Readonly<Record<string, string>>): Fact[] {
  return Object.entries(values).map(([key, value]) => ({ key, value, at_ms: 0 }));
}

function verdict(real: string | undefined, ...simulated: readonly (string | undefined)[]): string {
  const of = (value: string | undefined): Fact[] =>
    facts(value === undefined ? {} : { 'end A field': value });
  return compareFacts(of(real), simulated.map(of))[0]!.verdict;
}

describe('a fact', () => {
  test('is pinned where the simulation gives one value, and then must be equal', () => {
    expect(verdict('5', '5', '5')).toBe('pinned');
    expect(verdict('6', '5', '5')).toBe('differs');
  });

  test('that takes several values may be any of these', () => {
    expect(verdict('5', '5', '6')).toBe('allowed');
    expect(verdict('7', '5', '6')).toBe('differs');
    expect(verdict('down', 'up', 'down')).toBe('allowed');
  });

  test('that takes many numbers may lie between them, as it depends on the moment', () => {
    expect(verdict('7', '2', '4', '6', '8', '10')).toBe('allowed');
    expect(verdict('11', '2', '4', '6', '8', '10')).toBe('differs');
    expect(verdict('7', '2', '4', '6', '8')).toBe('differs');
  });

  test('that only one side has differs, unless some simulation lacks it too', () => {
    expect(verdict(undefined, '5', '5')).toBe('differs');
    expect(verdict('5', undefined, undefined)).toBe('differs');
    expect(verdict(undefined, '5', undefined)).toBe('allowed');
  });
});

test('what the real logs do not tell of a decision is not compared, its outcome is', () => {
  const simulated = facts({
    'decision B → A #1 outcome': 'full',
    'decision B → A #1 reason': 'lack-of-backlog',
    'decision B → A #1 offset': '7',
  });
  const real = facts({ 'decision B → A #1 outcome': 'full' });
  expect(compareFacts(real, [simulated]).map(({ key }) => key)).toEqual(['decision B → A #1 outcome']);
  expect(compareFacts([], [simulated]).map((one) => one.verdict)).toEqual(['differs', 'differs', 'differs']);
});

test('of a server that is up on one side only nothing but that is compared', () => {
  const up = facts({
    '3s A state': 'up',
    '3s A role': 'master',
    '3s A slave(B).state': 'online',
    '3s AB role': 'x',
  });
  const down = facts({ '3s A state': 'down', '3s AB role': 'x' });
  const keysOf = (all: ReturnType<typeof compareFacts>): string[] => all.map(({ key }) => key);
  expect(keysOf(compareFacts(down, [up, up]))).toEqual(['3s A state', '3s AB role']);
  expect(keysOf(compareFacts(up, [down, down]))).toEqual(['3s A state', '3s AB role']);
  expect(keysOf(compareFacts(up, [down, up]))).toHaveLength(4);
});

test('of a server that did not answer nothing is compared', () => {
  const simulated = facts({ '3s A state': 'up', '3s A role': 'master', '3s AB state': 'up' });
  const compared = compareFacts(facts({ '3s A state': 'busy', '3s AB state': 'up' }), [simulated]);
  expect(compared.map(({ key }) => key)).toEqual(['3s AB state']);
});
