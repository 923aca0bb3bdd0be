import type { Mutant } from './mutant.ts';

/** A replica too refuses writes for want of replicas, its master's among them. */
export const noreplicasOnReplica: Mutant = {
  name: 'noreplicas-on-replica',
  story:
    'Only a master promises min-replicas-to-write. A replica with the same configuration and no replicas of its own would ' +
    'refuse what its master sends, and count it as applied all the same.',
  reference: 'since 2.8.10 (14fb0ac64)',
  rules: () => ({
    notEnoughGoodSlaves: ({ server }) =>
      server.replMinSlavesToWrite > 0 &&
      server.replMinSlavesMaxLag > 0 &&
      server.replGoodSlavesCount < server.replMinSlavesToWrite,
  }),
};
