/** The bounds of Redis's `long long`. */
const MAX_INT64 = (1n << 63n) - 1n;
const MIN_INT64 = -(1n << 63n);

const DIGITS = /^(?:0|-?[1-9][0-9]{0,18})$/;

/**
 * A 64-bit integer as string2ll takes it: an optional minus, no leading zeros, no blanks; undefined for anything
 * else. Beyond 2^53 the number nearest to it.
 */
export function getLongLong(text: string): number | undefined {
  if (!DIGITS.test(text)) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  const exact = BigInt(text);
  return exact > MAX_INT64 || exact < MIN_INT64 ? undefined : value;
}

/** The sum of two 64-bit integers in decimal, or undefined where it leaves 64 bits. */
export function addLongLong(text: string, increment: string): string | undefined {
  const a = Number(text);
  const b = Number(increment);
  const sum = a + b;
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b) && Number.isSafeInteger(sum)) return String(sum);
  const exact = BigInt(text) + BigInt(increment);
  return exact > MAX_INT64 || exact < MIN_INT64 ? undefined : String(exact);
}

/** A 64-bit integer in decimal, times `factor` and plus `base`, as 64 bits hold it, and whether it left them. */
export function multiplyAdd(
  text: string,
  factor: number,
  base: number,
): { readonly value: number; readonly overflows: boolean } {
  const plain = Number(text) * factor + base;
  if (Number.isSafeInteger(plain) && Number.isSafeInteger(Number(text)))
    return { value: plain, overflows: false };
  const product = BigInt(text) * BigInt(factor);
  const exact = product + BigInt(base);
  const overflows = product > MAX_INT64 || product < MIN_INT64 || exact > MAX_INT64 || exact < MIN_INT64;
  return { value: Number(BigInt.asIntN(64, exact)), overflows };
}

const LONG_DOUBLE = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?)$/i;

/** A floating point number as string2ld takes it, without hexadecimal ones; undefined for anything else. */
export function getLongDouble(text: string): number | undefined {
  if (!LONG_DOUBLE.test(text)) return undefined;
  return /inf/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}
