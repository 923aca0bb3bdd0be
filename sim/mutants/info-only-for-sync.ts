import { SLAVE_STATE_WAIT_BGSAVE_START } from '../redis/networking/client.ts';
import type { Mutant } from './mutant.ts';

/** Only an RDB made for a replica names its history. */
export const infoOnlyForSync: Mutant = {
  name: 'info-only-for-sync',
  story:
    'A save point and a SHUTDOWN write RDB files too, and over the one that came from the master. If these do not name ' +
    'their history, a replica that restarts has none.',
  reference: 'since 4.0.2 (885c4f856, bb3b5ddd1)',
  rules: (real) => ({
    rdbPopulateSaveInfo(redis) {
      const { slaves, clients } = redis.server;
      const isForReplicas = slaves.some((id) => clients[id]!.replstate === SLAVE_STATE_WAIT_BGSAVE_START);
      return isForReplicas ? real.rdbPopulateSaveInfo(redis) : null;
    },
  }),
};
