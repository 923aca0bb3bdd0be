import { hasUnsentStream, sharedBufferUsage } from '../replication/replication-buffer-7.ts';
import type { ClientClass, RedisServer } from '../server.ts';
import { NO_FD, type Redis, serverLog } from '../system.ts';
import {
  CLIENT_CLOSE_ASAP,
  CLIENT_MASTER,
  CLIENT_MONITOR,
  CLIENT_PUBSUB,
  CLIENT_SLAVE,
  type Client,
} from './client.ts';
import { catClientInfoString } from './client-info.ts';

/** Bytes of a client's static output buffer, and the least a node of its reply list takes. */
export const PROTO_REPLY_CHUNK_BYTES = 16 * 1024;
/** sizeof(clientReplyBlock), and that of a list node with it. */
const REPLY_BLOCK_HEADER = 16;
const REPLY_NODE_OVERHEAD = 24 + REPLY_BLOCK_HEADER;

/** Whether anything waits to be written to the client (seed 3.3.6.2). */
export function clientHasPendingReplies(redis: Redis, c: Client): boolean {
  if (readsSharedBuffer(redis, c)) return hasUnsentStream(redis, c);
  return c.bufpos !== 0 || c.reply.length !== 0;
}

/** Whether what goes to this client stands in the shared replication buffer, not in a buffer of its own. */
export function readsSharedBuffer(redis: Redis, c: Client): boolean {
  return redis.profile.sharesReplicationBuffer && getClientType(c) === 'slave';
}

/**
 * Accounts for bytes just queued as Redis stores them: in the static buffer while they fit and the list is
 * empty, then in the list, whose nodes are allocated by size class (_addReplyToBuffer, _addReplyStringToList).
 */
export function accountReply(redis: Redis, c: Client, length: number): void {
  if (c.reply.length === 0 && length <= PROTO_REPLY_CHUNK_BYTES - c.bufpos) {
    c.bufpos += length;
    return;
  }
  let left = length;
  const tail = c.reply[c.reply.length - 1];
  if (tail !== undefined) {
    const copy = Math.min(tail.size - tail.used, left);
    tail.used += copy;
    left -= copy;
  }
  if (left > 0) {
    const wanted = Math.max(left, PROTO_REPLY_CHUNK_BYTES);
    const size = allocatedSize(wanted + REPLY_BLOCK_HEADER) - REPLY_BLOCK_HEADER;
    c.reply.push({ size, used: left });
    c.replyBytes += size;
  }
  asyncCloseClientOnOutputBufferLimitReached(redis, c);
}

/** Takes written bytes off the account, the static buffer first (the bookkeeping of writeToClient). */
export function accountWritten(c: Client, written: number): void {
  let left = written;
  if (c.bufpos > 0) {
    const sent = Math.min(left, c.bufpos - c.sentlen);
    c.sentlen += sent;
    left -= sent;
    if (c.sentlen === c.bufpos) {
      c.bufpos = 0;
      c.sentlen = 0;
    }
  }
  let spent = 0;
  while (left > 0) {
    const block = c.reply[spent]!;
    const sent = Math.min(left, block.used - c.sentlen);
    c.sentlen += sent;
    left -= sent;
    if (c.sentlen < block.used) break;
    c.replyBytes -= block.size;
    c.sentlen = 0;
    spent++;
  }
  if (spent > 0) c.reply.splice(0, spent);
}

/** Forgets what was queued: the connection is gone. */
export function discardReplies(c: Client): void {
  c.bufpos = 0;
  c.sentlen = 0;
  c.reply = [];
  c.replyBytes = 0;
}

/** What jemalloc gives for a request of so many bytes: four size classes to each doubling. */
export function allocatedSize(bytes: number): number {
  let group = 16 * 1024;
  while (group * 2 < bytes) group *= 2;
  const step = group / 4;
  return Math.ceil(bytes / step) * step;
}

/** Bytes of a client's output buffer that count towards its limits. */
export function getClientOutputBufferMemoryUsage(redis: Redis, c: Client): number {
  if (readsSharedBuffer(redis, c)) return sharedBufferUsage(redis, c);
  return c.replyBytes + REPLY_NODE_OVERHEAD * c.reply.length;
}

export type ClientType = 'normal' | 'slave' | 'pubsub' | 'master';

/** The class of a client as CLIENT KILL TYPE and the limits see it (networking.c getClientType). */
export function getClientType(c: Client): ClientType {
  if ((c.flags & CLIENT_MASTER) !== 0) return 'master';
  if ((c.flags & CLIENT_SLAVE) !== 0 && (c.flags & CLIENT_MONITOR) === 0) return 'slave';
  if ((c.flags & CLIENT_PUBSUB) !== 0) return 'pubsub';
  return 'normal';
}

/**
 * Whether the client is over its hard limit, or has been over its soft limit at every look for longer than
 * allowed (networking.c checkClientOutputBufferLimits).
 */
function checkClientOutputBufferLimits(redis: Redis, c: Client): boolean {
  const { server } = redis;
  const used = getClientOutputBufferMemoryUsage(redis, c);
  const type = getClientType(c);
  const limitClass: ClientClass = type === 'slave' ? 'replica' : type === 'pubsub' ? 'pubsub' : 'normal';
  const limit = server.clientObufLimits[limitClass];
  const hardLimit =
    limitClass === 'replica' && redis.profile.sharesReplicationBuffer
      ? redis.rules.leastHardLimit(server, limit.hardLimitBytes)
      : limit.hardLimitBytes;
  const hard = limit.hardLimitBytes !== 0 && used >= hardLimit;
  let soft = limit.softLimitBytes !== 0 && used >= limit.softLimitBytes;
  if (!soft) {
    c.obufSoftLimitReachedTime = 0;
  } else if (c.obufSoftLimitReachedTime === 0) {
    c.obufSoftLimitReachedTime = server.unixtime;
    soft = false;
  } else if (server.unixtime - c.obufSoftLimitReachedTime <= limit.softLimitSeconds) {
    soft = false;
  }
  return soft || hard;
}

/** A hard limit for replicas, but never less than what the backlog keeps for them (part of checkClientOutputBufferLimits). */
export function leastHardLimit({ replBacklogSize }: RedisServer, hardLimitBytes: number): number {
  return Math.max(hardLimitBytes, replBacklogSize);
}

/** Whether a client that can be closed is over its output buffer limits. */
export function outputBufferLimitReached(redis: Redis, c: Client): boolean {
  if (c.fd === NO_FD || (c.flags & CLIENT_CLOSE_ASAP) !== 0) return false;
  if (c.replyBytes === 0 && !readsSharedBuffer(redis, c)) return false;
  return checkClientOutputBufferLimits(redis, c);
}

/** Schedules a client over its output buffer limits to be closed (asyncCloseClientOnOutputBufferLimitReached). */
export function asyncCloseClientOnOutputBufferLimitReached(redis: Redis, c: Client): void {
  if (!outputBufferLimitReached(redis, c)) return;
  const info = catClientInfoString(redis, c);
  freeClientAsync(redis, c);
  redis.system.syncEnded(c.fd, 'output-limit', c.repldboff);
  serverLog(
    redis,
    'warning',
    `Client ${info} scheduled to be closed ASAP for overcoming of output buffer limits.`,
  );
}

/** Marks a client to be freed at a safe time, in serverCron (networking.c freeClientAsync). */
export function freeClientAsync(redis: Redis, c: Client): void {
  if ((c.flags & CLIENT_CLOSE_ASAP) !== 0) return;
  c.flags |= CLIENT_CLOSE_ASAP;
  redis.server.clientsToClose.push(c.id);
}
