import { getLongLongFromObjectOrReply } from './arguments.ts';
import type { Client } from './client.ts';
import {
  dbDelete,
  getExpire,
  lookupKeyRead,
  lookupKeyWrite,
  removeExpire,
  setExpire,
  signalModifiedKey,
} from './db.ts';
import { rewriteClientCommandVector } from './execute.ts';
import { addReply, addReplyLongLong, shared } from './reply.ts';
import { mstime, type Redis } from './system.ts';

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
  const time = getLongLongFromObjectOrReply(redis, c, c.argv[2]!);
  if (time === undefined) return;
  const when = time * unitMs + basetimeMs;
  if (lookupKeyWrite(redis, c.db, key) === undefined) {
    addReply(redis, c, shared.czero);
    return;
  }
  if (when <= mstime(redis) && !server.loading && server.masterhost === null) {
    dbDelete(redis, c.db, key);
    rewriteClientCommandVector(c, server.lazyfreeLazyExpire ? 'UNLINK' : 'DEL', key);
  } else {
    setExpire(redis, c, c.db, key, when);
  }
  server.dirty++;
  signalModifiedKey(redis, c.db, key);
  addReply(redis, c, shared.cone);
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
