import { SLAVE_STATE_ONLINE } from '../redis/networking/client.ts';
import type { Mutant } from './mutant.ts';

/** A replica that synchronized with the old SYNC is expected to acknowledge. */
export const timeoutPrePsync: Mutant = {
  name: 'timeout-pre-psync',
  story:
    'Who says SYNC knows no REPLCONF ACK. If its silence counts, it is dropped at each repl-timeout and synchronizes in ' +
    'full once more.',
  reference: 'since 2.8.0-rc1 (8ca265cdb)',
  rules: (real) => ({
    timedOutSync(redis, slave) {
      if (slave.replstate !== SLAVE_STATE_ONLINE) return real.timedOutSync(redis, slave);
      const { unixtime, replTimeout } = redis.server;
      return unixtime - slave.replAckTime > replTimeout ? 'streaming' : null;
    },
  }),
};
