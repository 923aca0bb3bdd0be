import type { Mutant } from './mutant.ts';

/** The stream says how long a key is to live, not until when. */
export const relativeTtl: Mutant = {
  name: 'relative-ttl',
  story:
    'The stream may be late. A time to live that counts from its arrival ends later on the replica than on the master, ' +
    'which shows once the replica is promoted.',
  reference: 'since 7.0-rc1 (53d1acd59)',
  profile: 'redis-7.0',
  differences: { propagatesAbsoluteTimes: false },
};
