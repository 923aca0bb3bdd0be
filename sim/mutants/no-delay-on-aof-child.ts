import type { Mutant } from './mutant.ts';

/** A save for a replica is tried although the AOF is being rewritten. */
export const noDelayOnAofChild: Mutant = {
  name: 'no-delay-on-aof-child',
  story:
    'There is only one child at a time. A save that is not put off until the AOF rewrite is over fails at once, and the ' +
    'replica is sent away, second after second.',
  reference: 'since 3.2.3 (d982f4437)',
  rules: () => ({ isBgsaveDelayed: () => false }),
};
