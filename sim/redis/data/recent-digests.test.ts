import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashText } from './digest.ts';
import { RecentDigests } from './recent-digests.ts';

test('what is remembered is what would be computed, for more texts than are kept', () => {
  const before = hashText('string');
  const text = fc.record({
    letter: fc.constantFrom('x', 'y', 'z'),
    length: fc.constantFrom(1, 255, 256, 257, 999, 5000),
  });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), (texts) => {
      const recent = new RecentDigests(before);
      for (const { letter, length } of texts) {
        const value = letter.repeat(length);
        expect(recent.of(value)).toEqual(hashText(value, before));
      }
    }),
  );
});

test('texts of one length that differ in a letter are told apart', () => {
  const recent = new RecentDigests(hashText('string'));
  const first = recent.of(`${'x'.repeat(300)}a`);
  expect(recent.of(`${'x'.repeat(300)}b`)).not.toEqual(first);
  expect(recent.of(`${'x'.repeat(300)}a`)).toBe(first);
});
