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
import { RedisHash } from '../data/values.ts';
import type { Client } from '../networking/client.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyLongLong,
  addReplyNull,
  shared,
} from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { addReplyErrorArity } from './arguments.ts';

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
