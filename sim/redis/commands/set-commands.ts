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
import { RedisSet } from '../data/values.ts';
import type { Client } from '../networking/client.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  shared,
} from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { getLongLongFromObjectOrReply } from './arguments.ts';
import { alsoPropagate, preventCommandPropagation, rewriteClientCommandVector } from './execute.ts';

/** SADD key member [member ...]. */
export function saddCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry !== undefined && wrongType(redis, c, entry.value, 'set')) return;
  const before = (entry?.value as RedisSet | undefined) ?? RedisSet.empty;
  let after = before;
  for (let i = 2; i < c.argv.length; i++) after = after.add(c.argv[i]!);
  if (entry === undefined) dbAdd(redis, c.db, key, after);
  else if (after !== before) dbOverwrite(redis, c.db, key, after);
  const added = after.size - before.size;
  if (added > 0) signalModifiedKey(redis, c.db, key);
  redis.server.dirty += added;
  addReplyLongLong(redis, c, added);
}

/** SREM key member [member ...]. */
export function sremCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  const entry = lookupKeyWriteOrReply(redis, c, key, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'set')) return;
  const before = entry.value as RedisSet;
  let after = before;
  for (let i = 2; i < c.argv.length; i++) after = after.remove(c.argv[i]!);
  const removed = before.size - after.size;
  if (removed > 0) {
    shrunk(redis, c.db, key, after);
    redis.server.dirty += removed;
  }
  addReplyLongLong(redis, c, removed);
}

/** Stores what is left of a set, or deletes the key where that is nothing. */
function shrunk(redis: Redis, dbid: number, key: string, rest: RedisSet): void {
  if (rest.size === 0) dbDelete(redis, dbid, key);
  else dbOverwrite(redis, dbid, key, rest);
  signalModifiedKey(redis, dbid, key);
}

/** SPOP key [count]: members drawn at random leave; replicas hear which (t_set.c spopCommand). */
export function spopCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  if (c.argv.length === 3) {
    spopWithCountCommand(redis, c);
    return;
  }
  if (c.argv.length > 3) {
    addReply(redis, c, shared.syntaxerr);
    return;
  }
  const entry = lookupKeyWriteOrReply(redis, c, key, shared.nil);
  if (entry === undefined || wrongType(redis, c, entry.value, 'set')) return;
  const set = entry.value as RedisSet;
  const member = randomMember(redis, set.members.keys());
  rewriteClientCommandVector(c, 'SREM', key, member);
  addReplyBulk(redis, c, member);
  shrunk(redis, c.db, key, set.remove(member));
  redis.server.dirty++;
}

function spopWithCountCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  const key = c.argv[1]!;
  const isPositive = redis.profile.wordsErrorsAnew;
  const outOfRange = isPositive ? 'value is out of range, must be positive' : 'index out of range';
  const count = getLongLongFromObjectOrReply(redis, c, c.argv[2]!, isPositive ? outOfRange : undefined);
  if (count === undefined) return;
  if (count < 0) {
    addReplyError(redis, c, outOfRange);
    return;
  }
  const entry = lookupKeyReadOrReply(redis, c, key, shared.emptyArray);
  if (entry === undefined || wrongType(redis, c, entry.value, 'set')) return;
  if (count === 0) {
    addReply(redis, c, shared.emptyArray);
    return;
  }
  let set = entry.value as RedisSet;
  const members = set.members.keys();
  const { countsEachMember } = redis.profile;
  server.dirty += countsEachMember ? Math.min(count, members.length) : count;
  addReplyArrayLen(redis, c, Math.min(count, members.length));
  if (count >= members.length) {
    for (const member of members) addReplyBulk(redis, c, member);
    dbDelete(redis, c.db, key);
    signalModifiedKey(redis, c.db, key);
    rewriteClientCommandVector(c, 'DEL', key);
  } else {
    for (let i = 0; i < count; i++) {
      const member = randomMember(redis, members);
      set = set.remove(member);
      addReplyBulk(redis, c, member);
      alsoPropagate(redis, c.db, ['SREM', key, member]);
    }
    shrunk(redis, c.db, key, set);
    preventCommandPropagation(c);
  }
  if (!countsEachMember) server.dirty++;
}

/** Draws a member and takes it out of the list of those left. */
function randomMember(redis: Redis, members: string[]): string {
  const at = Math.floor(redis.system.random() * members.length);
  const member = members[at]!;
  members[at] = members[members.length - 1]!;
  members.pop();
  return member;
}

/** SCARD key. */
export function scardCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'set')) return;
  addReplyLongLong(redis, c, (entry.value as RedisSet).size);
}

/** SMEMBERS key. */
export function smembersCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.emptyArray);
  if (entry === undefined || wrongType(redis, c, entry.value, 'set')) return;
  const { members } = entry.value as RedisSet;
  addReplyArrayLen(redis, c, members.size);
  members.forEach((member) => {
    addReplyBulk(redis, c, member);
  });
}

/** SISMEMBER key member. */
export function sismemberCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'set')) return;
  const is = (entry.value as RedisSet).members.has(c.argv[2]!);
  addReply(redis, c, is ? shared.cone : shared.czero);
}

/** SMOVE source destination member (t_set.c smoveCommand). */
export function smoveCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  const [, source, target, member] = c.argv as [string, string, string, string];
  const from = lookupKeyWrite(redis, c.db, source);
  const to = lookupKeyWrite(redis, c.db, target);
  if (from === undefined) {
    addReply(redis, c, shared.czero);
    return;
  }
  if (wrongType(redis, c, from.value, 'set')) return;
  if (to !== undefined && wrongType(redis, c, to.value, 'set')) return;
  const set = from.value as RedisSet;
  if (!set.members.has(member) || source === target) {
    addReply(redis, c, set.members.has(member) ? shared.cone : shared.czero);
    return;
  }
  shrunk(redis, c.db, source, set.remove(member));
  server.dirty++;
  const before = (to?.value as RedisSet | undefined) ?? RedisSet.empty;
  const after = before.add(member);
  if (to === undefined) dbAdd(redis, c.db, target, after);
  else if (after !== before) dbOverwrite(redis, c.db, target, after);
  if (after !== before) {
    server.dirty++;
    signalModifiedKey(redis, c.db, target);
  }
  addReply(redis, c, shared.cone);
}
