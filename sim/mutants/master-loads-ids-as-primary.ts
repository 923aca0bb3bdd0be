import type { Mutant } from './mutant.ts';

/** A master that starts goes on under the name in its RDB. */
export const masterLoadsIdsAsPrimary: Mutant = {
  name: 'master-loads-ids-as-primary',
  story:
    'A master that starts from an RDB may have lost what came after it. If it goes on under the old name, its new writes ' +
    'stand at offsets at which others hold something else.',
  reference: 'since 4.0.2 (c1c99e9f4)',
  rules: (real) => ({
    finishBootLoad(redis, rdb) {
      real.finishBootLoad(redis, rdb);
      if (redis.server.masterhost !== null || rdb.repl === null) return;
      redis.server.replid = rdb.repl.id;
      redis.server.masterReplOffset = rdb.repl.offset;
    },
  }),
};
