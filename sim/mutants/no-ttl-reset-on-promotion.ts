import type { Mutant } from './mutant.ts';

/** A promoted replica counts the time without replicas of its own from before its promotion. */
export const noTtlResetOnPromotion: Mutant = {
  name: 'no-ttl-reset-on-promotion',
  story:
    'A replica without replicas keeps its backlog for the day it is promoted. If the clock of repl-backlog-ttl is not set ' +
    'anew on that day, the next cron frees it before anybody could come for it.',
  reference: 'since 4.0.7 (689b64c3a)',
  rules: (real) => ({
    replicationUnsetMaster(redis) {
      const { slaves, replNoSlavesSince } = redis.server;
      const hadNone = slaves.length === 0;
      real.replicationUnsetMaster(redis);
      if (hadNone) redis.server.replNoSlavesSince = replNoSlavesSince;
    },
  }),
};
