import type { Mutant } from './mutant.ts';

/** A replica that starts does not read in its RDB which database the stream was in. */
export const noStreamDb: Mutant = {
  name: 'no-stream-db',
  story:
    'A replica that starts may go on in the middle of the stream, which does not repeat its SELECT. If it does not know ' +
    'the database, it applies what comes to database 0.',
  reference: 'since 4.0.2 (c1c99e9f4)',
  rules: (real) => ({
    finishBootLoad(redis, rdb) {
      real.finishBootLoad(redis, rdb);
      if (redis.server.cachedMaster !== null) redis.server.cachedMaster.db = 0;
    },
  }),
};
