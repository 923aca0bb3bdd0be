import { SLAVE_STATE_WAIT_BGSAVE_START } from '../redis/networking/client.ts';
import type { Mutant } from './mutant.ts';

/** A replica is told the offset at which it asked, not that of the fork. */
export const fullresyncOffsetAtRequest: Mutant = {
  name: 'fullresync-offset-at-request',
  story:
    'Between a PSYNC and the fork that answers it the master may write. A replica told the offset of its request counts ' +
    'too low: at its next PSYNC it gets those writes again, and adds up twice what is to be added up once.',
  reference: 'since 2.8.22 (292fec058)',
  rules: (real) => ({
    masterTryPartialResynchronization(redis, c) {
      c.psyncInitialOffset = redis.server.masterReplOffset;
      return real.masterTryPartialResynchronization(redis, c);
    },
    replicationSetupSlaveForFullResync(redis, slave, offset) {
      const hasWaited = slave.replstate === SLAVE_STATE_WAIT_BGSAVE_START;
      const told = hasWaited ? Math.min(offset, slave.psyncInitialOffset) : offset;
      real.replicationSetupSlaveForFullResync(redis, slave, told);
    },
  }),
};
