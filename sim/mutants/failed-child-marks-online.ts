import type { Mutant } from './mutant.ts';

/** Replicas whose streamed RDB broke off count as having it. */
export const failedChildMarksOnline: Mutant = {
  name: 'failed-child-marks-online',
  story:
    'The child that streams an RDB can fail. If its replicas are taken to have it all and to owe only an acknowledgement, ' +
    'they wait for the rest until they time out.',
  reference: 'since 6.0.6 (a176cb56a)',
  profile: 'redis-7.0',
  rules: (real) => ({
    updateSlavesWaitingBgsaveAsync(redis, ok, type) {
      real.updateSlavesWaitingBgsaveAsync(redis, ok || type === 'socket', type);
    },
  }),
};
