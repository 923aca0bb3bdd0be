import { SLAVE_STATE_WAIT_BGSAVE_END } from '../redis/networking/client.ts';
import type { Mutant } from './mutant.ts';

/** A diskless save waits without a limit for a socket that takes nothing. */
export const noDisklessTimeout: Mutant = {
  name: 'no-diskless-timeout',
  story:
    'One save goes to the sockets of all. If it waits without a limit for one that takes nothing, the others wait too, ' +
    'and no other save can begin.',
  reference: 'since 2.8.18 (d4f6a1711)',
  rules: (real) => ({
    childSendTimedOut: () => false,
    timedOutSync: (redis, slave) =>
      slave.replstate === SLAVE_STATE_WAIT_BGSAVE_END ? null : real.timedOutSync(redis, slave),
  }),
};
