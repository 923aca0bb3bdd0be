import { rdbPipeWriteHandler } from '../rdb/rdb-pipe-7.ts';
import { hasUnsentStream, nextOfStream, sentOfStream } from '../replication/replication-buffer-7.ts';
import { type Redis, serverLog, strerror } from '../system.ts';
import { drop, first } from './byte-queue.ts';
import {
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_MASTER,
  CLIENT_PENDING_WRITE,
  CLIENT_SLAVE,
  type Client,
  SLAVE_STATE_ONLINE,
} from './client.ts';
import { freeClient } from './networking.ts';
import {
  accountWritten,
  clientHasPendingReplies,
  getClientType,
  readsSharedBuffer,
} from './output-buffer.ts';

/** Bytes that one write event may send to a client that is no replica (NET_MAX_WRITES_PER_EVENT). */
const NET_MAX_WRITES_PER_EVENT = 64 * 1024;

/** Writes what waits for a client; false where that ended the client (networking.c writeToClient). */
export function writeToClient(redis: Redis, c: Client): boolean {
  const { server, system } = redis;
  if (readsSharedBuffer(redis, c)) return writeStreamToReplica(redis, c);
  let total = 0;
  while (c.output.length > 0) {
    const head = first(c.output)!;
    const written = system.write(c.fd, head);
    if (typeof written === 'string') {
      serverLog(redis, 'verbose', `Error writing to client: ${strerror(written)}`);
      freeClient(redis, c);
      return false;
    }
    if (written === 0) break;
    drop(c.output, written);
    accountWritten(c, written);
    total += written;
    if (written < head.length) break;
    if (total > NET_MAX_WRITES_PER_EVENT && (c.flags & CLIENT_SLAVE) === 0) break;
  }
  if (getClientType(c) === 'slave') server.statNetReplOutputBytes += total;
  else server.statNetOutputBytes += total;
  if (total > 0 && (c.flags & CLIENT_MASTER) === 0) c.lastinteraction = server.unixtime;
  if (c.output.length > 0) return true;
  setWriteHandler(redis, c, 'none');
  if ((c.flags & CLIENT_CLOSE_AFTER_REPLY) !== 0) {
    freeClient(redis, c);
    return false;
  }
  return true;
}

/** Writes what a replica has not got of the shared stream (the replicas' part of writeToClient, _writeToClient). */
function writeStreamToReplica(redis: Redis, c: Client): boolean {
  const { server, system } = redis;
  let total = 0;
  for (let next = nextOfStream(redis, c); next !== undefined; next = nextOfStream(redis, c)) {
    const written = system.write(c.fd, next);
    if (typeof written === 'string') {
      serverLog(redis, 'verbose', `Error writing to client: ${strerror(written)}`);
      freeClient(redis, c);
      return false;
    }
    if (written === 0) break;
    sentOfStream(redis, c, written);
    total += written;
    if (written < next.length) break;
  }
  server.statNetReplOutputBytes += total;
  if (total > 0) c.lastinteraction = server.unixtime;
  if (!hasUnsentStream(redis, c)) setWriteHandler(redis, c, 'none');
  return true;
}

/** Installs or removes the handler of AE_WRITABLE. */
export function setWriteHandler(redis: Redis, c: Client, handler: Client['writeHandler']): void {
  if (c.writeHandler === handler) return;
  const watched = c.writeHandler !== 'none';
  c.writeHandler = handler;
  if (watched !== (handler !== 'none')) redis.system.watchWritable(c.fd, handler !== 'none');
}

/** The socket can take bytes again. */
export function writableClient(redis: Redis, c: Client): void {
  if (c.writeHandler === 'sendBulkToSlave') redis.rules.sendBulkToSlave(redis, c);
  else if (c.writeHandler === 'rdbPipeWriteHandler') rdbPipeWriteHandler(redis, c);
  else if (c.writeHandler === 'sendReplyToClient') writeToClient(redis, c);
}

/**
 * Writes to every client that has something queued, before the loop sleeps, the last to be queued first as in
 * Redis, where the list grows at its head (handleClientsWithPendingWrites).
 */
export function handleClientsWithPendingWrites(redis: Redis): void {
  const { server } = redis;
  while (server.clientsPendingWrite.length > 0) {
    const c = server.clients[server.clientsPendingWrite.pop()!]!;
    c.flags &= ~CLIENT_PENDING_WRITE;
    if (!writeToClient(redis, c)) continue;
    if (clientHasPendingReplies(redis, c)) setWriteHandler(redis, c, 'sendReplyToClient');
  }
}

/** Sends online replicas what waits for them, as well as it goes, before a shutdown (flushSlavesOutputBuffers). */
export function flushSlavesOutputBuffers(redis: Redis): void {
  const { server } = redis;
  for (const id of [...server.slaves]) {
    const slave = server.clients[id]!;
    const canReceive = slave.writeHandler !== 'none' || (slave.flags & CLIENT_PENDING_WRITE) !== 0;
    if (slave.replstate !== SLAVE_STATE_ONLINE || slave.replPutOnlineOnAck || !canReceive) continue;
    if (clientHasPendingReplies(redis, slave)) writeToClient(redis, slave);
  }
}
