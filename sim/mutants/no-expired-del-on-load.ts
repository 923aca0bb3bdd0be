import type { Mutant } from './mutant.ts';

/** A master that starts tells nobody which keys had expired in its RDB. */
export const noExpiredDelOnLoad: Mutant = {
  name: 'no-expired-del-on-load',
  story:
    'A restarted master drops the keys whose time was over, and its replicas may go on from where it stopped. If the ' +
    'stream does not say so, they keep those keys for ever.',
  reference: 'since 7.0-rc1 (794442b13)',
  profile: 'redis-7.0',
  rules: (real) => ({ dropExpired: (redis, now) => real.dropExpired(redis, now, false) }),
};
