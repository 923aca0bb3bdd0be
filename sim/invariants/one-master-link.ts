import { REPL_STATE_CONNECTED, REPL_STATE_NAMES, type RedisServer } from '../redis/server.ts';
import type { Invariant } from './invariant.ts';

/**
 * A replica has a master or the memory of one, never both, and has one exactly while it is connected
 * (PROTOCOL 9.3, 2; asserted in replicationCacheMaster).
 */
export const oneMasterLink: Invariant = {
  name: 'one-master-link',
  check(server: RedisServer): string | null {
    const { master, cachedMaster, replState } = server;
    if (master !== null && cachedMaster !== null)
      return `client ${master} is its master, and another one is cached`;
    if ((master !== null) === (replState === REPL_STATE_CONNECTED)) return null;
    return `master is ${master ?? 'null'}, but repl_state is ${REPL_STATE_NAMES[replState]}`;
  },
};
