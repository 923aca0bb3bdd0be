import type { RedisServer } from '../redis/server.ts';
import type { Invariant } from './invariant.ts';

/**
 * The window of the stream that a server can serve again: where it begins and ends, and that it holds what the stream
 * had there. What it holds is compared where it is used, on a partial answer; a server's place in one history never
 * goes back, but by a full synchronization (PROTOCOL 9.3, 4).
 */
export const WINDOW = 'window';

/**
 * The backlog ends where the stream does, a ring holds no more than its size, and its write index lies inside; a
 * shared buffer holds what its blocks do (PROTOCOL 9.3, 4).
 */
export const windowArithmetic: Invariant = {
  name: WINDOW,
  check(server: RedisServer): string | null {
    if (server.replBacklog === null) return null;
    const {
      replBacklogOff: off,
      replBacklogHistlen: histlen,
      replBacklogIdx: idx,
      replBacklogSize: size,
    } = server;
    if (off + histlen !== server.masterReplOffset + 1) {
      return `repl_backlog_off ${off} + repl_backlog_histlen ${histlen} is not master_repl_offset ${server.masterReplOffset} + 1`;
    }
    if (server.replBacklog.kind === 'shared') {
      const held = server.replBacklog.blocks.reduce((bytes, block) => bytes + block.length, 0);
      return histlen === held ? null : `repl_backlog_histlen ${histlen} is not what the blocks hold, ${held}`;
    }
    if (histlen < 0 || histlen > size) return `repl_backlog_histlen ${histlen} is not within 0..${size}`;
    return idx < 0 || idx >= size ? `repl_backlog_idx ${idx} is not within 0..${size - 1}` : null;
  },
};
