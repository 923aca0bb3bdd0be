import {
  dbOverwrite,
  lookupKeyReadOrReply,
  lookupKeyWriteOrReply,
  signalModifiedKey,
  wrongType,
} from '../data/db.ts';
import { RedisList } from '../data/values.ts';
import type { Client } from '../networking/client.ts';
import { addReply, addReplyBulk, addReplyLongLong, addReplyNull, shared } from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { getLongLongFromObjectOrReply } from './arguments.ts';
import { popped } from './list-commands.ts';

/** LINSERT key BEFORE|AFTER pivot value. */
export function linsertCommand(redis: Redis, c: Client): void {
  const [, key, place, pivot, value] = c.argv as [string, string, string, string, string];
  const where = place.toLowerCase();
  if (where !== 'before' && where !== 'after') {
    addReply(redis, c, shared.syntaxerr);
    return;
  }
  const entry = lookupKeyWriteOrReply(redis, c, key, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'list')) return;
  const items = [...(entry.value as RedisList).items];
  const at = items.indexOf(pivot);
  if (at === -1) {
    addReplyLongLong(redis, c, -1);
    return;
  }
  items.splice(where === 'before' ? at : at + 1, 0, value);
  dbOverwrite(redis, c.db, key, RedisList.of(items));
  signalModifiedKey(redis, c.db, key);
  redis.server.dirty++;
  addReplyLongLong(redis, c, items.length);
}

/** LSET key index value. */
export function lsetCommand(redis: Redis, c: Client): void {
  const [, key, indexText, value] = c.argv as [string, string, string, string];
  const entry = lookupKeyWriteOrReply(redis, c, key, shared.nokeyerr);
  if (entry === undefined || wrongType(redis, c, entry.value, 'list')) return;
  const index = getLongLongFromObjectOrReply(redis, c, indexText);
  if (index === undefined) return;
  const items = [...(entry.value as RedisList).items];
  const at = index < 0 ? items.length + index : index;
  if (at < 0 || at >= items.length) {
    addReply(redis, c, shared.outofrangeerr);
    return;
  }
  items[at] = value;
  dbOverwrite(redis, c.db, key, RedisList.of(items));
  addReply(redis, c, shared.ok);
  signalModifiedKey(redis, c.db, key);
  redis.server.dirty++;
}

/** LTRIM key start stop: in Redis 7 a change only where something goes (t_list.c ltrimCommand). */
export function ltrimCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  const start = getLongLongFromObjectOrReply(redis, c, c.argv[2]!);
  if (start === undefined) return;
  const stop = getLongLongFromObjectOrReply(redis, c, c.argv[3]!);
  if (stop === undefined) return;
  const entry = lookupKeyWriteOrReply(redis, c, key, shared.ok);
  if (entry === undefined || wrongType(redis, c, entry.value, 'list')) return;
  const { items } = entry.value as RedisList;
  const from = Math.max(0, start < 0 ? items.length + start : start);
  const to = stop < 0 ? items.length + stop : stop;
  const rest = from > to ? [] : items.slice(from, to + 1);
  popped(redis, c.db, key, RedisList.of(rest));
  redis.server.dirty += redis.profile.countsEachMember ? items.length - rest.length : 1;
  addReply(redis, c, shared.ok);
}

/** LREM key count value: the first so many, from the end where negative, all for 0. */
export function lremCommand(redis: Redis, c: Client): void {
  const [, key, countText, value] = c.argv as [string, string, string, string];
  const count = getLongLongFromObjectOrReply(redis, c, countText);
  if (count === undefined) return;
  const entry = lookupKeyWriteOrReply(redis, c, key, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'list')) return;
  const { items } = entry.value as RedisList;
  let left = count === 0 ? items.length : Math.abs(count);
  const rest = (count < 0 ? [...items].reverse() : items).filter((item) => item !== value || left-- <= 0);
  const removed = items.length - rest.length;
  if (removed > 0) {
    popped(redis, c.db, key, RedisList.of(count < 0 ? rest.reverse() : rest));
    redis.server.dirty += removed;
  }
  addReplyLongLong(redis, c, removed);
}

/** LINDEX key index. */
export function lindexCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.nil);
  if (entry === undefined || wrongType(redis, c, entry.value, 'list')) return;
  const index = getLongLongFromObjectOrReply(redis, c, c.argv[2]!);
  if (index === undefined) return;
  const item = (entry.value as RedisList).items.at(index);
  if (item === undefined) addReplyNull(redis, c);
  else addReplyBulk(redis, c, item);
}
