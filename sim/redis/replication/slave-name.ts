import type { Client } from '../networking/client.ts';
import { NO_FD, type Redis } from '../system.ts';

/**
 * How logs name a replica: `ip:listening-port` (seed 3.3.6.2), or by its client where its connection was reset:
 * then nobody can tell who was at the other end.
 */
export function replicationGetSlaveName(redis: Redis, c: Client): string {
  if (c.slaveIp === '' && (c.fd === NO_FD || !redis.system.hasPeer(c.fd))) return `client id #${c.id}`;
  const ip = c.slaveIp === '' ? redis.system.peer(c.fd).ip : c.slaveIp;
  return c.slaveListeningPort === 0 ? `${ip}:<unknown-replica-port>` : `${ip}:${c.slaveListeningPort}`;
}
