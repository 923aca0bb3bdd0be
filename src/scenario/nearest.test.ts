import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { editDistance, nearest, suggest } from './nearest.ts';

it('counts insertions, deletions, replacements and swaps of neighbours', () => {
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance('crsh', 'crash')).toBe(1);
  expect(editDistance('nmae', 'name')).toBe(1);
});

it('is the same both ways, nothing for equals, and at most the longer length', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

it('finds a name with a typo and none that is far', () => {
  expect(nearest('repl-backlog-sise', ['repl-timeout', 'repl-backlog-size'])).toBe('repl-backlog-size');
  expect(nearest('banana', ['kill', 'start'])).toBeNull();
  expect(nearest('C', ['A', 'B'])).toBeNull();
});

it('lists what there is where nothing is near', () => {
  expect(suggest('banana', ['kill', 'start'])).toBe('one of: kill, start');
});

it('costs no time for a name of a million letters', () => {
  expect(nearest('a'.repeat(1_000_000), ['b'.repeat(60)])).toBeNull();
});
