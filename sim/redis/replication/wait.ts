import { getTimeoutFromText } from '../commands/arguments.ts';
import { blockClient, unblockClient } from '../commands/blocked.ts';
import { getLongLong } from '../commands/numbers.ts';
import { CLIENT_MULTI, type Client, SLAVE_STATE_ONLINE } from '../networking/client.ts';
import { addReplyError, addReplyLongLong } from '../networking/reply.ts';
import type { Redis } from '../system.ts';

/** How many online replicas have acknowledged this offset (replication.c replicationCountAcksByOffset). */
export function replicationCountAcksByOffset(redis: Redis, offset: number): number {
  const { server } = redis;
  let count = 0;
  for (const id of server.slaves) {
    const slave = server.clients[id]!;
    if (slave.replstate === SLAVE_STATE_ONLINE && slave.replAckOff >= offset) count++;
  }
  return count;
}

/**
 * WAIT numreplicas timeout: replies how many replicas have this client's writes, at once if they are enough,
 * else when they are or the milliseconds are over (replication.c waitCommand).
 */
export function waitCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  if (redis.rules.isWaitRefused(redis)) {
    addReplyError(
      redis,
      c,
      'WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is ' +
        'configured to be writable (which is not the default) writes to replicas are just local and are not ' +
        'propagated.',
    );
    return;
  }
  const numreplicas = getLongLong(c.argv[1]!);
  if (numreplicas === undefined) {
    addReplyError(redis, c, 'value is not an integer or out of range');
    return;
  }
  const timeout = getTimeoutFromText(redis, c, c.argv[2]!, 'milliseconds');
  if (timeout === undefined) return;
  const acked = replicationCountAcksByOffset(redis, c.woff);
  if (acked >= numreplicas || (c.flags & CLIENT_MULTI) !== 0) {
    addReplyLongLong(redis, c, acked);
    return;
  }
  c.bpop.timeout = timeout;
  c.bpop.reploffset = c.woff;
  c.bpop.numreplicas = numreplicas;
  if (redis.profile.waitersLastInFirstOut) server.clientsWaitingAcks.unshift(c.id);
  else server.clientsWaitingAcks.push(c.id);
  blockClient(redis, c, 'wait');
  server.getAckFromSlaves = true;
}

/** Whether WAIT makes no sense here: what clients write to a replica goes nowhere (part of waitCommand). */
export function isWaitRefused({ server }: Redis): boolean {
  return server.masterhost !== null;
}

/** Takes a client out of the list of those in WAIT (replication.c unblockClientWaitingReplicas). */
export function unblockClientWaitingReplicas(redis: Redis, c: Client): void {
  const { clientsWaitingAcks } = redis.server;
  clientsWaitingAcks.splice(clientsWaitingAcks.indexOf(c.id), 1);
}

/** Releases clients in WAIT whose offset enough replicas have acknowledged (processClientsWaitingReplicas). */
export function processClientsWaitingReplicas(redis: Redis): void {
  const { server } = redis;
  let lastOffset = 0;
  let lastNumreplicas = 0;
  for (const id of [...server.clientsWaitingAcks]) {
    const c = server.clients[id]!;
    const { reploffset, numreplicas } = c.bpop;
    const { waitersLastInFirstOut } = redis.profile;
    const isCovered = waitersLastInFirstOut
      ? lastOffset >= reploffset && lastNumreplicas >= numreplicas
      : lastOffset > reploffset && lastNumreplicas > numreplicas;
    if (lastOffset !== 0 && isCovered) {
      unblockClient(redis, c);
      addReplyLongLong(redis, c, lastNumreplicas);
      continue;
    }
    const acked = replicationCountAcksByOffset(redis, reploffset);
    if (acked < numreplicas) continue;
    lastOffset = reploffset;
    lastNumreplicas = acked;
    unblockClient(redis, c);
    addReplyLongLong(redis, c, acked);
  }
}
