import { freeClient } from '../redis/networking/networking.ts';
import { serverLog } from '../redis/system.ts';
import type { Mutant } from './mutant.ts';

/** A socket that is full for the moment counts as broken. */
export const eagainIsFatal: Mutant = {
  name: 'eagain-is-fatal',
  story:
    'A dataset is larger than what a socket takes at once. If a full socket is taken for an error, the transfer is given ' +
    'up there, and begins again from zero.',
  reference: 'since 2.8.6 (970de3e9c)',
  rules: (real) => ({
    sendBulkToSlave(redis, slave) {
      real.sendBulkToSlave(redis, slave);
      if (slave.repldb === null) return;
      const reason = 'Resource temporarily unavailable';
      serverLog(redis, 'warning', `Write error sending DB to replica: ${reason}`);
      freeClient(redis, slave);
    },
  }),
};
