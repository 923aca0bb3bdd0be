import { REPL_STATE_TRANSFER } from '../redis/server.ts';
import type { Mutant } from './mutant.ts';

/** A replica's own save goes on while it gets the dataset of its master. */
export const keepChildWhileSync: Mutant = {
  name: 'keep-child-while-sync',
  story:
    'The RDB of a full synchronization becomes the file on disk. A save that began before ends after it and puts the old ' +
    'data in its place: that is what the replica finds when it restarts.',
  reference: 'since 4.0.12 (98a64523c, 466c277b4)',
  rules: (real) => ({
    killRdbChild(redis, signal) {
      if (redis.server.replState !== REPL_STATE_TRANSFER) real.killRdbChild(redis, signal);
    },
  }),
};
