import { type Wrong, wrong } from './problems.ts';

/** Microseconds in each unit of time. */
export const TIME_UNITS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
};

/** Bytes in each of redis.conf's units (util.c memtoll). */
export const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1_000,
  kb: 1_024,
  m: 1_000_000,
  mb: 1_048_576,
  g: 1_000_000_000,
  gb: 1_073_741_824,
};

/** Bits a second in each unit of bandwidth. */
export const BIT_RATES: Readonly<Record<string, number>> = { bps: 1, kbps: 1e3, mbps: 1e6, gbps: 1e9 };

/** 30 years: long before sums of times lose their last microsecond. */
const MAX_MICROS = 946_080_000_000_000;

/** The shapes of these texts, for the editor's schema. */
export const DURATION_PATTERN = '^-?\\d+(\\.\\d+)?(us|ms|s|m|h)$';
export const SIZE_PATTERN = '^\\d+([kKmMgG]?[bB]?)$';

/** `1.5s` in microseconds; a unit is always wanted, a sign only where `signed`. */
export function parseDuration(text: string, signed = false): number | Wrong {
  const parts = /^(-?)(\d{1,18})(?:\.(\d{1,12}))?([a-zµ]*)$/i.exec(text);
  if (parts === null) {
    return wrong(`"${clip(text)}" is no duration`, 'a duration is a number with a unit, as in 250ms or 1.5s');
  }
  const [, sign = '', whole = '', fraction = '', unit = ''] = parts;
  const micros = own(TIME_UNITS, unit);
  if (unit === '')
    return wrong(`"${text}" has no unit`, `write ${text}s or ${text}ms; the units are us ms s m h`);
  if (micros === undefined) return wrong(`"${unit}" is no unit of time`, 'the units are us ms s m h');
  if (sign === '-' && !signed) return wrong(`${text} is negative`);
  const value = scale(whole, fraction, micros);
  if (value === null)
    return wrong(`${text} is finer than a microsecond`, 'time is counted in whole microseconds');
  if (value > MAX_MICROS) return wrong(`${text} is too long`, 'a run is at most 30 years');
  return sign === '-' ? -value : value;
}

/** `16kb` in bytes, as redis.conf writes sizes: whole numbers, `k` is 1000 and `kb` 1024. */
export function parseSize(text: string): number | Wrong {
  const parts = /^(\d{1,18})([a-z]*)$/i.exec(text);
  const unit = own(SIZE_UNITS, parts?.[2]?.toLowerCase() ?? '');
  if (parts === null || unit === undefined) {
    return wrong(
      `"${clip(text)}" is no size`,
      'a size is a whole number with b k kb m mb g or gb, as in 16kb',
    );
  }
  const value = Number(parts[1]) * unit;
  return Number.isSafeInteger(value) ? value : wrong(`${text} is too large`);
}

/** `200mb/s` in bytes a second. */
export function parseRate(text: string): number | Wrong {
  const size = /^(.+)\/s$/.exec(text)?.[1];
  const value = size === undefined ? undefined : parseSize(size.trim());
  if (typeof value !== 'number')
    return wrong(`"${clip(text)}" is no rate`, 'a rate is a size a second, as in 200mb/s');
  return value > 0 ? value : wrong('a rate must be above zero');
}

/** `10gbps` or `125mb/s` in bytes a second, rounded up to whole ones. */
export function parseBandwidth(text: string): number | Wrong {
  const parts = /^(\d{1,15}(?:\.\d{1,9})?)([a-z]+)$/i.exec(text);
  const bits = own(BIT_RATES, parts?.[2]?.toLowerCase() ?? '');
  if (parts === null || bits === undefined) {
    const rate = parseRate(text);
    if (typeof rate === 'number' || text.endsWith('/s')) return rate;
    return wrong(
      `"${clip(text)}" is no bandwidth`,
      'write it as 10gbps, 100mbps, 64kbps or as bytes, 125mb/s',
    );
  }
  const value = Math.ceil((Number(parts[1]) * bits) / 8);
  if (value === 0) return wrong('a bandwidth must be above zero', 'to cut a link use partition');
  return Number.isSafeInteger(value) ? value : wrong(`${text} is too large`);
}

/** `20%` as a probability from 0 to 1. */
export function parsePercent(text: string): number | Wrong {
  const parts = /^(\d{1,3}(?:\.\d{1,9})?)\s*%$/.exec(text);
  if (parts === null) return wrong(`"${clip(text)}" is no percentage`, 'write it as 20% or 0.5%');
  const value = Number(parts[1]) / 100;
  return value <= 1 ? value : wrong(`${text} is more than all`);
}

/** Digits before and after the point times a whole number, exactly; null where the product is no whole number. */
function scale(whole: string, fraction: string, factor: number): number | null {
  const digits = fraction.replace(/0+$/, '');
  const product = BigInt(whole + digits) * BigInt(factor);
  const divisor = 10n ** BigInt(digits.length);
  return product % divisor === 0n ? Number(product / divisor) : null;
}

/** The value of a table's own key: `constructor` is none. */
function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
