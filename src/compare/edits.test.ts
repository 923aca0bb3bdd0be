import fc from 'fast-check';
import { expect, test } from 'vitest';
import { align } from './edits.ts';

const same = (a: string, b: string): boolean => a === b;
const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });

test('both lists can be read off what was laid side by side, in their order', () => {
  fc.assert(
    fc.property(words, words, (left, right) => {
      const aligned = align(left, right, same);
      expect(aligned.flatMap((row) => (row.left === null ? [] : [row.left]))).toEqual(left);
      expect(aligned.flatMap((row) => (row.right === null ? [] : [row.right]))).toEqual(right);
      for (const { left: a, right: b } of aligned) if (a !== null && b !== null) expect(a).toBe(b);
    }),
  );
});

test('as much as can be stands in both: the longest common subsequence', () => {
  fc.assert(
    fc.property(words, words, (left, right) => {
      const both = align(left, right, same).filter((row) => row.left !== null && row.right !== null);
      expect(both).toHaveLength(longestCommon(left, right));
    }),
  );
});

test('lists with nothing in common come one after the other', () => {
  const left = Array.from({ length: 1500 }, (_, i) => `l${i}`);
  const right = Array.from({ length: 1500 }, (_, i) => `r${i}`);
  const aligned = align(left, right, same);
  expect(aligned[0]).toEqual({ left: 'l0', right: null });
  expect(aligned.at(-1)).toEqual({ left: null, right: 'r1499' });
  expect(aligned).toHaveLength(3000);
});

/** By the textbook's table. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = b.map(() => 0);
  for (const one of a) {
    const next: number[] = [];
    for (const [j, other] of b.entries()) {
      next.push(one === other ? (row[j - 1] ?? 0) + 1 : Math.max(row[j]!, next[j - 1] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
