import { REPL_STATE_RECEIVE_PSYNC } from '../redis/server.ts';
import type { Mutant } from './mutant.ts';

/** A replica that goes on under a new id does not tell its own replicas. */
export const noDisconnectOnNewId: Mutant = {
  name: 'no-disconnect-on-new-id',
  story:
    'A replica in the middle of a chain learns a new id from +CONTINUE. Its own replicas learn it only if they are ' +
    'disconnected; kept, they follow a history under a name that dies out.',
  reference: 'since 4.0-rc1 (eab865a0a)',
  rules: (real) => ({
    disconnectSlaves(redis) {
      const { replState, cachedMaster } = redis.server;
      const continues =
        replState === REPL_STATE_RECEIVE_PSYNC && cachedMaster?.replid === redis.server.replid;
      if (!continues) real.disconnectSlaves(redis);
    },
  }),
};
