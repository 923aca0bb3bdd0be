import type { RunResult } from '../run/result.ts';
import { sanitizeLine } from './sanitize.ts';

/** Seconds with three decimals from integer microseconds, as the story's clock shows them. */
export function formatClock(micros: number): string {
  const millis = Math.round(micros / 1000);
  const sign = millis < 0 ? '-' : '';
  const whole = Math.abs(millis);
  return `${sign}${Math.floor(whole / 1000)}.${String(whole % 1000).padStart(3, '0')}`;
}

/** `12.003 s` from milliseconds. */
export function formatSeconds(millis: number): string {
  return `${formatClock(millis * 1000)} s`;
}

const UNITS = ['kb', 'mb', 'gb', 'tb'];

/** A size in redis.conf's units: `8123 bytes`, `4.0 mb`; exact below 10 kb. */
export function formatBytes(bytes: number): string {
  if (bytes < 10_240) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${UNITS[unit]}`;
}

/** `1 fork`, `2 forks`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A case's values as `diskless=yes, backlog=100`, or an empty text without a case. */
export function formatCase(values: RunResult['case']): string {
  if (values === null) return '';
  return Object.entries(values)
    .map(([key, value]) => sanitizeLine(`${key}=${value}`))
    .join(', ');
}

/** `failover.yaml [diskless=yes] seed 7`: which of many runs this is, and no other has the same. */
export function formatRunId(result: Pick<RunResult, 'scenario' | 'case' | 'seed'>): string {
  const values = formatCase(result.case);
  const shown = values === '' ? '' : ` [${values}]`;
  return `${sanitizeLine(result.scenario)}${shown} seed ${sanitizeLine(result.seed)}`;
}
