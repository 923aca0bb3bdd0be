import type { Mutant } from './mutant.ts';

/** WAIT is answered on a replica too. */
export const waitOnReplica: Mutant = {
  name: 'wait-on-replica',
  story:
    'What a client writes to a writable replica goes to nobody. A WAIT there counts replicas that have acknowledged ' +
    'something else, and promises copies that do not exist.',
  reference: 'since 4.0-rc1 (434e6b2da)',
  rules: () => ({ isWaitRefused: () => false }),
};
