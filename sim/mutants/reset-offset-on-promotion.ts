import type { Mutant } from './mutant.ts';

/** A promoted replica begins to count at 0. */
export const resetOffsetOnPromotion: Mutant = {
  name: 'reset-offset-on-promotion',
  story:
    'A promoted replica carries its history on, and its offset with it. If it begins at 0, nobody can tell any more who ' +
    'has most, and its backlog stands at places that are none.',
  reference: 'since 2.8.4 (94e8c9e77)',
  rules: (real) => ({
    replicationUnsetMaster(redis) {
      real.replicationUnsetMaster(redis);
      redis.server.masterReplOffset = 0;
    },
  }),
};
