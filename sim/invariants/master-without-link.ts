import { REPL_STATE_NAMES, REPL_STATE_NONE, type RedisServer } from '../redis/server.ts';
import type { Invariant } from './invariant.ts';

/** A server that replicates nobody has neither a link to a master nor one in the making (PROTOCOL 9.3, 1). */
export const masterWithoutLink: Invariant = {
  name: 'master-without-link',
  check(server: RedisServer): string | null {
    if (server.masterhost !== null) return null;
    if (server.replState !== REPL_STATE_NONE) {
      return `masterhost is null, but repl_state is ${REPL_STATE_NAMES[server.replState]}`;
    }
    if (server.master !== null) return `masterhost is null, but client ${server.master} is its master`;
    return server.cachedMaster === null ? null : 'masterhost is null, but a cached master is kept';
  },
};
