import { UsageError } from './errors.ts';

/** The seeds of `--seeds`, both ends included. */
export interface SeedRange {
  readonly first: number;
  readonly last: number;
}

const FORMS = 'it is a number of seeds (200 means 1..200) or a range like 5..90';

/** Reads `200` or `5..90`; throws UsageError where it is neither or empty. */
export function parseSeeds(text: string): SeedRange {
  const match = /^(?:(\d+)\.\.)?(\d+)$/.exec(text);
  if (match === null) throw new UsageError(`--seeds cannot be ${JSON.stringify(text)}`, FORMS);
  const first = match[1] === undefined ? 1 : Number(match[1]);
  const last = Number(match[2]);
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) {
    throw new UsageError(`--seeds ${text} is too large`, FORMS);
  }
  if (last < first) throw new UsageError(`--seeds ${text} holds no seed`, FORMS);
  return { first, last };
}

export function seedCount({ first, last }: SeedRange): number {
  return last - first + 1;
}
