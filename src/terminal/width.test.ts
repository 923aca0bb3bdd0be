import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayWidth, toColumns, truncate, wrap } from './width.ts';

test('Chinese characters and emoji take two columns, combining marks none', () => {
  expect(displayWidth('abc')).toBe(3);
  expect(displayWidth('日本')).toBe(4);
  expect(displayWidth('🚀')).toBe(2);
  expect(displayWidth('e\u0301')).toBe(1);
  expect(displayWidth('…│◆')).toBe(3);
});

test('a text too long ends in an ellipsis and never exceeds its columns', () => {
  expect(truncate('replication', 6)).toBe('repli…');
  expect(truncate('日本語', 4)).toBe('日…');
  expect(truncate('日本語', 6)).toBe('日本語');
  expect(truncate('abc', 0)).toBe('');
});

const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });

test('toColumns gives exactly the columns asked for', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 20 }), (text, columns) => {
      expect(displayWidth(toColumns(text, columns))).toBe(columns);
    }),
  );
});

test('wrapping loses no character, and a line is too wide only if one character is', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 2, max: 20 }), (text, columns) => {
      const lines = wrap(text, columns);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }),
  );
});
