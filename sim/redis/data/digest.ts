/**
 * Digests that can be added: 128 bits in four lanes. The digest of a collection is the sum of those of its
 * members, so it depends on no order and can be kept up to date one member at a time. Immutable.
 */
export class Digest {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;

  constructor(a: number, b: number, c: number, d: number) {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    this.d = d | 0;
  }

  plus(other: Digest): Digest {
    return new Digest(this.a + other.a, this.b + other.b, this.c + other.c, this.d + other.d);
  }

  minus(other: Digest): Digest {
    return new Digest(this.a - other.a, this.b - other.b, this.c - other.c, this.d - other.d);
  }

  equals(other: Digest): boolean {
    return this.a === other.a && this.b === other.b && this.c === other.c && this.d === other.d;
  }

  /** 32 hex digits. */
  hex(): string {
    return hex32(this.a) + hex32(this.b) + hex32(this.c) + hex32(this.d);
  }
}

export const ZERO_DIGEST = new Digest(0, 0, 0, 0);

/** Where every chain of hashes begins: the square roots of small primes, as in SHA-2. */
const START = new Digest(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a);

/** The digest of a text that follows what `before` stands for. */
export function hashText(text: string, before: Digest = START): Digest {
  let { a, b, c, d } = before;
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i) + 1;
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  return finish(a ^ length, b, c, d);
}

/** The digest of a number that follows what `before` stands for. */
export function hashNumber(value: number, before: Digest = START): Digest {
  return finish(
    before.a ^ Math.imul(value | 0, 597399067),
    before.b ^ Math.imul(Math.floor(value / 0x1_0000_0000) | 0, 2869860233),
    before.c ^ Math.imul((value | 0) + 1, 951274213),
    before.d,
  );
}

/** The digest of a sum of digests that follows what `before` stands for. */
export function hashDigest(sum: Digest, before: Digest): Digest {
  return finish(
    before.a ^ Math.imul(sum.a, 597399067),
    before.b ^ Math.imul(sum.b, 2869860233),
    before.c ^ Math.imul(sum.c, 951274213),
    before.d ^ Math.imul(sum.d, 2716044179),
  );
}

/** Lets every bit of the state reach every lane: each lane takes from the one before it, twice around. */
function finish(a0: number, b0: number, c0: number, d0: number): Digest {
  let a = a0;
  let b = b0;
  let c = c0;
  let d = d0;
  for (let round = 0; round < 2; round++) {
    a = scramble(a ^ d);
    b = scramble(b + a);
    c = scramble(c ^ b);
    d = scramble(d + c);
  }
  return new Digest(a, b, c, d);
}

/** The 32-bit finalizer of MurmurHash3. */
function scramble(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
