import { byteQueue } from '../redis/networking/byte-queue.ts';
import { setWriteHandler } from '../redis/networking/write-to-client.ts';
import type { Mutant } from './mutant.ts';

/** A cached master keeps what was to be sent to it, and nobody sends it once it is back. */
export const noWriteHandlerOnResurrect: Mutant = {
  name: 'no-write-handler-on-resurrect',
  story:
    'An acknowledgement can be left over when a link breaks. If the handler that writes it is not installed again, no ' +
    'other is written either: the master drops the replica at each repl-timeout, without end.',
  reference: 'since 2.8.0-rc5 (1461422ce)',
  rules: (real) => ({
    replicationCacheMaster(redis, c) {
      const { output, bufpos, sentlen } = c;
      c.output = byteQueue();
      real.replicationCacheMaster(redis, c);
      Object.assign(c, { output, bufpos, sentlen });
    },
    replicationResurrectCachedMaster(redis, newfd) {
      real.replicationResurrectCachedMaster(redis, newfd);
      setWriteHandler(redis, redis.server.clients[redis.server.master!]!, 'none');
    },
  }),
};
