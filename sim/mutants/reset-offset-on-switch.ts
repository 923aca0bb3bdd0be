import type { Mutant } from './mutant.ts';

/** A replica that is given another master begins to count at 0. */
export const resetOffsetOnSwitch: Mutant = {
  name: 'reset-offset-on-switch',
  story:
    'A replica that changes masters may well go on where it was. If REPLICAOF sets its offset to 0, it and its own ' +
    'replicas no longer count alike, and its backlog stands at places that are none.',
  reference: 'since 4.0-rc1 (5b7d42fff)',
  rules: (real) => ({
    replicationSetMaster(redis, host, port) {
      real.replicationSetMaster(redis, host, port);
      redis.server.masterReplOffset = 0;
    },
  }),
};
