import { CONFIG_RUN_ID_SIZE, NO_REPLID } from '../server.ts';
import { type Redis, serverLog } from '../system.ts';

/** Gives the history a new name; offset and backlog stay as they are (seed 3.3.1.1). */
export function changeReplicationId(redis: Redis): void {
  redis.server.replid = redis.system.randomHex(CONFIG_RUN_ID_SIZE);
}

/** Forgets the second history: its id becomes forty zeros, its offset -1 (seed 3.3.7). */
export function clearReplicationId2(redis: Redis): void {
  redis.server.replid2 = NO_REPLID;
  redis.server.secondReplidOffset = -1;
}

/**
 * Makes the current history the second one and begins a new one, as a replica does when it is promoted. A
 * peer that has everything up to our offset asks for the byte after it: that request is the last that the
 * second id can serve, hence the +1 (seed 3.3.1.1).
 */
export function shiftReplicationId(redis: Redis): void {
  const { server } = redis;
  server.replid2 = server.replid;
  server.secondReplidOffset = server.masterReplOffset + 1;
  changeReplicationId(redis);
  serverLog(
    redis,
    'warning',
    `Setting secondary replication ID to ${server.replid2}, valid up to offset: ` +
      `${server.secondReplidOffset}. New replication ID is ${server.replid}`,
  );
}
