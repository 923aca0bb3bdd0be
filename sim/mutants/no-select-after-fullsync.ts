import type { Mutant } from './mutant.ts';

/** The stream does not say anew which database it is in when a replica joins. */
export const noSelectAfterFullsync: Mutant = {
  name: 'no-select-after-fullsync',
  story:
    'The stream names its database only when that changes. A replica that joins in between does not know it, and applies ' +
    'the next writes to database 0.',
  reference: 'E-13, since 2.8.0 (7465ac7ab, 15de6b108)',
  rules: (real) => ({
    replicationSetupSlaveForFullResync(redis, slave, offset) {
      const { slaveseldb } = redis.server;
      real.replicationSetupSlaveForFullResync(redis, slave, offset);
      redis.server.slaveseldb = slaveseldb;
    },
  }),
};
