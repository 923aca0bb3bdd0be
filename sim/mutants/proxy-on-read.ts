import { CLIENT_MASTER } from '../redis/networking/client.ts';
import { passOn, processInputBuffer } from '../redis/networking/networking.ts';
import type { Mutant } from './mutant.ts';

/** A replica counts and passes on what it has read, whether it is a whole command or not. */
export const proxyOnRead: Mutant = {
  name: 'proxy-on-read',
  story:
    'A read may end in the middle of a command. A replica that counts and passes on the half asks for the other half ' +
    'after the next break, when the first is gone, and so do those behind it.',
  reference: 'since 4.0-rc3 (22be435ef)',
  rules: (real) => ({
    processInputBufferAndReplicate(redis, c) {
      if ((c.flags & CLIENT_MASTER) === 0) {
        real.processInputBufferAndReplicate(redis, c);
        return;
      }
      passOn(redis, c, c.pendingQuerybuf.length);
      c.reploff = c.readReploff;
      processInputBuffer(redis, c);
    },
    commandProcessed() {},
  }),
};
