/** Floating point numbers as C prints and reads them: doubles of sorted sets, long doubles of INCRBYFLOAT. */

const FLOAT = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?)$/i;

/** A double as string2d takes it, without hexadecimal ones; undefined for anything else, for too great and too small. */
export function getDouble(text: string): number | undefined {
  if (!FLOAT.test(text)) return undefined;
  if (/inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  if (!Number.isFinite(value) || (value === 0 && /[1-9]/.test(text.split(/e/i)[0]!))) return undefined;
  return value;
}

/** A double as printf's `%.17g` prints it. */
export function formatDouble(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponentText = '0'] = value.toExponential(16).split('e');
  const exponent = Number(exponentText);
  const trim = (digits: string): string => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);
  if (exponent >= -4 && exponent < 17) return trim(value.toFixed(Math.max(0, 16 - exponent)));
  const sign = exponent < 0 ? '-' : '+';
  return `${trim(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Bits of the mantissa of an x86 long double. */
const MANTISSA_BITS = 64;
/** Decimals that INCRBYFLOAT prints at most (ld2string, LD_STR_HUMAN). */
const DECIMALS = 17;
/** Decimal exponents beyond which no long double is. */
const MAX_EXPONENT = 4932;

/** A long double: a whole number of halves, quarters, … */
export interface LongDouble {
  readonly mantissa: bigint;
  /** By how many bits the mantissa is to be shifted to the left; negative: to the right. */
  readonly shift: number;
}

/** A finite long double as string2ld takes it, without hexadecimal ones; 'infinite' for one that is not finite. */
export function getFiniteLongDouble(text: string): LongDouble | 'infinite' | undefined {
  if (!FLOAT.test(text)) return undefined;
  if (/inf/i.test(text)) return 'infinite';
  const [digits = '', exponentText = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = digits.replace(/^[+-]/, '').split('.');
  const exponent = Number(exponentText) - fraction.length;
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const magnitude = BigInt(whole + fraction);
  const signed = text.startsWith('-') ? -magnitude : magnitude;
  const power = powerOfTen(Math.abs(exponent));
  return exponent >= 0 ? rounded(signed * power, 1n) : rounded(signed, power);
}

/** The sum of two long doubles, rounded to one. */
export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble {
  const shift = Math.min(a.shift, b.shift);
  const sum = (a.mantissa << BigInt(a.shift - shift)) + (b.mantissa << BigInt(b.shift - shift));
  return shift >= 0 ? rounded(sum << BigInt(shift), 1n) : rounded(sum, 1n << BigInt(-shift));
}

/** The long double nearest to a fraction, an even one where two are as near. */
function rounded(numerator: bigint, denominator: bigint): LongDouble {
  if (numerator === 0n) return { mantissa: 0n, shift: 0 };
  const magnitude = numerator < 0n ? -numerator : numerator;
  let shift = bits(magnitude) - bits(denominator) - MANTISSA_BITS;
  let mantissa = quotient(magnitude, denominator, shift);
  if (bits(mantissa) > MANTISSA_BITS) {
    shift++;
    mantissa = quotient(magnitude, denominator, shift);
  }
  return { mantissa: numerator < 0n ? -mantissa : mantissa, shift };
}

/** numerator / (denominator × 2^shift), to the nearest whole number, halves to even. */
function quotient(numerator: bigint, denominator: bigint, shift: number): bigint {
  const above = shift < 0 ? numerator << BigInt(-shift) : numerator;
  const below = shift > 0 ? denominator << BigInt(shift) : denominator;
  const whole = above / below;
  const twice = (above % below) * 2n;
  return twice > below || (twice === below && whole % 2n === 1n) ? whole + 1n : whole;
}

function powerOfTen(exponent: number): bigint {
  return BigInt(`1${'0'.repeat(exponent)}`);
}

function bits(value: bigint): number {
  return value.toString(2).length;
}

/** A long double with up to 17 decimals, zeros at the end left out (util.c ld2string). */
export function formatLongDouble({ mantissa, shift }: LongDouble): string {
  const magnitude = mantissa < 0n ? -mantissa : mantissa;
  const scaled = quotient(magnitude * powerOfTen(DECIMALS), 1n, -shift);
  const text = String(scaled).padStart(DECIMALS + 1, '0');
  const whole = text.slice(0, -DECIMALS);
  const decimals = text.slice(-DECIMALS).replace(/0+$/, '');
  const unsigned = decimals === '' ? whole : `${whole}.${decimals}`;
  return mantissa < 0n && unsigned !== '0' ? `-${unsigned}` : unsigned;
}
