import type { SeedSet, SeedSpan } from './seed-set.ts';

/** Seeds of one scenario that are played in a row by one thread. */
export interface Chunk extends SeedSpan {
  readonly scenario: number;
}

/** So many seeds are handed out at once: few enough to see progress, many enough to cost no messages. */
const CHUNK_SEEDS = 20;

/** One of several machines that share a sweep, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export interface Plan {
  /** How many scenarios there are. */
  readonly scenarios: number;
  readonly seeds: SeedSpan;
  readonly shard?: Shard;
  /** What was played before, by scenario. */
  readonly played?: readonly SeedSet[];
}

/** What there is to play: every scenario with every seed, the part of this shard, but for what was played before. */
export function* planChunks({
  scenarios,
  seeds,
  shard = { index: 1, of: 1 },
  played,
}: Plan): Generator<Chunk> {
  let number = 0;
  for (let first = seeds.first; first <= seeds.last; first += CHUNK_SEEDS) {
    const last = Math.min(first + CHUNK_SEEDS - 1, seeds.last);
    for (let scenario = 0; scenario < scenarios; scenario++) {
      if (number++ % shard.of !== shard.index - 1) continue;
      const gaps = played?.[scenario]?.missing({ first, last }) ?? [{ first, last }];
      for (const gap of gaps) yield { scenario, ...gap };
    }
  }
}

/** Of how many runs the states are watched, about: enough to tell shares by. */
const WATCHED_RUNS = 1000;
/** Of so many seeds in a row one is watched at least. */
const WATCHED_AT_LEAST = 20;

/** Every how many-eth seed is watched: it takes nearly twice the time. */
export function watchEvery(scenarios: number, { first, last }: SeedSpan): number {
  const runs = scenarios * (last - first + 1);
  return Math.min(Math.max(1, Math.ceil(runs / WATCHED_RUNS)), WATCHED_AT_LEAST);
}
