import type { Mutant } from './mutant.ts';

/** A server that does not know which database its stream is in gives an RDB all the same. */
export const rdbWithoutInfo: Mutant = {
  name: 'rdb-without-info',
  story:
    'An RDB for a replica must say which database the stream after it begins in. A node that has lost its master, and ' +
    'the memory of it, does not know; whoever goes on from its guess may apply the next writes to another database.',
  reference: 'since 4.0.2 (b541ccef2, bb3b5ddd1)',
  rules: (real) => ({
    rdbPopulateSaveInfo: (redis) => real.rdbPopulateSaveInfo(redis) ?? { replStreamDb: 0 },
  }),
};
