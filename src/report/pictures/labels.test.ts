import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Label, lanesOf, placeLabels } from './labels.ts';

const label = (text: string, x: number, anchor: Label['anchor'] = 'middle'): Label => ({
  text,
  kind: 'number',
  x,
  anchor,
});

test('labels that have room share the lane next to the bar, others go further out', () => {
  const placed = placeLabels(
    [label('1', 100, 'start'), label('16384', 700, 'end'), label('fence', 690)],
    100,
    700,
  );
  expect(placed.map(({ lane }) => lane)).toEqual([0, 0, 1]);
  expect(lanesOf(placed)).toBe(2);
});

test('a label stays between the ends of the axis', () => {
  const [first, last] = placeLabels([label('a long label', 100), label('a long label', 700)], 100, 700);
  expect(first!.left).toBe(100);
  expect(last!.left + last!.width).toBe(700);
});

test('a label steps aside of a line, to the nearer side that has room', () => {
  const [one] = placeLabels([label('fence 9981', 398)], 100, 700, 400);
  expect(one!.left + one!.width).toBeLessThan(400);
  const [other] = placeLabels([label('fence 9981', 402)], 100, 700, 400);
  expect(other!.left).toBeGreaterThan(400);
  const [cornered] = placeLabels([label('fence 9981', 100)], 100, 700, 105);
  expect(cornered!.left).toBeGreaterThan(105);
});

test('no label lies on another, however many there are up to the last lane', () => {
  const labels = fc.array(
    fc.record({
      text: fc.string({ minLength: 1, maxLength: 20 }),
      x: fc.integer({ min: 100, max: 700 }),
      anchor: fc.constantFrom('start' as const, 'middle' as const, 'end' as const),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(labels, fc.option(fc.integer({ min: 100, max: 700 })), (some, line) => {
      const placed = placeLabels(
        some.map((one) => ({ ...one, kind: 'note' as const })),
        100,
        700,
        line,
      );
      for (const [i, a] of placed.entries()) {
        for (const b of placed.slice(i + 1)) {
          const apart = a.lane !== b.lane || a.left + a.width < b.left || b.left + b.width < a.left;
          expect(apart).toBe(true);
        }
        if (line !== null) expect(a.left > line || a.left + a.width < line).toBe(true);
      }
    }),
  );
});
