import { updateCachedTime } from '../cron.ts';
import { dbDelete, dbKey, dbOverwrite, lookupKeyWrite, wrongType } from '../data/db.ts';
import { RedisList } from '../data/values.ts';
import { Command } from '../networking/bytes.ts';
import {
  type BlockingType,
  CLIENT_BLOCKED,
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_UNBLOCKED,
  type Client,
  type ClientId,
} from '../networking/client.ts';
import { processPostponedCommand } from '../networking/networking.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  addReplyText,
  shared,
} from '../networking/reply.ts';
import { replicationCountAcksByOffset, unblockClientWaitingReplicas } from '../replication/wait.ts';
import { type Redis, serverPanic } from '../system.ts';
import { getLongLongFromObjectOrReply } from './arguments.ts';
import { propagate } from './execute.ts';
import { pushHead } from './list-commands.ts';
import { propagatePendingCommands } from './propagation-7.ts';

/** Blocks a client: its input is read and not executed until it is unblocked (blocked.c blockClient). */
export function blockClient(redis: Redis, c: Client, btype: BlockingType): void {
  redis.server.blockedClients++;
  c.flags |= CLIENT_BLOCKED;
  c.btype = btype;
}

/**
 * Blocks a client until one of the lists has an item, or a time in mstime has passed (0: none); BRPOPLPUSH gives
 * the list the item goes to (blocked.c blockForKeys).
 */
export function blockForKeys(
  redis: Redis,
  c: Client,
  keys: readonly string[],
  timeout: number,
  where: 'left' | 'right',
  target: string | null,
): void {
  const { blockingKeys } = redis.server;
  const distinct = keys.filter((key, i) => keys.indexOf(key) === i);
  c.bpop = { ...c.bpop, timeout, keys: distinct, where, target };
  for (const key of distinct) {
    const name = dbKey(c.db, key);
    const waiting = blockingKeys[name];
    if (waiting === undefined) blockingKeys[name] = [c.id];
    else waiting.push(c.id);
  }
  blockClient(redis, c, 'list');
}

/** Notes that a list has got its first item, if anybody waits for that (blocked.c signalKeyAsReady). */
export function signalKeyAsReady(redis: Redis, dbid: number, key: string): void {
  const { blockingKeys, readyKeys } = redis.server;
  if (!(dbKey(dbid, key) in blockingKeys)) return;
  for (const ready of readyKeys) if (ready.db === dbid && ready.key === key) return;
  readyKeys.push({ db: dbid, key });
}

/** Unblocks a client and has its waiting input processed (blocked.c unblockClient). */
export function unblockClient(redis: Redis, c: Client): void {
  if (c.btype === 'list') unblockClientWaitingData(redis, c);
  else if (c.btype === 'wait') unblockClientWaitingReplicas(redis, c);
  else if (c.btype === 'postpone') removePostponed(redis, c);
  c.flags &= ~CLIENT_BLOCKED;
  c.btype = 'none';
  redis.server.blockedClients--;
  queueClientForReprocessing(redis, c);
}

function removePostponed({ server }: Redis, c: Client): void {
  server.postponedClients = server.postponedClients.filter((id) => id !== c.id);
}

/** Keeps a client's command back until the pause is over (blockClient for BLOCKED_POSTPONE). */
export function postponeCommand(redis: Redis, c: Client, command: Command): void {
  c.bpop = { ...c.bpop, timeout: 0 };
  c.postponed = command;
  redis.server.postponedClients.push(c.id);
  blockClient(redis, c, 'postpone');
}

/** Has a client's waiting input processed before the loop sleeps (blocked.c queueClientForReprocessing). */
export function queueClientForReprocessing(redis: Redis, c: Client): void {
  if ((c.flags & CLIENT_UNBLOCKED) !== 0) return;
  c.flags |= CLIENT_UNBLOCKED;
  redis.server.unblockedClients.push(c.id);
}

function unblockClientWaitingData(redis: Redis, c: Client): void {
  const { blockingKeys } = redis.server;
  for (const key of c.bpop.keys) {
    const name = dbKey(c.db, key);
    const waiting = blockingKeys[name]!.filter((id) => id !== c.id);
    if (waiting.length === 0) delete blockingKeys[name];
    else blockingKeys[name] = waiting;
  }
  c.bpop = { ...c.bpop, keys: [], target: null };
}

/** CLIENT UNBLOCK id [TIMEOUT|ERROR]: as if its time were up, or with an error (networking.c clientCommand). */
export function unblockClientByCommand(redis: Redis, c: Client): void {
  const how = c.argv[3]?.toLowerCase() ?? 'timeout';
  if (how !== 'timeout' && how !== 'error') {
    addReplyError(redis, c, 'CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
    return;
  }
  const id = getLongLongFromObjectOrReply(redis, c, c.argv[2]!);
  if (id === undefined) return;
  const target = redis.server.clients[id];
  if (target === undefined || (target.flags & CLIENT_BLOCKED) === 0) {
    addReply(redis, c, shared.czero);
    return;
  }
  if (how === 'error') addReplyError(redis, target, '-UNBLOCKED client unblocked via CLIENT UNBLOCK');
  else replyToBlockedClientTimedOut(redis, target);
  unblockClient(redis, target);
  addReply(redis, c, shared.cone);
}

/** Processes the input of clients that were unblocked (blocked.c processUnblockedClients). */
export function processUnblockedClients(redis: Redis): void {
  const { server } = redis;
  while (server.unblockedClients.length > 0) {
    const c = server.clients[server.unblockedClients.shift()!];
    if (c === undefined) continue;
    c.flags &= ~CLIENT_UNBLOCKED;
    if ((c.flags & CLIENT_BLOCKED) === 0 && c.postponed !== null) processPostponedCommand(redis, c);
    const isFree = (c.flags & CLIENT_BLOCKED) === 0;
    if (isFree && c.querybuf.length > 0) redis.rules.processInputBufferAndReplicate(redis, c);
  }
}

/**
 * Answers a blocked client whose time is up (blocked.c replyToBlockedClientTimedOut). There is no answer for one that
 * waits for a shutdown or the end of a pause, and Redis ends there. A SHUTDOWN that waits comes to it by a time limit
 * which an earlier WAIT or BLPOP of the same client has left behind.
 */
export function replyToBlockedClientTimedOut(redis: Redis, c: Client): void {
  if (c.btype === 'list') addReply(redis, c, shared.nilArray);
  else if (c.btype === 'wait') {
    addReplyLongLong(redis, c, replicationCountAcksByOffset(redis, c.bpop.reploffset));
  } else {
    serverPanic(redis, 'Unknown btype in replyToBlockedClientTimedOut(). #blocked.c:230');
  }
}

/** Ends a client's blocking if its time, in mstime, is up (the blocked part of clientsCronHandleTimeout). */
export function clientsHandleBlockedTimeout(redis: Redis, c: Client, nowMs: number): void {
  if ((c.flags & CLIENT_BLOCKED) === 0 || c.bpop.timeout === 0 || c.bpop.timeout >= nowMs) return;
  replyToBlockedClientTimedOut(redis, c);
  unblockClient(redis, c);
}

/** Unblocks and closes every blocked client: this master becomes a replica (seed; disconnectAllBlockedClients). */
export function disconnectAllBlockedClients(redis: Redis): void {
  const { server } = redis;
  for (const id of Object.keys(server.clients)) {
    const c = server.clients[Number(id)]!;
    if ((c.flags & CLIENT_BLOCKED) === 0 || c.btype === 'postpone') continue;
    addReplyText(
      redis,
      c,
      '-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)\r\n',
    );
    unblockClient(redis, c);
    c.flags |= CLIENT_CLOSE_AFTER_REPLY;
  }
}

/**
 * Serves clients that wait for lists which have items now, in the order in which they began to wait; serving
 * BRPOPLPUSH can make further lists ready (blocked.c handleClientsBlockedOnKeys).
 */
export function handleClientsBlockedOnKeys(redis: Redis): void {
  const { server } = redis;
  while (server.readyKeys.length > 0) {
    const { db, key } = server.readyKeys.shift()!;
    server.fixedTimeExpire++;
    updateCachedTime(redis);
    serveList(redis, db, key);
    if (redis.profile.collectsPropagation) propagatePendingCommands(redis, true);
    server.fixedTimeExpire--;
  }
}

function serveList(redis: Redis, db: number, key: string): void {
  const { server } = redis;
  const entry = lookupKeyWrite(redis, db, key);
  if (entry === undefined || !(entry.value instanceof RedisList)) return;
  let list = entry.value;
  const waiting: ClientId[] = [...(server.blockingKeys[dbKey(db, key)] ?? [])];
  for (const id of waiting) {
    if (list.length === 0) break;
    const receiver = server.clients[id]!;
    const { target, where } = receiver.bpop;
    const value = list.peek(where);
    unblockClient(redis, receiver);
    if (target === key) {
      list = rotate(redis, receiver, db, key, list);
      continue;
    }
    if (serveClientBlockedOnList(redis, receiver, db, key, target, value, where)) list = list.pop(where);
    if (list.length > 0) dbOverwrite(redis, db, key, list);
  }
  if (list.length === 0) dbDelete(redis, db, key);
}

/** BRPOPLPUSH from a list onto itself. */
function rotate(redis: Redis, receiver: Client, db: number, key: string, list: RedisList): RedisList {
  const value = list.peek('right');
  const rotated = list.pop('right').push([value], 'left');
  const asOne = redis.profile.propagatesServedMoveAsOne;
  if (!asOne) propagateServed(redis, db, ['RPOP', key]);
  dbOverwrite(redis, db, key, rotated);
  addReplyBulk(redis, receiver, value);
  propagateServed(redis, db, asOne ? ['RPOPLPUSH', key, key] : ['LPUSH', key, value]);
  return rotated;
}

/** Gives a client the item it waited for; false where BRPOPLPUSH's target is no list (serveClientBlockedOnList). */
function serveClientBlockedOnList(
  redis: Redis,
  receiver: Client,
  db: number,
  key: string,
  target: string | null,
  value: string,
  where: 'left' | 'right',
): boolean {
  if (target === null) {
    propagateServed(redis, db, [where === 'left' ? 'LPOP' : 'RPOP', key]);
    addReplyArrayLen(redis, receiver, 2);
    addReplyBulk(redis, receiver, key);
    addReplyBulk(redis, receiver, value);
    return true;
  }
  const destination = lookupKeyWrite(redis, receiver.db, target);
  if (destination !== undefined && wrongType(redis, receiver, destination.value, 'list')) return false;
  const asOne = redis.profile.propagatesServedMoveAsOne;
  if (!asOne) propagateServed(redis, db, ['RPOP', key]);
  pushHead(redis, receiver, target, value);
  addReplyBulk(redis, receiver, value);
  propagateServed(redis, db, asOne ? ['RPOPLPUSH', key, target] : ['LPUSH', target, value]);
  return true;
}

/** Tells the replicas what a client that waited was given: with nothing else, a command of its own. */
function propagateServed(redis: Redis, db: number, argv: readonly string[]): void {
  propagate(redis, db, new Command(argv));
}
