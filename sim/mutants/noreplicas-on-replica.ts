import type { Mutant } from './mutant.ts';

/** A replica too refuses writes for want of replicas, its master's among them. */
export const noreplicasOnReplica: Mutant = {
  name: 'noreplicas-on-replica',
  story:
    'min-replicas-to-write is a promise of masters. A replica with the same configuration and no replicas of its own ' +
    'would refuse the stream and still count it as applied.',
  reference: 'E-75, since 2.8.10 (14fb0ac64)',
  rules: () => ({
    notEnoughGoodSlaves: ({ server }) =>
      server.replMinSlavesToWrite > 0 &&
      server.replMinSlavesMaxLag > 0 &&
      server.replGoodSlavesCount < server.replMinSlavesToWrite,
  }),
};
