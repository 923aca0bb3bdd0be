import { parseDuration } from '../scenario/units.ts';
import { UsageError } from './errors.ts';

const MICROS_PER_MS = 1000;

/** How many things `--jobs` lets go on at once. */
export function parseJobs(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const jobs = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (jobs >= 1) return jobs;
  throw new UsageError(`--jobs cannot be ${JSON.stringify(text)}`, 'it is a number, at least 1');
}

/** The real time that `--time` allows, in milliseconds. */
export function parseRealTime(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const time = parseDuration(text);
  if (typeof time === 'number' && time > 0) return time / MICROS_PER_MS;
  throw new UsageError(`--time cannot be ${JSON.stringify(text)}`, 'it is real time with a unit: 60s, 5m');
}
