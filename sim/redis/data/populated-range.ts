import { lengthBytes, rawStringBytes } from '../rdb/rdb-size.ts';
import { Digest, hashNumber, hashText, ZERO_DIGEST } from './digest.ts';

/**
 * Keys as DEBUG POPULATE makes them: `prefix:i` for i from `from` up to, not including, `to`, each holding
 * `value:i`, cut or padded with zero bytes to `size` bytes (0: as it is). What they take and what they digest to is
 * computed from these four figures, so ten million keys cost no more than one. Immutable plain data.
 */
export interface PopulatedRange {
  readonly prefix: string;
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

const VALUE = 'value:';

/** The value of the i-th populated key. */
export function populatedValue(i: number, size: number): string {
  const value = VALUE + String(i);
  return size === 0 ? value : value.slice(0, size).padEnd(size, '\0');
}

/** A key of the form `prefix:i`, taken apart; undefined for any other. */
export function splitPopulatedKey(key: string): { prefix: string; i: number } | undefined {
  const { length } = key;
  let start = length;
  while (start > 0 && isDigit(key.charCodeAt(start - 1))) start--;
  if (start === length || start === 0 || key.charCodeAt(start - 1) !== 58) return undefined;
  if (length - start > 15 || (key.charCodeAt(start) === 48 && length - start > 1)) return undefined;
  return { prefix: key.slice(0, start - 1), i: Number(key.slice(start)) };
}

/** The bytes that a range's keys and values take in an RDB file, types included. */
export function populatedBytes({ prefix, from, to, size }: PopulatedRange): number {
  let bytes = 0;
  let low = 0;
  let high = 10;
  for (let digits = 1; low < to; digits++) {
    const count = Math.min(to, high) - Math.max(from, low);
    if (count > 0) {
      const value = size === 0 ? 6 + digits : size;
      bytes += count * (1 + rawStringBytes(prefix.length + 1 + digits) + rawStringBytes(value));
    }
    low = high;
    high *= 10;
  }
  return bytes;
}

/** Strings of more bytes than this are compressed (rdbSaveRawString); a match of LZF covers so many bytes with three. */
const UNCOMPRESSED_BYTES = 20;
const MATCH_BYTES = 264;

/** How many bytes less a range's values take where strings are compressed: their padding is a few matches. */
export function populatedSaving({ from, to, size }: PopulatedRange): number {
  if (size <= UNCOMPRESSED_BYTES) return 0;
  const start = VALUE.length + String(to).length + 1;
  const compressed = 1 + start + 3 * Math.ceil((size - start) / MATCH_BYTES);
  const stored = 1 + lengthBytes(compressed) + lengthBytes(size) + compressed;
  return (to - from) * Math.max(rawStringBytes(size) - stored, 0);
}

/** How far the polynomial below goes. */
const DEGREE = 4;
const BASE = hashText('populate');

/**
 * The sum of the digests of a range's keys. Keys whose values are neither cut nor padded digest the same
 * whatever size was asked for, as their contents are the same.
 */
export function populatedDigest(range: PopulatedRange): Digest {
  const { prefix, from, to, size } = range;
  if (size === 0) return polynomialSum(range);
  const exactFrom = Math.min(Math.max(from, smallestWithValueOf(size)), to);
  const exactTo = Math.min(Math.max(exactFrom, smallestWithValueOf(size + 1)), to);
  return polynomialSum({ prefix, from, to: exactFrom, size })
    .plus(polynomialSum({ prefix, from: exactFrom, to: exactTo, size: 0 }))
    .plus(polynomialSum({ prefix, from: exactTo, to, size }));
}

/** The digest of a key and its value if that is what DEBUG POPULATE would have made of it; else undefined. */
export function digestAsPopulated(key: string, value: string): Digest | undefined {
  if (value.length === 0 || !(value.startsWith(VALUE) || VALUE.startsWith(value))) return undefined;
  const split = splitPopulatedKey(key);
  if (split === undefined) return undefined;
  const { prefix, i } = split;
  if (value !== populatedValue(i, value.length)) return undefined;
  return populatedDigest({ prefix, from: i, to: i + 1, size: value.length });
}

/**
 * The digest of one populated key is a polynomial in `i`, written in binomial coefficients, with factors drawn
 * from prefix and size. binom(i, k) summed over i < n is binom(n, k + 1), so the sum over a range is a
 * difference of two polynomials of the next degree.
 */
function polynomialSum({ prefix, from, to, size }: PopulatedRange): Digest {
  if (from >= to) return ZERO_DIGEST;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const base = hashNumber(size, hashText(prefix, BASE));
  for (let k = 0; k <= DEGREE; k++) {
    const sum = (binomial(to, k + 1) - binomial(from, k + 1)) | 0;
    const factor = hashNumber(k, base);
    a += Math.imul(sum, factor.a);
    b += Math.imul(sum, factor.b);
    c += Math.imul(sum, factor.c);
    d += Math.imul(sum, factor.d);
  }
  return new Digest(a, b, c, d);
}

/** The smallest i for which `value:i` takes so many bytes or more. */
function smallestWithValueOf(length: number): number {
  const digits = length - VALUE.length;
  if (digits <= 1) return 0;
  let smallest = 1;
  for (let n = 1; n < digits && smallest < Number.MAX_SAFE_INTEGER / 10; n++) smallest *= 10;
  return smallest;
}

/** binom(n, k), its lowest 32 bits. */
function binomial(n: number, k: number): number {
  let product = 1n;
  for (let j = 0; j < k; j++) product *= BigInt(n - j);
  for (let j = 2; j <= k; j++) product /= BigInt(j);
  return Number(BigInt.asUintN(32, product));
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
