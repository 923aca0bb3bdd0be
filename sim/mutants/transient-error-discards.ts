import type { Mutant } from './mutant.ts';

/** A master that cannot answer PSYNC just now is taken for one that does not know it. */
export const transientErrorDiscards: Mutant = {
  name: 'transient-error-discards',
  story:
    'A master that is loading, or without its own master, cannot answer PSYNC yet. A replica that takes this for a no ' +
    'throws its cached master away and asks for everything.',
  reference: 'since 4.0-rc1 (5b7d42fff, e09e31b12)',
  rules: () => ({ isTransientError: () => false }),
};
