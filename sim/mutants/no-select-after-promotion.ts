import type { Mutant } from './mutant.ts';

/** A promoted replica goes on as if its own stream had a database selected. */
export const noSelectAfterPromotion: Mutant = {
  name: 'no-select-after-promotion',
  story:
    "A replica hands its master's stream on and does not know which database that is in. Promoted, it must say so " +
    'before its first write, or its replicas apply that to another database.',
  reference: 'since 4.0-rc1 (2669fb836)',
  rules: (real) => ({
    replicationUnsetMaster(redis) {
      const { slaveseldb } = redis.server;
      real.replicationUnsetMaster(redis);
      redis.server.slaveseldb = slaveseldb === -1 ? 0 : slaveseldb;
    },
  }),
};
