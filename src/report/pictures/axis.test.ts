import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAxis, NARROWEST, WIDEST_EMPTY } from './axis.ts';

const full = (): boolean => false;

describe('an axis of bytes', () => {
  test('is straight from end to end where everything on it can be seen', () => {
    const axis = createAxis([1, 501, 1001], full, 100, 700);
    expect([1, 251, 501, 1001].map(axis.x)).toEqual([100, 250, 400, 700]);
    expect(axis.stretches.some(({ folded }) => folded)).toBe(false);
  });

  test('shows the one byte that is missing beside 16384 that are there, and marks these as drawn short', () => {
    const axis = createAxis([51, 52, 16436], full, 100, 700);
    expect(axis.x(52) - axis.x(51)).toBe(NARROWEST);
    expect(axis.stretches.map(({ folded }) => folded)).toEqual([false, true]);
  });

  test('is the same at offset a million: it begins at the first byte that matters', () => {
    const near = createAxis([51, 52, 16436], full, 100, 700);
    const far = createAxis([1_048_627, 1_048_628, 1_065_012], full, 100, 700);
    expect(far.stretches.map(({ left, right }) => [left, right])).toEqual(
      near.stretches.map(({ left, right }) => [left, right]),
    );
  });

  test('folds a gap in which nothing lies, and gives its room to the others', () => {
    const axis = createAxis([1, 101, 1_000_001, 1_000_101], (from) => from === 101, 100, 700);
    const [first, gap, last] = axis.stretches.map(({ left, right }) => right - left);
    expect(gap).toBe(WIDEST_EMPTY);
    expect(first).toBe(last);
    expect(first! + gap! + last!).toBeCloseTo(600, 6);
    expect(axis.stretches[1]!.folded).toBe(true);
  });

  test('has a place for a single byte, and for none', () => {
    expect(createAxis([7], full, 100, 700).x(7)).toBe(100);
    expect(createAxis([], full, 100, 700).x(7)).toBe(100);
  });

  const bytes = fc.array(fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 2 ** 40 })), {
    minLength: 2,
    maxLength: 25,
  });

  test('keeps the order of bytes, within its bounds, and no two that matter at one place', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.boolean()), (some, empties) => {
        const cuts = [...new Set(some)].sort((a, b) => a - b);
        const axis = createAxis(some, (from) => empties[cuts.indexOf(from)] ?? false, 100, 700);
        const places = cuts.map(axis.x);
        expect(places[0]).toBe(100);
        expect(places.at(-1)).toBeLessThanOrEqual(700 + 1e-6);
        const least = Math.min(NARROWEST, 600 / Math.max(cuts.length - 1, 1)) - 1e-6;
        for (let i = 1; i < places.length; i++) {
          expect(places[i]! - places[i - 1]!).toBeGreaterThanOrEqual(least);
        }
      }),
    );
  });

  test('fills the whole width unless nothing but empty stretches is left to be widened', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        const axis = createAxis(some, full, 100, 700);
        if (axis.stretches.length > 0) expect(axis.stretches.at(-1)!.right).toBeCloseTo(700, 6);
      }),
    );
  });

  test('draws stretches that are neither folded nor at the least width to one scale', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        const scales = createAxis(some, full, 100, 700)
          .stretches.filter(({ left, right }) => right - left > NARROWEST + 1e-6)
          .map(({ left, right, from, until }) => (right - left) / (until - from));
        for (const scale of scales) expect(scale / scales[0]!).toBeCloseTo(1, 6);
      }),
    );
  });
});
