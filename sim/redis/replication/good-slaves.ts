import { SLAVE_STATE_ONLINE } from '../networking/client.ts';
import type { Redis } from '../system.ts';

/**
 * Counts the replicas that are online and acknowledged no longer ago than min-replicas-max-lag seconds. With
 * either option 0 the count keeps its last value (seed, last part).
 */
export function refreshGoodSlavesCount(redis: Redis): void {
  const { server } = redis;
  if (server.replMinSlavesToWrite === 0 || server.replMinSlavesMaxLag === 0) return;
  let good = 0;
  for (const id of server.slaves) {
    const slave = server.clients[id]!;
    const lag = server.unixtime - slave.replAckTime;
    if (slave.replstate === SLAVE_STATE_ONLINE && lag <= server.replMinSlavesMaxLag) good++;
  }
  server.replGoodSlavesCount = good;
}
