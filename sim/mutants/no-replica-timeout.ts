import type { Mutant } from './mutant.ts';

/** A master never drops a replica that is silent. */
export const noReplicaTimeout: Mutant = {
  name: 'no-replica-timeout',
  story:
    'A replica that died without a word stays in the list of those in sync, with a buffer that fills, until its output ' +
    'limit or the kernel ends it.',
  reference: 'since 2.8.0-rc1 (3c82c85fc)',
  rules: () => ({ timedOutSync: () => null }),
};
