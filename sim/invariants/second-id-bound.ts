import { NO_REPLID, type RedisServer } from '../redis/server.ts';
import type { Invariant } from './invariant.ts';

/**
 * Without a second history there is no bound for it; with one, the bound lies at most one byte beyond what
 * the server has (PROTOCOL 9.3, 5).
 */
export const secondIdBound: Invariant = {
  name: 'second-id-bound',
  check(server: RedisServer): string | null {
    const { replid2, secondReplidOffset: second, masterReplOffset: offset } = server;
    if (replid2 === NO_REPLID) {
      return second === -1 ? null : `replid2 is none, but second_replid_offset is ${second}`;
    }
    if (second === -1) return `replid2 is ${replid2}, but second_replid_offset is -1`;
    if (second < 0 || second > offset + 1) {
      return `second_replid_offset ${second} is not within 0..${offset + 1} (master_repl_offset + 1)`;
    }
    return null;
  },
};
