import type { Mutant } from './mutant.ts';

/** A replica that gets a new dataset keeps the backlog of the old one. */
export const keepBacklogOnFullsync: Mutant = {
  name: 'keep-backlog-on-fullsync',
  story:
    'After a full synchronization a replica is somewhere else in the history. If its old backlog stays, its own replicas ' +
    'go on from it, over a gap that nobody sees.',
  reference: 'since 2.8.22 (c1e94b6b9)',
  rules: (real) => ({
    freeReplicationBacklog(redis) {
      if (redis.server.masterhost === null) real.freeReplicationBacklog(redis);
    },
  }),
};
