import type { Mutant } from './mutant.ts';

/** A replica is dropped for what the backlog keeps for it. */
export const limitBelowBacklog: Mutant = {
  name: 'limit-below-backlog',
  story:
    'Backlog and replicas share one buffer. If what a replica has still to read of it counts towards a limit smaller than ' +
    'the backlog, a partial resynchronization is accepted and cut off, again and again.',
  reference: 'since 7.0-rc1 (c1718f9d8)',
  profile: 'redis-7.0',
  rules: () => ({ leastHardLimit: (_server, hardLimitBytes) => hardLimitBytes }),
};
