import {
  dbAdd,
  dbDelete,
  getExpire,
  lookupKey,
  lookupKeyRead,
  lookupKeyWrite,
  setExpire,
  signalFlushedDb,
  signalModifiedKey,
} from '../data/db.ts';
import { keyspaceOf } from '../data/keyspace.ts';
import { typeOf } from '../data/values.ts';
import type { Client } from '../networking/client.ts';
import { addReply, addReplyError, shared } from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { getLongLongFromObjectOrReply } from './arguments.ts';
import { signalKeyAsReady } from './blocked.ts';
import { getLongLong } from './numbers.ts';

/** MOVE key db. */
export function moveCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  const target = targetDb(redis, c, c.argv[2]!);
  if (target === undefined) return;
  if (target === c.db) {
    addReply(redis, c, shared.sameobjecterr);
    return;
  }
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry === undefined) {
    addReply(redis, c, shared.czero);
    return;
  }
  const expire = getExpire(redis, c.db, key);
  if (lookupKeyWrite(redis, target, key) !== undefined) {
    addReply(redis, c, shared.czero);
    return;
  }
  dbAdd(redis, target, key, entry.value);
  if (expire !== null) setExpire(redis, c, target, key, expire);
  dbDelete(redis, c.db, key);
  signalModifiedKey(redis, c.db, key);
  signalModifiedKey(redis, target, key);
  redis.server.dirty++;
  addReply(redis, c, shared.cone);
}

/** The database that an argument names; undefined where it names none, which is answered. */
function targetDb(redis: Redis, c: Client, text: string): number | undefined {
  const { wordsErrorsAnew } = redis.profile;
  const dbid = wordsErrorsAnew ? getLongLongFromObjectOrReply(redis, c, text) : getLongLong(text);
  if (dbid === undefined && wordsErrorsAnew) return undefined;
  if (dbid !== undefined && dbid >= 0 && dbid < redis.server.dbnum) return dbid;
  if (wordsErrorsAnew) addReplyError(redis, c, 'DB index is out of range');
  else addReply(redis, c, shared.outofrangeerr);
  return undefined;
}

/** COPY source destination [DB db] [REPLACE]. */
export function copyCommand(redis: Redis, c: Client): void {
  const [, source, copy] = c.argv as [string, string, string];
  let target = c.db;
  let replace = false;
  for (let i = 3; i < c.argv.length; i++) {
    const option = c.argv[i]!.toLowerCase();
    if (option === 'replace') replace = true;
    else if (option === 'db' && i + 1 < c.argv.length) {
      const named = targetDb(redis, c, c.argv[++i]!);
      if (named === undefined) return;
      target = named;
    } else {
      addReply(redis, c, shared.syntaxerr);
      return;
    }
  }
  if (target === c.db && source === copy) {
    addReply(redis, c, shared.sameobjecterr);
    return;
  }
  const entry = lookupKeyRead(redis, c.db, source);
  if (entry === undefined) {
    addReply(redis, c, shared.czero);
    return;
  }
  if (lookupKeyWrite(redis, target, copy) !== undefined) {
    if (!replace) {
      addReply(redis, c, shared.czero);
      return;
    }
    dbDelete(redis, target, copy);
  }
  dbAdd(redis, target, copy, entry.value);
  if (entry.expireAt !== null) setExpire(redis, c, target, copy, entry.expireAt);
  signalModifiedKey(redis, target, copy);
  redis.server.dirty++;
  addReply(redis, c, shared.cone);
}

/** SWAPDB db db: clients stay in their database and find the other's keys there (db.c dbSwapDatabases). */
export function swapdbCommand(redis: Redis, c: Client): void {
  const { server, profile } = redis;
  const a = getLongLongFromObjectOrReply(redis, c, c.argv[1]!, 'invalid first DB index');
  if (a === undefined) return;
  const b = getLongLongFromObjectOrReply(redis, c, c.argv[2]!, 'invalid second DB index');
  if (b === undefined) return;
  if (Math.min(a, b) < 0 || Math.max(a, b) >= server.dbnum) {
    addReplyError(redis, c, 'DB index is out of range');
    return;
  }
  if (a !== b) {
    if (profile.swapTouchesWatchers) touchWatchers(redis, a, b);
    const swapped = keyspaceOf(server.dbs, a);
    server.dbs[a] = keyspaceOf(server.dbs, b);
    server.dbs[b] = swapped;
    if (profile.swapTouchesWatchers) touchWatchers(redis, a, b);
    for (const dbid of [a, b]) signalReadyLists(redis, dbid);
  }
  server.dirty++;
  addReply(redis, c, shared.ok);
}

/** Whoever watches a key that is there. */
function touchWatchers(redis: Redis, a: number, b: number): void {
  signalFlushedDb(redis, a);
  signalFlushedDb(redis, b);
}

/** Lists that clients wait for may be there now (db.c scanDatabaseForReadyKeys). */
function signalReadyLists(redis: Redis, dbid: number): void {
  const prefix = `${dbid}:`;
  for (const name of Object.keys(redis.server.blockingKeys)) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    const entry = lookupKey(redis, dbid, key);
    if (entry !== undefined && typeOf(entry.value) === 'list') signalKeyAsReady(redis, dbid, key);
  }
}
