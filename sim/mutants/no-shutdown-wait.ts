import type { Mutant } from './mutant.ts';

/** A master that is shut down waits for nobody. */
export const noShutdownWait: Mutant = {
  name: 'no-shutdown-wait',
  story:
    'A replica may lag when its master is told to stop. If the master does not wait until it has everything, the last ' +
    'acknowledged writes are lost with the machine.',
  reference: 'since 7.0-rc1 (45a155bd0)',
  profile: 'redis-7.0',
  differences: { waitsForReplicasAtShutdown: false },
};
