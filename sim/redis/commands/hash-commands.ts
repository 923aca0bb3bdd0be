import {
  dbAdd,
  dbDelete,
  dbOverwrite,
  lookupKeyRead,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  lookupKeyWriteOrReply,
  signalModifiedKey,
  wrongType,
} from '../data/db.ts';
import { RedisHash } from '../data/values.ts';
import type { Client } from '../networking/client.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  addReplyNull,
  addReplyText,
  shared,
} from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { addReplyErrorArity, getLongLongFromObjectOrReply } from './arguments.ts';
import { rewriteClientCommandVector } from './execute.ts';
import { addLongDoubles, formatLongDouble, getFiniteLongDouble } from './float-text.ts';
import { addLongLong, getLongLong } from './numbers.ts';

/** HSET key field value [field value ...], and HMSET, which differs in its reply (t_hash.c hsetCommand). */
export function hsetCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  if (c.argv.length % 2 === 1) {
    addReplyErrorArity(redis, c, 'HMSET');
    return;
  }
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry !== undefined && wrongType(redis, c, entry.value, 'hash')) return;
  const before = (entry?.value as RedisHash | undefined) ?? RedisHash.empty;
  let after = before;
  for (let i = 2; i < c.argv.length; i += 2) after = after.set(c.argv[i]!, c.argv[i + 1]!);
  if (entry === undefined) dbAdd(redis, c.db, key, after);
  else dbOverwrite(redis, c.db, key, after);
  if (c.cmd === 'hmset') addReply(redis, c, shared.ok);
  else addReplyLongLong(redis, c, after.size - before.size);
  signalModifiedKey(redis, c.db, key);
  redis.server.dirty += redis.profile.countsEachMember ? (c.argv.length - 2) / 2 : 1;
}

/** HGET key field. */
export function hgetCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.nil);
  if (entry === undefined || wrongType(redis, c, entry.value, 'hash')) return;
  const value = (entry.value as RedisHash).fields.get(c.argv[2]!);
  if (value === undefined) addReplyNull(redis, c);
  else addReplyBulk(redis, c, value);
}

/** HDEL key field [field ...]. */
export function hdelCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  const entry = lookupKeyWriteOrReply(redis, c, key, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'hash')) return;
  const before = entry.value as RedisHash;
  let after = before;
  for (let i = 2; i < c.argv.length; i++) after = after.remove(c.argv[i]!);
  const removed = before.size - after.size;
  if (removed > 0) {
    if (after.size === 0) dbDelete(redis, c.db, key);
    else dbOverwrite(redis, c.db, key, after);
    signalModifiedKey(redis, c.db, key);
    redis.server.dirty += removed;
  }
  addReplyLongLong(redis, c, removed);
}

/** HLEN key. */
export function hlenCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'hash')) return;
  addReplyLongLong(redis, c, (entry.value as RedisHash).size);
}

/** HGETALL key. */
export function hgetallCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.emptyArray);
  if (entry === undefined || wrongType(redis, c, entry.value, 'hash')) return;
  const { fields } = entry.value as RedisHash;
  addReplyArrayLen(redis, c, fields.size * 2);
  fields.forEach((field, value) => {
    addReplyBulk(redis, c, field);
    addReplyBulk(redis, c, value);
  });
}

/** HSETNX key field value: only where the field is not there. */
export function hsetnxCommand(redis: Redis, c: Client): void {
  const [, key, field, value] = c.argv as [string, string, string, string];
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry !== undefined && wrongType(redis, c, entry.value, 'hash')) return;
  if ((entry?.value as RedisHash | undefined)?.fields.has(field)) {
    addReply(redis, c, shared.czero);
    return;
  }
  storeField(redis, c, entry?.value as RedisHash | undefined, value);
  addReply(redis, c, shared.cone);
}

/** Stores a value in the field that a command names second. */
function storeField(redis: Redis, c: Client, hash: RedisHash | undefined, value: string): void {
  const key = c.argv[1]!;
  if (hash === undefined) dbAdd(redis, c.db, key, RedisHash.empty.set(c.argv[2]!, value));
  else dbOverwrite(redis, c.db, key, hash.set(c.argv[2]!, value));
  signalModifiedKey(redis, c.db, key);
  redis.server.dirty++;
}

/** HINCRBY key field increment. */
export function hincrbyCommand(redis: Redis, c: Client): void {
  const [, key, field, increment] = c.argv as [string, string, string, string];
  if (getLongLongFromObjectOrReply(redis, c, increment) === undefined) return;
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry !== undefined && wrongType(redis, c, entry.value, 'hash')) return;
  const hash = entry?.value as RedisHash | undefined;
  const old = hash?.fields.get(field) ?? '0';
  if (getLongLong(old) === undefined) {
    addReplyError(redis, c, 'hash value is not an integer');
    return;
  }
  const value = addLongLong(old, increment);
  if (value === undefined) {
    addReplyError(redis, c, 'increment or decrement would overflow');
    return;
  }
  storeField(redis, c, hash, value);
  addReplyText(redis, c, `:${value}\r\n`);
}

/** HINCRBYFLOAT key field increment: replicas hear the result (t_hash.c hincrbyfloatCommand). */
export function hincrbyfloatCommand(redis: Redis, c: Client): void {
  const [, key, field, text] = c.argv as [string, string, string, string];
  const increment = getFiniteLongDouble(text);
  if (increment === undefined) {
    addReplyError(redis, c, 'value is not a valid float');
    return;
  }
  if (increment === 'infinite' && redis.profile.wordsErrorsAnew) {
    addReplyError(redis, c, 'value is NaN or Infinity');
    return;
  }
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry !== undefined && wrongType(redis, c, entry.value, 'hash')) return;
  const hash = entry?.value as RedisHash | undefined;
  const stored = hash?.fields.get(field) ?? '0';
  const { readsWholeHashFloats } = redis.profile;
  const old = getFiniteLongDouble(readsWholeHashFloats ? stored : upToNul(stored));
  if (old === undefined) {
    addReplyError(redis, c, 'hash value is not a float');
    return;
  }
  if (old === 'infinite' || increment === 'infinite') {
    addReplyError(redis, c, 'increment would produce NaN or Infinity');
    return;
  }
  const value = formatLongDouble(addLongDoubles(old, increment));
  storeField(redis, c, hash, value);
  addReplyBulk(redis, c, value);
  rewriteClientCommandVector(c, 'HSET', key, field, value);
}

/** What strtold sees of a value: nothing from the first NUL on, and no digits are 0. */
function upToNul(text: string): string {
  return text.split('\0')[0] || '0';
}

/** HMGET key field [field ...]. */
export function hmgetCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyRead(redis, c.db, c.argv[1]!);
  if (entry !== undefined && wrongType(redis, c, entry.value, 'hash')) return;
  addReplyArrayLen(redis, c, c.argv.length - 2);
  for (const field of c.argv.slice(2)) {
    const value = (entry?.value as RedisHash | undefined)?.fields.get(field);
    if (value === undefined) addReplyNull(redis, c);
    else addReplyBulk(redis, c, value);
  }
}

/** HEXISTS key field. */
export function hexistsCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'hash')) return;
  addReply(redis, c, (entry.value as RedisHash).fields.has(c.argv[2]!) ? shared.cone : shared.czero);
}
