import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceHash } from './trace-hash.ts';

function hashOf(...parts: readonly (number | string)[]): string {
  const hash = new TraceHash();
  for (const part of parts) {
    if (typeof part === 'number') hash.mix(part);
    else hash.mixText(part);
  }
  return hash.digest();
}

const part = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'binary' }),
);

/** Bits in which two digests differ. */
function distance(left: string, right: string): number {
  let bits = 0;
  for (let i = 0; i < 64; i++) {
    const difference = Number.parseInt(left[i]!, 16) ^ Number.parseInt(right[i]!, 16);
    bits += difference.toString(2).replaceAll('0', '').length;
  }
  return bits;
}

describe('TraceHash', () => {
  it('gives 64 lower-case hex digits', () => {
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(hashOf(...parts)).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });

  it('gives the same for the same, and another for any other sequence', () => {
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        expect(hashOf(...left) === hashOf(...right)).toBe(same);
      }),
    );
  });

  it('depends on the order', () => {
    expect(hashOf(1, 2)).not.toBe(hashOf(2, 1));
    expect(hashOf(1, 9, 9, 9, 2)).not.toBe(hashOf(2, 9, 9, 9, 1));
  });

  it('depends on how often: zeros count', () => {
    const seen = new Set(Array.from({ length: 50 }, (_, n) => hashOf(...new Array<number>(n).fill(0))));
    expect(seen.size).toBe(50);
  });

  it('tells numbers apart that agree in their low 32 bits', () => {
    expect(hashOf(5)).not.toBe(hashOf(5 + 2 ** 32));
    expect(hashOf(-1)).not.toBe(hashOf(2 ** 32 - 1));
    expect(hashOf(0.5)).not.toBe(hashOf(0));
  });

  it('tells texts apart that are joined to the same', () => {
    expect(hashOf('ab', 'c')).not.toBe(hashOf('a', 'bc'));
    expect(hashOf('a', '')).not.toBe(hashOf('a'));
    expect(hashOf('a\0')).not.toBe(hashOf('a'));
  });

  it('may be asked in between without a difference', () => {
    const hash = new TraceHash();
    hash.mix(1);
    hash.digest();
    hash.mix(2);
    expect(hash.digest()).toBe(hash.digest());
    expect(hash.digest()).toBe(hashOf(1, 2));
  });

  it('changes about half of its bits for one changed bit', () => {
    for (let bit = 0; bit < 31; bit++) {
      const bits = distance(hashOf(7, 1000, 3), hashOf(7, 1000 ^ (1 << bit), 3));
      expect(bits).toBeGreaterThan(80);
      expect(bits).toBeLessThan(176);
    }
  });

  it('is pinned: whoever changes it changes every recorded trace hash', () => {
    expect(hashOf(1, -1, 2 ** 40, 0.1, 'psync')).toBe(
      '9b402c022f0c034cd3ff2eb5c790f80a46a63e64f70c1a31a7d7ed8a622600ca',
    );
  });
});
