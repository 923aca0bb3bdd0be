import { byteQueue } from '../redis/networking/byte-queue.ts';
import type { Mutant } from './mutant.ts';

/** A cached master keeps the half command that it had read. */
export const dirtyCache: Mutant = {
  name: 'dirty-cache',
  story:
    'A stream that broke inside a command is asked for from its beginning. If the half that was read is kept, the whole ' +
    'is glued to it and neither can be understood.',
  reference: 'since 4.0.0 (469d6e2b3)',
  rules: (real) => ({
    replicationCacheMaster(redis, c) {
      const { querybuf, pendingQuerybuf } = c;
      c.querybuf = byteQueue();
      c.pendingQuerybuf = byteQueue();
      real.replicationCacheMaster(redis, c);
      c.querybuf = querybuf;
      c.pendingQuerybuf = pendingQuerybuf;
    },
  }),
};
