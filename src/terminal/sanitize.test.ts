import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOSTILE } from '../reporters/result.test-helper.ts';
import { safeJson, sanitizeLine, sanitizeLines } from './sanitize.ts';

test('control characters are spelled out', () => {
  expect(sanitizeLine('a\u001b[31m\nb\tc\u009b\u202e')).toBe('a\\x1b[31m\\nb\\tc\\x9b\\u{202e}');
  expect(sanitizeLines('a\nb\r')).toBe('a\nb\\r');
});

test('texts that a terminal only shows stay as they are', () => {
  expect(sanitizeLine('ä日🚀 \\ "x"')).toBe('ä日🚀 \\ "x"');
});

test('safe JSON has no control character and means the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const json = safeJson({ value, text, hostile: HOSTILE });
      expect(json).toBe(sanitizeLine(json));
      expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify({ value, text, hostile: HOSTILE }));
    }),
  );
});
