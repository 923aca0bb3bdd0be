import { REPL_STATE_CONNECTED } from '../redis/server.ts';
import type { Mutant } from './mutant.ts';

/** A replica that restarted and goes on has no backlog. */
export const noBacklogOnContinue: Mutant = {
  name: 'no-backlog-on-continue',
  story:
    'A replica that restarts and goes on by +CONTINUE has no backlog yet. If it makes none, its siblings find none when ' +
    'it is promoted, and all synchronize in full.',
  reference: 'since 4.0.2 (b75ae0bbe)',
  rules: (real) => ({
    createReplicationBacklog(redis) {
      const { masterhost, replState, slaves } = redis.server;
      const continues = masterhost !== null && replState === REPL_STATE_CONNECTED && slaves.length === 0;
      if (!continues) real.createReplicationBacklog(redis);
    },
  }),
};
