import { NO_FD } from '../redis/system.ts';
import type { Mutant } from './mutant.ts';

/** REPLICAOF NO ONE leaves a synchronization that is under way alone. */
export const noCancelHandshake: Mutant = {
  name: 'no-cancel-handshake',
  story:
    'A node promoted while it synchronizes must let go of that. Otherwise the RDB arrives later, and the new master ' +
    'loads the data of the old one over its own.',
  reference: 'since 2.6.0 (76e772f39, ef99e146a)',
  rules: (real) => ({
    cancelReplicationHandshake(redis, ended, reconnect) {
      const isPromotion = ended === 'superseded' && redis.server.masterhost === null;
      return !isPromotion && real.cancelReplicationHandshake(redis, ended, reconnect);
    },
    replicationUnsetMaster(redis) {
      const { replState } = redis.server;
      real.replicationUnsetMaster(redis);
      if (redis.server.replTransferS !== NO_FD) redis.server.replState = replState;
    },
  }),
};
