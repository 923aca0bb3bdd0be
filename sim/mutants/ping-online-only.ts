import { SLAVE_STATE_ONLINE } from '../redis/networking/client.ts';
import { addReply } from '../redis/networking/reply.ts';
import { feedReplicationBacklog } from '../redis/replication/backlog.ts';
import { PINGS } from '../redis/replication/replication-cron.ts';
import type { Mutant } from './mutant.ts';

/** The heartbeat goes to replicas in sync only, beside the way that commands go. */
export const pingOnlineOnly: Mutant = {
  name: 'ping-online-only',
  story:
    'A PING counts in the stream like any command. A replica that waits for its RDB and is spared the PINGs meanwhile ' +
    'ends up 14 bytes behind for each, and at its next PSYNC gets the tail of what it has once more.',
  reference: 'since 2.8.0-rc1 (4b83ad4e1)',
  profile: 'redis-5.0',
  rules: (real) => ({
    feedPing(redis) {
      const { replBacklog, slaves, clients, masterhost } = redis.server;
      // In the buffer that all share in Redis 7 nobody can be left out.
      if (masterhost !== null || replBacklog?.kind !== 'ring') {
        real.feedPing(redis);
        return;
      }
      const ping = PINGS[redis.profile.ping]!;
      feedReplicationBacklog(redis, ping);
      for (const id of slaves) {
        if (clients[id]!.replstate === SLAVE_STATE_ONLINE) addReply(redis, clients[id]!, ping);
      }
    },
  }),
};
