import { CLIENT_MULTI } from '../redis/networking/client.ts';
import type { Mutant } from './mutant.ts';

/** A cached master is still in the middle of its transaction. */
export const keepMultiOnCache: Mutant = {
  name: 'keep-multi-on-cache',
  story:
    'A stream that broke inside a transaction is asked for from its MULTI on. If the commands queued before are kept, ' +
    'EXEC runs them twice.',
  reference: 'since 4.0-rc3 (189a12afb)',
  rules: (real) => ({
    replicationCacheMaster(redis, c) {
      const { mstate, mstateFlags, flags } = c;
      real.replicationCacheMaster(redis, c);
      c.mstate = mstate;
      c.mstateFlags = mstateFlags;
      c.flags |= flags & CLIENT_MULTI;
    },
  }),
};
