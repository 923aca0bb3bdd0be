import {
  dbAdd,
  dbDelete,
  dbOverwrite,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  lookupKeyWriteOrReply,
  signalModifiedKey,
  wrongType,
} from '../data/db.ts';
import { RedisList } from '../data/values.ts';
import { CLIENT_MULTI, type Client } from '../networking/client.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  shared,
} from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { addReplyErrorArity, getLongLongFromObjectOrReply, getTimeoutFromText } from './arguments.ts';
import { blockForKeys } from './blocked.ts';
import { rewriteClientCommandVector } from './execute.ts';

type End = 'left' | 'right';

/** LPUSH key value [value ...]. */
export function lpushCommand(redis: Redis, c: Client): void {
  pushGenericCommand(redis, c, 'left', true);
}

/** RPUSH key value [value ...]. */
export function rpushCommand(redis: Redis, c: Client): void {
  pushGenericCommand(redis, c, 'right', true);
}

/** LPUSHX key value [value ...]: only where the list is there. */
export function lpushxCommand(redis: Redis, c: Client): void {
  pushGenericCommand(redis, c, 'left', false);
}

/** RPUSHX key value [value ...]: only where the list is there. */
export function rpushxCommand(redis: Redis, c: Client): void {
  pushGenericCommand(redis, c, 'right', false);
}

function pushGenericCommand(redis: Redis, c: Client, where: End, create: boolean): void {
  const key = c.argv[1]!;
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry === undefined && !create) {
    addReply(redis, c, shared.czero);
    return;
  }
  if (entry !== undefined && wrongType(redis, c, entry.value, 'list')) return;
  const before = (entry?.value as RedisList | undefined) ?? RedisList.of([]);
  const list = before.push(c.argv.slice(2), where);
  if (entry === undefined) dbAdd(redis, c.db, key, list);
  else dbOverwrite(redis, c.db, key, list);
  addReplyLongLong(redis, c, list.length);
  signalModifiedKey(redis, c.db, key);
  redis.server.dirty += c.argv.length - 2;
}

/** LPOP key. */
export function lpopCommand(redis: Redis, c: Client): void {
  popGenericCommand(redis, c, 'left');
}

/** RPOP key. */
export function rpopCommand(redis: Redis, c: Client): void {
  popGenericCommand(redis, c, 'right');
}

/** With a count, which Redis 6.2 brought, several items (t_list.c popGenericCommand). */
function popGenericCommand(redis: Redis, c: Client, where: End): void {
  const key = c.argv[1]!;
  let count: number | null = null;
  if (c.argv.length > 3) {
    addReplyErrorArity(redis, c, c.cmd);
    return;
  }
  if (c.argv.length === 3) {
    const outOfRange = 'value is out of range, must be positive';
    const parsed = getLongLongFromObjectOrReply(redis, c, c.argv[2]!, outOfRange);
    if (parsed === undefined) return;
    if (parsed < 0) {
      addReplyError(redis, c, outOfRange);
      return;
    }
    count = parsed;
  }
  const entry = lookupKeyWriteOrReply(redis, c, key, count === null ? shared.nil : shared.nilArray);
  if (entry === undefined || wrongType(redis, c, entry.value, 'list')) return;
  const list = entry.value as RedisList;
  if (count === null) {
    addReplyBulk(redis, c, list.peek(where));
    popped(redis, c.db, key, list.pop(where));
    redis.server.dirty++;
  } else if (count === 0) {
    addReply(redis, c, shared.emptyArray);
  } else {
    const number = Math.min(count, list.length);
    const { items } = list;
    const taken = where === 'left' ? items.slice(0, number) : items.slice(-number).reverse();
    addReplyArrayLen(redis, c, number);
    for (const item of taken) addReplyBulk(redis, c, item);
    const rest = where === 'left' ? items.slice(number) : items.slice(0, items.length - number);
    popped(redis, c.db, key, RedisList.of(rest));
    redis.server.dirty += number;
  }
}

/** Stores what is left of a list after a pop, or deletes the key where that is nothing. */
export function popped(redis: Redis, dbid: number, key: string, rest: RedisList): void {
  if (rest.length === 0) dbDelete(redis, dbid, key);
  else dbOverwrite(redis, dbid, key, rest);
  signalModifiedKey(redis, dbid, key);
}

/** LLEN key. */
export function llenCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'list')) return;
  addReplyLongLong(redis, c, (entry.value as RedisList).length);
}

/** LRANGE key start stop. */
export function lrangeCommand(redis: Redis, c: Client): void {
  const start = getLongLongFromObjectOrReply(redis, c, c.argv[2]!);
  if (start === undefined) return;
  const stop = getLongLongFromObjectOrReply(redis, c, c.argv[3]!);
  if (stop === undefined) return;
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.emptyArray);
  if (entry === undefined || wrongType(redis, c, entry.value, 'list')) return;
  const { items } = entry.value as RedisList;
  const from = start < 0 ? Math.max(0, items.length + start) : start;
  const to = stop < 0 ? items.length + stop : Math.min(stop, items.length - 1);
  if (from > to) {
    addReply(redis, c, shared.emptyArray);
    return;
  }
  addReplyArrayLen(redis, c, to - from + 1);
  for (let i = from; i <= to; i++) addReplyBulk(redis, c, items[i]!);
}

/** RPOPLPUSH source destination. */
export function rpoplpushCommand(redis: Redis, c: Client): void {
  moveGenericCommand(redis, c, 'right', 'left');
}

/** LMOVE source destination LEFT|RIGHT LEFT|RIGHT. */
export function lmoveCommand(redis: Redis, c: Client): void {
  const [from, to] = [c.argv[3]!, c.argv[4]!].map((text) => text.toLowerCase());
  if ((from !== 'left' && from !== 'right') || (to !== 'left' && to !== 'right')) {
    addReply(redis, c, shared.syntaxerr);
  } else {
    moveGenericCommand(redis, c, from, to);
  }
}

/** t_list.c lmoveGenericCommand. */
function moveGenericCommand(redis: Redis, c: Client, from: End, to: End): void {
  const source = c.argv[1]!;
  const target = c.argv[2]!;
  const entry = lookupKeyWriteOrReply(redis, c, source, shared.nil);
  if (entry === undefined || wrongType(redis, c, entry.value, 'list')) return;
  const destination = lookupKeyWrite(redis, c.db, target);
  if (destination !== undefined && wrongType(redis, c, destination.value, 'list')) return;
  const list = entry.value as RedisList;
  const value = list.peek(from);
  const rest = list.pop(from);
  if (source === target) {
    dbOverwrite(redis, c.db, source, rest.push([value], to));
    signalModifiedKey(redis, c.db, source);
  } else {
    pushHead(redis, c, target, value, to);
    popped(redis, c.db, source, rest);
  }
  addReplyBulk(redis, c, value);
  redis.server.dirty++;
  if (c.cmd === 'brpoplpush') rewriteClientCommandVector(c, 'RPOPLPUSH', source, target);
}

/** Puts a value at the head of a list, or at its other end, made where it is not there (the storing half of rpoplpushHandlePush). */
export function pushHead(redis: Redis, c: Client, key: string, value: string, where: End = 'left'): void {
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry === undefined) dbAdd(redis, c.db, key, RedisList.of([value]));
  else dbOverwrite(redis, c.db, key, (entry.value as RedisList).push([value], where));
  signalModifiedKey(redis, c.db, key);
}

/** BLPOP key [key ...] timeout. */
export function blpopCommand(redis: Redis, c: Client): void {
  blockingPopGenericCommand(redis, c, 'left');
}

/** BRPOP key [key ...] timeout. */
export function brpopCommand(redis: Redis, c: Client): void {
  blockingPopGenericCommand(redis, c, 'right');
}

function blockingPopGenericCommand(redis: Redis, c: Client, where: End): void {
  const keys = c.argv.slice(1, -1);
  const timeout = getTimeoutFromText(redis, c, c.argv[c.argv.length - 1]!, 'seconds');
  if (timeout === undefined) return;
  for (const key of keys) {
    const entry = lookupKeyWrite(redis, c.db, key);
    if (entry === undefined) continue;
    if (wrongType(redis, c, entry.value, 'list')) return;
    const list = entry.value as RedisList;
    addReplyArrayLen(redis, c, 2);
    addReplyBulk(redis, c, key);
    addReplyBulk(redis, c, list.peek(where));
    popped(redis, c.db, key, list.pop(where));
    redis.server.dirty++;
    rewriteClientCommandVector(c, where === 'left' ? 'LPOP' : 'RPOP', key);
    return;
  }
  if ((c.flags & CLIENT_MULTI) !== 0) addReply(redis, c, shared.nilArray);
  else blockForKeys(redis, c, keys, timeout, where, null);
}

/** BRPOPLPUSH source destination timeout. */
export function brpoplpushCommand(redis: Redis, c: Client): void {
  const timeout = getTimeoutFromText(redis, c, c.argv[3]!, 'seconds');
  if (timeout === undefined) return;
  const entry = lookupKeyWrite(redis, c.db, c.argv[1]!);
  if (entry !== undefined) {
    if (!wrongType(redis, c, entry.value, 'list')) rpoplpushCommand(redis, c);
  } else if ((c.flags & CLIENT_MULTI) !== 0) {
    addReply(redis, c, shared.nil);
  } else {
    blockForKeys(redis, c, [c.argv[1]!], timeout, 'right', c.argv[2]!);
  }
}
