/** Seeds of one scenario that are played in a row by one thread. */
export interface Chunk {
  readonly scenario: number;
  readonly first: number;
  readonly last: number;
}

/** So many seeds are handed out at once: few enough to see progress, many enough to cost no messages. */
const CHUNK_SEEDS = 20;

/** One of several machines that share a sweep, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** What there is to play: every scenario with every seed, the part of this shard. */
export function* planChunks(
  scenarios: number,
  { first, last }: { readonly first: number; readonly last: number },
  shard: Shard = { index: 1, of: 1 },
): Generator<Chunk> {
  let number = 0;
  for (let begin = first; begin <= last; begin += CHUNK_SEEDS) {
    for (let scenario = 0; scenario < scenarios; scenario++) {
      if (number++ % shard.of !== shard.index - 1) continue;
      yield { scenario, first: begin, last: Math.min(begin + CHUNK_SEEDS - 1, last) };
    }
  }
}
