import type { Client } from '../../../sim/redis/networking/client.ts';
import type { RedisServer } from '../../../sim/redis/server.ts';

/**
 * The other end of a replica's link, as its master has it; undefined where there is no link or the master does not
 * know of it. The two ends of a connection have neighbouring numbers; the even one is the replica's.
 */
export function endAtMaster(replica: RedisServer, master: RedisServer): Client | undefined {
  if (replica.master === null) return undefined;
  const id = master.clientOfFd[replica.clients[replica.master]!.fd + 1];
  return id === undefined ? undefined : master.clients[id];
}
