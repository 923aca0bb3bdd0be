import { SLAVE_STATE_WAIT_BGSAVE_START } from '../redis/networking/client.ts';
import type { Mutant } from './mutant.ts';

/** Neither the stream nor the RDB says which database a replica that joins is in. */
export const noSelectAfterFullsync: Mutant = {
  name: 'no-select-after-fullsync',
  story:
    'The stream names its database only when that changes. A replica that joins in between does not know it, and applies ' +
    'the next writes to database 0: before 4.0 its RDB did not say either.',
  reference: 'since 2.8.0 (7465ac7ab, 15de6b108)',
  rules: (real) => ({
    replicationSetupSlaveForFullResync(redis, slave, offset) {
      const { slaveseldb } = redis.server;
      real.replicationSetupSlaveForFullResync(redis, slave, offset);
      redis.server.slaveseldb = slaveseldb;
    },
    rdbPopulateSaveInfo(redis) {
      const { slaves, clients } = redis.server;
      const info = real.rdbPopulateSaveInfo(redis);
      const isForReplicas = slaves.some((id) => clients[id]!.replstate === SLAVE_STATE_WAIT_BGSAVE_START);
      return info === null || !isForReplicas ? info : { replStreamDb: 0 };
    },
  }),
};
