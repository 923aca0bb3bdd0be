import type { Mutant } from './mutant.ts';

/** A command goes into one block of the shared buffer, however large it is. */
export const hugeBlock: Mutant = {
  name: 'huge-block',
  story:
    'Whoever still reads the last bytes of a block holds all of it. A value as large as the output buffer limit in one ' +
    'block has the replica dropped for what it has read already, each time that it comes back for the rest.',
  reference: 'since 7.0.10 (7be7834e6, 7997874f4)',
  profile: 'redis-7.0',
  rules: () => ({ blockLimit: () => Number.MAX_SAFE_INTEGER }),
};
