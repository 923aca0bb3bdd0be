import {
  dbAdd,
  dbDelete,
  emptyDb,
  expireIfNeeded,
  keyIsExpired,
  lookupKeyRead,
  lookupKeyWrite,
  lookupKeyWriteOrReply,
  selectDb,
  setExpire,
  signalFlushedDb,
  signalModifiedKey,
} from '../data/db.ts';
import { keyspaceOf } from '../data/keyspace.ts';
import { typeOf } from '../data/values.ts';
import type { Client } from '../networking/client.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  addReplyStatus,
  shared,
} from '../networking/reply.ts';
import { killRdbChild, rdbSave } from '../rdb/rdb.ts';
import type { Redis } from '../system.ts';
import { getLongLongFromObjectOrReply } from './arguments.ts';
import { forceCommandPropagation } from './execute.ts';
import { stringmatch } from './glob.ts';

/** The signal by which Redis stops its own child. */
const SIGUSR1 = 10;

/** SELECT index. */
export function selectCommand(redis: Redis, c: Client): void {
  const { wordsErrorsAnew } = redis.profile;
  const message = wordsErrorsAnew ? undefined : 'invalid DB index';
  const dbid = getLongLongFromObjectOrReply(redis, c, c.argv[1]!, message);
  if (dbid === undefined) return;
  if (wordsErrorsAnew && (dbid > 0x7fff_ffff || dbid < -0x8000_0000)) {
    addReplyError(redis, c, 'value is out of range, value must between -2147483648 and 2147483647');
    return;
  }
  if (selectDb(redis, c, dbid)) addReply(redis, c, shared.ok);
  else addReplyError(redis, c, 'DB index is out of range');
}

/** DEL key [key ...], and UNLINK, which differs in where the memory is freed. */
export function delCommand(redis: Redis, c: Client): void {
  let deleted = 0;
  for (let i = 1; i < c.argv.length; i++) {
    const key = c.argv[i]!;
    expireIfNeeded(redis, c.db, key);
    if (!dbDelete(redis, c.db, key)) continue;
    signalModifiedKey(redis, c.db, key);
    redis.server.dirty++;
    deleted++;
  }
  addReplyLongLong(redis, c, deleted);
}

/** EXISTS key [key ...], and TOUCH. */
export function existsCommand(redis: Redis, c: Client): void {
  let count = 0;
  for (let i = 1; i < c.argv.length; i++) {
    if (lookupKeyRead(redis, c.db, c.argv[i]!) !== undefined) count++;
  }
  addReplyLongLong(redis, c, count);
}

/** TYPE key. */
export function typeCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyRead(redis, c.db, c.argv[1]!);
  addReplyStatus(redis, c, entry === undefined ? 'none' : typeOf(entry.value));
}

/** DBSIZE: keys that have expired and have not been deleted count. */
export function dbsizeCommand(redis: Redis, c: Client): void {
  addReplyLongLong(redis, c, keyspaceOf(redis.server.dbs, c.db).size);
}

/** KEYS pattern. */
export function keysCommand(redis: Redis, c: Client): void {
  const pattern = c.argv[1]!;
  const found: string[] = [];
  keyspaceOf(redis.server.dbs, c.db).forEach((key) => {
    if (stringmatch(pattern, key) && !keyIsExpired(redis, c.db, key)) found.push(key);
  });
  addReplyArrayLen(redis, c, found.length);
  for (const key of found) addReplyBulk(redis, c, key);
}

/** RENAME key newkey. */
export function renameCommand(redis: Redis, c: Client): void {
  renameGenericCommand(redis, c, false);
}

/** RENAMENX key newkey: only where the new name is free. */
export function renamenxCommand(redis: Redis, c: Client): void {
  renameGenericCommand(redis, c, true);
}

function renameGenericCommand(redis: Redis, c: Client, nx: boolean): void {
  const [, from, to] = c.argv as [string, string, string];
  const entry = lookupKeyWriteOrReply(redis, c, from, shared.nokeyerr);
  if (entry === undefined) return;
  if (from === to) {
    addReply(redis, c, nx ? shared.czero : shared.ok);
    return;
  }
  if (lookupKeyWrite(redis, c.db, to) !== undefined) {
    if (nx) {
      addReply(redis, c, shared.czero);
      return;
    }
    dbDelete(redis, c.db, to);
  }
  dbAdd(redis, c.db, to, entry.value);
  if (entry.expireAt !== null) setExpire(redis, c, c.db, to, entry.expireAt);
  dbDelete(redis, c.db, from);
  signalModifiedKey(redis, c.db, from);
  signalModifiedKey(redis, c.db, to);
  redis.server.dirty++;
  addReply(redis, c, nx ? shared.cone : shared.ok);
}

/** FLUSHDB [ASYNC]: propagated where it removed something, or always. */
export function flushdbCommand(redis: Redis, c: Client): void {
  if (!flushArguments(redis, c)) return;
  signalFlushedDb(redis, c.db);
  redis.server.dirty += emptyDb(redis, c.db);
  if (redis.profile.propagatesEmptyFlush) forceCommandPropagation(c);
  addReply(redis, c, shared.ok);
}

/**
 * FLUSHALL [ASYNC]: always propagated. A save under way is killed, as its snapshot is no longer wanted, and
 * where saves are configured the empty dataset is saved at once (db.c flushallCommand).
 */
export function flushallCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  if (!flushArguments(redis, c)) return;
  signalFlushedDb(redis, -1);
  server.dirty += emptyDb(redis, -1);
  addReply(redis, c, shared.ok);
  if (server.child !== null && server.child.type !== 'aof') killRdbChild(redis, SIGUSR1);
  if (server.saveparams.length > 0) {
    const { dirty } = server;
    rdbSave(redis, redis.rules.rdbPopulateSaveInfo(redis));
    // 5.0 propagates what is dirty; 7.0 forces it, and what was saved stays clean (flushAllDataAndResetRDB).
    if (!redis.profile.propagatesEmptyFlush) server.dirty = dirty;
  }
  if (redis.profile.propagatesEmptyFlush) forceCommandPropagation(c);
  else server.dirty++;
}

function isFlushOption({ profile }: Redis, { argv }: Client): boolean {
  const option = argv[1]!.toLowerCase();
  return argv.length === 2 && (option === 'async' || (option === 'sync' && profile.flushTakesSync));
}

function flushArguments(redis: Redis, c: Client): boolean {
  if (c.argv.length === 1 || isFlushOption(redis, c)) return true;
  addReply(redis, c, shared.syntaxerr);
  return false;
}
