import type { RedisServer } from '../redis/server.ts';
import type { Invariant } from './invariant.ts';

/**
 * A connected replica stands where it applied its master's stream to, and has applied no more than it read
 * (PROTOCOL 9.3, 6).
 */
export const appliedOffset: Invariant = {
  name: 'applied-offset',
  check(server: RedisServer): string | null {
    if (server.master === null || server.loading) return null;
    const master = server.clients[server.master];
    if (master === undefined) return `client ${server.master} is its master and does not exist`;
    if (server.masterReplOffset !== master.reploff) {
      return `master_repl_offset ${server.masterReplOffset} is not the offset applied, ${master.reploff}`;
    }
    return master.reploff > master.readReploff
      ? `the offset applied, ${master.reploff}, is beyond the offset read, ${master.readReploff}`
      : null;
  },
};
