import { SLAVE_STATE_WAIT_BGSAVE_END } from '../redis/networking/client.ts';
import type { Mutant } from './mutant.ts';

/** A replica is sent newlines while a child writes its RDB to the same socket. */
export const newlineInSocketTransfer: Mutant = {
  name: 'newline-in-socket-transfer',
  story:
    'While a child writes the RDB to the socket, nobody else may. A newline of the cron lands in the middle of it, and ' +
    'who reads it ends itself.',
  reference: 'since 2.8.18 (4b16263bd)',
  rules: (real) => ({
    isPresync: (redis, slave) =>
      slave.replstate === SLAVE_STATE_WAIT_BGSAVE_END || real.isPresync(redis, slave),
  }),
};
