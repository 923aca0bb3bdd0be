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
import { RedisZset } from '../data/zset.ts';
import type { Client } from '../networking/client.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  addReplyNull,
  shared,
} from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { getLongLongFromObjectOrReply } from './arguments.ts';
import { formatDouble, getDouble } from './float-text.ts';

/** ZADD key [NX|XX] [CH] [INCR] score member [score member ...], in Redis 7 also GT and LT. */
export function zaddCommand(redis: Redis, c: Client): void {
  zaddGenericCommand(redis, c, false);
}

/** ZINCRBY key increment member. */
export function zincrbyCommand(redis: Redis, c: Client): void {
  zaddGenericCommand(redis, c, true);
}

/** t_zset.c zaddGenericCommand. */
function zaddGenericCommand(redis: Redis, c: Client, isZincrby: boolean): void {
  const { argv } = c;
  const options = new Set<string>(isZincrby ? ['incr'] : []);
  const known = redis.profile.extendedZset
    ? ['nx', 'xx', 'ch', 'incr', 'gt', 'lt']
    : ['nx', 'xx', 'ch', 'incr'];
  let first = 2;
  while (first < argv.length && known.includes(argv[first]!.toLowerCase())) {
    options.add(argv[first++]!.toLowerCase());
  }
  const [nx, xx, gt, lt] = ['nx', 'xx', 'gt', 'lt'].map((option) => options.has(option));
  const incr = options.has('incr');
  const count = argv.length - first;
  if (count === 0 || count % 2 === 1) {
    addReply(redis, c, shared.syntaxerr);
    return;
  }
  const clash = nx && xx ? 'XX and NX' : (nx && (gt || lt)) || (gt && lt) ? 'GT, LT, and/or NX' : null;
  if (clash !== null) {
    addReplyError(redis, c, `${clash} options at the same time are not compatible`);
    return;
  }
  if (incr && count > 2) {
    addReplyError(redis, c, 'INCR option supports a single increment-element pair');
    return;
  }
  const pairs: { member: string; score: number }[] = [];
  for (let i = first; i < argv.length; i += 2) {
    const score = getDouble(argv[i]!);
    if (score === undefined) {
      addReplyError(redis, c, 'value is not a valid float');
      return;
    }
    pairs.push({ member: argv[i + 1]!, score });
  }

  const key = argv[1]!;
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry !== undefined && wrongType(redis, c, entry.value, 'zset')) return;
  let zset = (entry?.value as RedisZset | undefined) ?? RedisZset.empty;
  let added = 0;
  let updated = 0;
  let result: number | null = null;
  for (const pair of pairs) {
    const current = zset.score(pair.member);
    if (current === undefined ? xx : nx) continue;
    const score = current !== undefined && incr ? current + pair.score : pair.score;
    if (Number.isNaN(score)) {
      addReplyError(redis, c, 'resulting score is not a number (NaN)');
      return;
    }
    if (current !== undefined && ((lt && score >= current) || (gt && score <= current))) continue;
    result = score;
    if (current === score) continue;
    zset = zset.set(pair.member, score);
    if (current === undefined) added++;
    else updated++;
  }
  redis.server.dirty += added + updated;
  if (!incr) addReplyLongLong(redis, c, options.has('ch') ? added + updated : added);
  else if (result === null) addReplyNull(redis, c);
  else addReplyBulk(redis, c, formatDouble(result));
  if (added + updated === 0) return;
  if (entry === undefined) dbAdd(redis, c.db, key, zset);
  else dbOverwrite(redis, c.db, key, zset);
  signalModifiedKey(redis, c.db, key);
}

/** Stores what is left of a sorted set, or deletes the key where that is nothing. */
export function shrunkZset(redis: Redis, c: Client, key: string, rest: RedisZset): void {
  if (rest.size === 0) dbDelete(redis, c.db, key);
  else dbOverwrite(redis, c.db, key, rest);
  signalModifiedKey(redis, c.db, key);
}

/** ZREM key member [member ...]. */
export function zremCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  const entry = lookupKeyWriteOrReply(redis, c, key, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'zset')) return;
  const before = entry.value as RedisZset;
  let after = before;
  for (let i = 2; i < c.argv.length; i++) after = after.remove(c.argv[i]!);
  const removed = before.size - after.size;
  if (removed > 0) {
    shrunkZset(redis, c, key, after);
    redis.server.dirty += removed;
  }
  addReplyLongLong(redis, c, removed);
}

/** ZPOPMIN key [count]. */
export function zpopminCommand(redis: Redis, c: Client): void {
  genericZpopCommand(redis, c, false);
}

/** ZPOPMAX key [count]. */
export function zpopmaxCommand(redis: Redis, c: Client): void {
  genericZpopCommand(redis, c, true);
}

/** t_zset.c genericZpopCommand; it is propagated as it came. */
function genericZpopCommand(redis: Redis, c: Client, max: boolean): void {
  const key = c.argv[1]!;
  if (c.argv.length > 3) {
    addReply(redis, c, shared.syntaxerr);
    return;
  }
  const { extendedZset } = redis.profile;
  const positive = extendedZset ? 'value is out of range, must be positive' : undefined;
  const count = c.argv.length < 3 ? 1 : getLongLongFromObjectOrReply(redis, c, c.argv[2]!, positive);
  if (count === undefined) return;
  if (count <= 0 && !extendedZset) {
    addReply(redis, c, shared.emptyArray);
    return;
  }
  if (count < 0) {
    addReplyError(redis, c, positive!);
    return;
  }
  const entry = lookupKeyWriteOrReply(redis, c, key, shared.emptyArray);
  if (entry === undefined || wrongType(redis, c, entry.value, 'zset')) return;
  if (count === 0) {
    addReply(redis, c, shared.emptyArray);
    return;
  }
  const zset = entry.value as RedisZset;
  const number = Math.min(count, zset.size);
  const from = max ? zset.size - number : 0;
  const popped = zset.items.slice(from, from + number);
  addReplyArrayLen(redis, c, number * 2);
  for (const { member, score } of max ? popped.reverse() : popped) {
    addReplyBulk(redis, c, member);
    addReplyBulk(redis, c, formatDouble(score));
  }
  redis.server.dirty += number;
  shrunkZset(redis, c, key, zset.removeRange(from, from + number));
}

/** ZCARD key. */
export function zcardCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'zset')) return;
  addReplyLongLong(redis, c, (entry.value as RedisZset).size);
}

/** ZSCORE key member. */
export function zscoreCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.nil);
  if (entry === undefined || wrongType(redis, c, entry.value, 'zset')) return;
  const score = (entry.value as RedisZset).score(c.argv[2]!);
  if (score === undefined) addReplyNull(redis, c);
  else addReplyBulk(redis, c, formatDouble(score));
}

/** ZRANK key member, and ZREVRANK, which counts from the greatest. */
export function zrankCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.nil);
  if (entry === undefined || wrongType(redis, c, entry.value, 'zset')) return;
  const { items, size } = entry.value as RedisZset;
  const rank = items.findIndex(({ member }) => member === c.argv[2]);
  if (rank === -1) addReplyNull(redis, c);
  else addReplyLongLong(redis, c, c.cmd === 'zrevrank' ? size - 1 - rank : rank);
}
