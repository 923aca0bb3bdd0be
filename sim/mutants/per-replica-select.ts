import { Command } from '../redis/networking/bytes.ts';
import { addReply } from '../redis/networking/reply.ts';
import type { Mutant } from './mutant.ts';

/** A replica that joins is told the database of the stream for itself alone. */
export const perReplicaSelect: Mutant = {
  name: 'per-replica-select',
  story:
    'The stream is one for all, so that offsets can be compared. A SELECT that only the newcomer gets puts it 23 bytes ' +
    'ahead of its master, whose bytes it will ask for in vain.',
  reference: 'since 2.8.0-rc1 (7465ac7ab)',
  // What is one replica's own has no place in the buffer that all share in Redis 7.
  profile: 'redis-5.0',
  rules: (real) => ({
    replicationSetupSlaveForFullResync(redis, slave, offset) {
      const { slaveseldb } = redis.server;
      real.replicationSetupSlaveForFullResync(redis, slave, offset);
      if (slaveseldb === -1) return;
      redis.server.slaveseldb = slaveseldb;
      addReply(redis, slave, new Command(['SELECT', String(slaveseldb)]));
    },
  }),
};
