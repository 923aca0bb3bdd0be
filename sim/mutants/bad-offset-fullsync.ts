import type { Mutant } from './mutant.ts';

/** A PSYNC whose offset is no number is answered twice. */
export const badOffsetFullsync: Mutant = {
  name: 'bad-offset-fullsync',
  story:
    'A request that makes no sense deserves an error and nothing else. With a full synchronization besides, the error is ' +
    'read as a part of that, and a save is made for nobody.',
  reference: 'since 6.2.7 (344e41c92)',
  profile: 'redis-7.0',
  differences: { refusesWrongOffset: false },
};
