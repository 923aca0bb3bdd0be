import type { Client } from './client.ts';
import { NO_FD, type Redis } from './system.ts';

/** How logs name a replica: `ip:listening-port` (seed 3.3.6.2). */
export function replicationGetSlaveName(redis: Redis, c: Client): string {
  if (c.slaveIp === '' && c.fd === NO_FD) return `client id #${c.id}`;
  const ip = c.slaveIp === '' ? redis.system.peer(c.fd).ip : c.slaveIp;
  return c.slaveListeningPort === 0 ? `${ip}:<unknown-replica-port>` : `${ip}:${c.slaveListeningPort}`;
}
