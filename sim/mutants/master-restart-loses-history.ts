import type { Mutant } from './mutant.ts';

/** A master that starts does not remember the history in its RDB. */
export const masterRestartLosesHistory: Mutant = {
  name: 'master-restart-loses-history',
  story:
    'A master that saved before it stopped knows what its replicas have. If it does not take the history in its RDB for ' +
    'its second one, a planned restart costs a full synchronization of everybody.',
  reference: 'since 7.0-rc1 (794442b13)',
  profile: 'redis-7.0',
  differences: { mastersKeepHistory: false },
};
