import type { Mutant } from './mutant.ts';

/** A save that nobody waits for any longer goes on. */
export const keepUselessChild: Mutant = {
  name: 'keep-useless-child',
  story:
    'The one replica that waits for a save may be lost. If the child goes on all the same, the replica that comes back ' +
    'has to wait for its end before the next save, the useful one, can begin.',
  reference: 'since 6.2-rc1 (1bb5794a1)',
  profile: 'redis-7.0',
  differences: { killsUselessSaves: false },
};
