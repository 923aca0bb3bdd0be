import type { Mutant } from './mutant.ts';

/** A replica that joins a running save is told the offset of now, not that of the fork. */
export const attachCurrentOffset: Mutant = {
  name: 'attach-current-offset',
  story:
    'A replica that attaches to a running save gets the data as of the fork and the writes since. Told the present ' +
    'offset it counts those writes twice: it seems to be ahead of its master.',
  reference: 'since 2.8.22 (292fec058)',
  rules: (real) => ({
    replicationSetupSlaveForFullResync(redis, slave, _offset) {
      real.replicationSetupSlaveForFullResync(redis, slave, redis.server.masterReplOffset);
    },
  }),
};
