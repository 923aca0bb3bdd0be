import type { Mutant } from './mutant.ts';

/** A master without a backlog makes one and goes on under its old names. */
export const keepIdOnBacklogCreate: Mutant = {
  name: 'keep-id-on-backlog-create',
  story:
    'Writes move no offset while there is no backlog. If the master keeps its names when it makes one, whoever had all ' +
    'before those writes is told that nothing is missing.',
  reference: 'since 4.0-rc1 (2669fb836)',
  rules: (real) => ({
    changeReplicationId(redis) {
      if (redis.server.replBacklog !== null) real.changeReplicationId(redis);
    },
    clearReplicationId2(redis) {
      if (redis.server.replBacklog !== null) real.clearReplicationId2(redis);
    },
  }),
};
