import type { Mutant } from './mutant.ts';

/** REPLICAOF begins anew even where nothing changes. */
export const replicaofAlwaysResets: Mutant = {
  name: 'replicaof-always-resets',
  story:
    'Whoever watches over a cluster repeats its commands. If REPLICAOF with the master that a node has already makes it ' +
    'connect anew, each repetition costs it, and all behind it, their links.',
  reference: 'since 2.6.0 (ebdfad69d)',
  rules: () => ({ isMasterAlready: () => false }),
};
