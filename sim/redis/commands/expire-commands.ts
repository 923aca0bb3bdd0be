import {
  dbDelete,
  getExpire,
  lookupKeyRead,
  lookupKeyWrite,
  removeExpire,
  setExpire,
  signalModifiedKey,
} from '../data/db.ts';
import type { Client } from '../networking/client.ts';
import { addReply, addReplyError, addReplyLongLong, shared } from '../networking/reply.ts';
import { mstime, type Redis } from '../system.ts';
import { getLongLongFromObjectOrReply } from './arguments.ts';
import { rewriteClientCommandVector } from './execute.ts';
import { multiplyAdd } from './numbers.ts';

/** EXPIRE key seconds. */
export function expireCommand(redis: Redis, c: Client): void {
  expireGenericCommand(redis, c, mstime(redis), 1000);
}

/** PEXPIRE key milliseconds. */
export function pexpireCommand(redis: Redis, c: Client): void {
  expireGenericCommand(redis, c, mstime(redis), 1);
}

/** EXPIREAT key seconds-since-the-epoch. */
export function expireatCommand(redis: Redis, c: Client): void {
  expireGenericCommand(redis, c, 0, 1000);
}

/** PEXPIREAT key milliseconds-since-the-epoch. */
export function pexpireatCommand(redis: Redis, c: Client): void {
  expireGenericCommand(redis, c, 0, 1);
}

/**
 * A time in the past deletes the key on a master, which then propagates a DEL; a replica keeps the key, already
 * expired, until its master deletes it (expire.c expireGenericCommand).
 */
function expireGenericCommand(redis: Redis, c: Client, basetimeMs: number, unitMs: number): void {
  const { server } = redis;
  const key = c.argv[1]!;
  const options = expireOptions(redis, c);
  if (options === undefined) return;
  const time = getLongLongFromObjectOrReply(redis, c, c.argv[2]!);
  if (time === undefined) return;
  const { value: when, overflows } = multiplyAdd(c.argv[2]!, unitMs, basetimeMs);
  if (overflows && redis.profile.refusesOverflowingTimes) {
    addReplyError(redis, c, redis.profile.invalidExpireTime.replace('{}', c.cmd));
    return;
  }
  if (lookupKeyWrite(redis, c.db, key) === undefined) {
    addReply(redis, c, shared.czero);
    return;
  }
  if (!mayExpireThen(options, getExpire(redis, c.db, key), when)) {
    addReply(redis, c, shared.czero);
    return;
  }
  if (when <= mstime(redis) && !server.loading && server.masterhost === null) {
    dbDelete(redis, c.db, key);
    rewriteClientCommandVector(c, server.lazyfreeLazyExpire ? 'UNLINK' : 'DEL', key);
  } else {
    setExpire(redis, c, c.db, key, when);
    if (redis.profile.propagatesAbsoluteTimes && c.cmd !== 'pexpireat') {
      rewriteClientCommandVector(c, 'PEXPIREAT', key, String(when), ...c.argv.slice(3));
    }
  }
  server.dirty++;
  signalModifiedKey(redis, c.db, key);
  addReply(redis, c, shared.cone);
}

const EXPIRE_OPTIONS: readonly string[] = ['nx', 'xx', 'gt', 'lt'];

/** Redis 7's options of EXPIRE; undefined where they are wrong, which is answered (parseExtendedExpireArgumentsOrReply). */
function expireOptions(redis: Redis, c: Client): ReadonlySet<string> | undefined {
  const options = new Set<string>();
  for (let i = 3; i < c.argv.length; i++) {
    const option = c.argv[i]!.toLowerCase();
    if (!EXPIRE_OPTIONS.includes(option)) {
      addReplyError(redis, c, `Unsupported option ${c.argv[i]}`);
      return undefined;
    }
    options.add(option);
  }
  const clash = 'options at the same time are not compatible';
  if (options.has('nx') && options.size > 1) addReplyError(redis, c, `NX and XX, GT or LT ${clash}`);
  else if (options.has('gt') && options.has('lt')) addReplyError(redis, c, `GT and LT ${clash}`);
  else return options;
  return undefined;
}

/** Whether the options let a key that expires at `current` (null: never) expire at `when`. */
function mayExpireThen(options: ReadonlySet<string>, current: number | null, when: number): boolean {
  if (options.has('nx') && current !== null) return false;
  if (options.has('xx') && current === null) return false;
  if (options.has('gt') && (current === null || when <= current)) return false;
  return !(options.has('lt') && current !== null && when >= current);
}

/** TTL key, in seconds: -2 where there is no key, -1 where it stays for ever. */
export function ttlCommand(redis: Redis, c: Client): void {
  ttlGenericCommand(redis, c, (ms) => Math.floor((ms + 500) / 1000));
}

/** PTTL key, in milliseconds. */
export function pttlCommand(redis: Redis, c: Client): void {
  ttlGenericCommand(redis, c, (ms) => ms);
}

function ttlGenericCommand(redis: Redis, c: Client, inUnits: (ms: number) => number): void {
  const key = c.argv[1]!;
  if (lookupKeyRead(redis, c.db, key) === undefined) {
    addReplyLongLong(redis, c, -2);
    return;
  }
  const expire = getExpire(redis, c.db, key);
  addReplyLongLong(redis, c, expire === null ? -1 : inUnits(Math.max(0, expire - mstime(redis))));
}

/** PERSIST key. */
export function persistCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  const persisted = lookupKeyWrite(redis, c.db, key) !== undefined && removeExpire(redis, c.db, key);
  if (persisted) redis.server.dirty++;
  addReply(redis, c, persisted ? shared.cone : shared.czero);
}
