import { putSlaveOnline } from '../redis/replication/sync-master.ts';
import { replicaStartCommandStream } from '../redis/replication/sync-master-7.ts';
import type { Mutant } from './mutant.ts';

/** The stream follows a streamed RDB at once. */
export const streamBeforeAck: Mutant = {
  name: 'stream-before-ack',
  story:
    'The end of a streamed RDB is known by the mark in its last bytes. A write that comes right behind hides it, and the ' +
    'replica waits for the end until it gives up.',
  reference: 'since 2.8.18 (bb7fea0d5)',
  rules: (real) => ({
    muteUntilAck: putSlaveOnline,
    updateSlavesWaitingBgsaveAsync(redis, ok, type) {
      real.updateSlavesWaitingBgsaveAsync(redis, ok, type);
      const { slaves, clients } = redis.server;
      for (const id of slaves) {
        if (clients[id]!.replPutOnlineOnAck) replicaStartCommandStream(redis, clients[id]!);
      }
    },
  }),
};
