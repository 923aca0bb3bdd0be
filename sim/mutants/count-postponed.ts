import { CLIENT_BLOCKED } from '../redis/networking/client.ts';
import type { Mutant } from './mutant.ts';

/** A command that a pause keeps back counts as applied. */
export const countPostponed: Mutant = {
  name: 'count-postponed',
  story:
    'A pause keeps back the commands of the stream too. A replica that counts them as applied acknowledges, and passes ' +
    'on, what it has not done, and what a failover then loses.',
  reference: 'since 6.2.6 (1b83353dc)',
  profile: 'redis-7.0',
  rules: (real) => ({
    commandProcessed(redis, c) {
      const blocked = c.flags & CLIENT_BLOCKED;
      c.flags &= ~CLIENT_BLOCKED;
      real.commandProcessed(redis, c);
      c.flags |= blocked;
    },
  }),
};
