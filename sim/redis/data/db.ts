import { signalKeyAsReady } from '../commands/blocked.ts';
import { CMD_READONLY, lookupCommand } from '../commands/command-table.ts';
import { noteForPropagation } from '../commands/propagation-7.ts';
import { Command, type Text } from '../networking/bytes.ts';
import { CLIENT_DIRTY_CAS, CLIENT_MASTER, type Client } from '../networking/client.ts';
import { clientsArePaused } from '../networking/networking.ts';
import { addReply, shared } from '../networking/reply.ts';
import { replicationFeedSlaves } from '../replication/replication-feed.ts';
import { mstime, type Redis } from '../system.ts';
import { type KeyEntry, Keyspace, keyspaceOf } from './keyspace.ts';
import { splitPopulatedKey } from './populated-range.ts';
import { type RedisValue, typeOf, type ValueType } from './values.ts';

/** A key for a record that holds keys of all databases. */
export function dbKey(dbid: number, key: string): string {
  return `${dbid}:${key}`;
}

/** What a key holds, as it stands: nothing expires on the way (db.c lookupKey). */
export function lookupKey(redis: Redis, dbid: number, key: string): KeyEntry | undefined {
  return keyspaceOf(redis.server.dbs, dbid).get(key);
}

/**
 * Looks a key up for reading. An expired key is deleted first on a master; on a replica it stays, and is hidden
 * from the read-only commands of clients that are not its master (db.c lookupKeyReadWithFlags).
 */
export function lookupKeyRead(redis: Redis, dbid: number, key: string): KeyEntry | undefined {
  const isHidden = expireIfNeeded(redis, dbid, key) && redis.rules.hidesExpired(redis);
  return isHidden ? undefined : lookupKey(redis, dbid, key);
}

/** Whether who reads now is not to see a key that has expired (part of lookupKeyReadWithFlags). */
export function hidesExpired({ server, profile }: Redis): boolean {
  if (server.masterhost === null || profile.hidesExpiredKeys) return true;
  const { currentClient } = server;
  const c = currentClient === null ? undefined : server.clients[currentClient];
  if (c === undefined || currentClient === server.master) return false;
  const command = lookupCommand(c.cmd, profile.name);
  return command !== undefined && (command.flags & CMD_READONLY) !== 0;
}

/**
 * Looks a key up for writing: an expired one is deleted first on a master; a replica sees it, or deletes it too where
 * its own clients may write (lookupKeyWrite).
 */
export function lookupKeyWrite(redis: Redis, dbid: number, key: string): KeyEntry | undefined {
  const { server, profile } = redis;
  const isWritable = server.masterhost === null || !server.replSlaveRo;
  const isExpired = expireIfNeeded(redis, dbid, key, isWritable && profile.hidesExpiredKeys);
  return isExpired && profile.hidesExpiredKeys ? undefined : lookupKey(redis, dbid, key);
}

/** Looks a key up for reading and answers `reply` where there is none (lookupKeyReadOrReply). */
export function lookupKeyReadOrReply(
  redis: Redis,
  c: Client,
  key: string,
  reply: Text,
): KeyEntry | undefined {
  const entry = lookupKeyRead(redis, c.db, key);
  if (entry === undefined) addReply(redis, c, reply);
  return entry;
}

/** Looks a key up for writing and answers `reply` where there is none (lookupKeyWriteOrReply). */
export function lookupKeyWriteOrReply(
  redis: Redis,
  c: Client,
  key: string,
  reply: Text,
): KeyEntry | undefined {
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry === undefined) addReply(redis, c, reply);
  return entry;
}

/** Answers with the wrong-type error, and true, where a value is not of that type (object.c checkType). */
export function wrongType(redis: Redis, c: Client, value: RedisValue, type: ValueType): boolean {
  if (typeOf(value) === type) return false;
  addReply(redis, c, shared.wrongtypeerr);
  return true;
}

/** Stores a string under a key, which loses its time to live (db.c setKey). */
export function setKey(redis: Redis, dbid: number, key: string, value: string): void {
  lookupKeyWrite(redis, dbid, key);
  store(redis, dbid, key, value, null);
  signalModifiedKey(redis, dbid, key);
}

/** Adds a key that is not there; those blocked for a list of this name will be served (db.c dbAdd). */
export function dbAdd(redis: Redis, dbid: number, key: string, value: RedisValue): void {
  store(redis, dbid, key, value, null);
  if (typeOf(value) === 'list') signalKeyAsReady(redis, dbid, key);
}

/** Gives a key that is there another value; its time to live stays (db.c dbOverwrite). */
export function dbOverwrite(redis: Redis, dbid: number, key: string, value: RedisValue): void {
  store(redis, dbid, key, value, getExpire(redis, dbid, key));
}

/** Deletes a key; false where there was none (db.c dbDelete). */
export function dbDelete(redis: Redis, dbid: number, key: string): boolean {
  const { dbs } = redis.server;
  const before = keyspaceOf(dbs, dbid);
  const after = before.delete(key);
  if (after === before) return false;
  dbs[dbid] = after;
  return true;
}

/** Empties one database, or all for -1; how many keys there were (db.c emptyDb). */
export function emptyDb(redis: Redis, dbnum: number): number {
  const { server } = redis;
  let removed = 0;
  for (const id of Object.keys(server.dbs)) {
    if (dbnum !== -1 && dbnum !== Number(id)) continue;
    removed += server.dbs[Number(id)]!.size;
    server.dbs[Number(id)] = Keyspace.empty;
  }
  if (dbnum === -1) server.slaveKeysWithExpire = {};
  return removed;
}

/** DEBUG POPULATE: adds the keys `prefix:0` to `prefix:count-1` where they are not there (debug.c). */
export function populate(redis: Redis, dbid: number, count: number, prefix: string, size: number): void {
  const { server } = redis;
  server.dbs[dbid] = keyspaceOf(server.dbs, dbid).populate(prefix, Math.max(0, count), size);
  for (const id of server.watchingClients) {
    const c = server.clients[id]!;
    for (const name of Object.keys(c.watchedKeys)) {
      const split = splitPopulatedKey(name.slice(name.indexOf(':') + 1));
      if (split !== undefined && split.prefix === prefix && split.i < count) c.flags |= CLIENT_DIRTY_CAS;
    }
  }
}

/** Whether the number names a database; the client then works on it (db.c selectDb). */
export function selectDb(redis: Redis, c: Client, dbid: number): boolean {
  if (!Number.isInteger(dbid) || dbid < 0 || dbid >= redis.server.dbnum) return false;
  c.db = dbid;
  return true;
}

/** Tells clients that watch the key that it changed (db.c signalModifiedKey, multi.c touchWatchedKey). */
export function signalModifiedKey(redis: Redis, dbid: number, key: string): void {
  const { server } = redis;
  if (server.watchingClients.length === 0) return;
  const name = dbKey(dbid, key);
  for (const id of server.watchingClients) {
    const c = server.clients[id]!;
    if (name in c.watchedKeys) c.flags |= CLIENT_DIRTY_CAS;
  }
}

/** Tells clients that watch a key that is about to be flushed (multi.c touchWatchedKeysOnFlush); -1: all. */
export function signalFlushedDb(redis: Redis, dbid: number): void {
  const { server } = redis;
  for (const id of server.watchingClients) {
    const c = server.clients[id]!;
    for (const name of Object.keys(c.watchedKeys)) {
      const colon = name.indexOf(':');
      const db = Number(name.slice(0, colon));
      if (dbid !== -1 && dbid !== db) continue;
      if (keyspaceOf(server.dbs, db).has(name.slice(colon + 1))) c.flags |= CLIENT_DIRTY_CAS;
    }
  }
}

/** When a key expires, in absolute milliseconds; null for never (db.c getExpire). */
export function getExpire(redis: Redis, dbid: number, key: string): number | null {
  return lookupKey(redis, dbid, key)?.expireAt ?? null;
}

/**
 * Lets a key that is there expire at that time (absolute milliseconds). A writable replica remembers what its
 * own clients let expire, as its master does not know (db.c setExpire).
 */
export function setExpire(redis: Redis, c: Client | null, dbid: number, key: string, when: number): void {
  const { server } = redis;
  store(redis, dbid, key, lookupKey(redis, dbid, key)!.value, when);
  const writableSlave = server.masterhost !== null && !server.replSlaveRo;
  if (c !== null && writableSlave && (c.flags & CLIENT_MASTER) === 0 && dbid <= 63) {
    server.slaveKeysWithExpire[dbKey(dbid, key)] = { db: dbid, key };
  }
}

/** Makes a key that is there stay for ever; false where it had no time to live (db.c removeExpire). */
export function removeExpire(redis: Redis, dbid: number, key: string): boolean {
  const entry = lookupKey(redis, dbid, key)!;
  if (entry.expireAt === null) return false;
  store(redis, dbid, key, entry.value, null);
  return true;
}

/** Whether a key's time is over, by the time that holds for the command or script being run (db.c keyIsExpired). */
export function keyIsExpired(redis: Redis, dbid: number, key: string): boolean {
  const { server } = redis;
  const keyspace = keyspaceOf(server.dbs, dbid);
  if (keyspace.volatileKeys === 0 || server.loading) return false;
  const when = keyspace.get(key)?.expireAt ?? null;
  if (when === null) return false;
  if (server.luaCaller !== null) return server.luaTimeStart > when;
  return (server.fixedTimeExpire > 0 ? server.mstime : mstime(redis)) > when;
}

/**
 * Whether a key is expired. A master deletes it then, and says so to its replicas; a replica waits for its
 * master to do that, unless it is forced (db.c expireIfNeeded).
 */
export function expireIfNeeded(redis: Redis, dbid: number, key: string, force = false): boolean {
  if (!keyIsExpired(redis, dbid, key)) return false;
  const { server, profile } = redis;
  if (server.masterhost !== null) {
    // Nothing that the master's stream touches is expired before the stream says so.
    if (profile.hidesExpiredKeys && server.currentClient === server.master) return false;
    if (!force) return true;
  }
  if (profile.postponesPausedCommands && clientsArePaused(redis)) return true;
  deleteExpiredKey(redis, dbid, key);
  return true;
}

/** Deletes a key whose time is over and propagates that as a DEL, or UNLINK (db.c propagateExpire). */
export function deleteExpiredKey(redis: Redis, dbid: number, key: string): void {
  const { server } = redis;
  server.statExpiredkeys++;
  const command = new Command([server.lazyfreeLazyExpire ? 'UNLINK' : 'DEL', key]);
  if (redis.profile.collectsPropagation) noteForPropagation(redis, dbid, command);
  else replicationFeedSlaves(redis, dbid, command);
  dbDelete(redis, dbid, key);
}

function store(redis: Redis, dbid: number, key: string, value: RedisValue, expireAt: number | null): void {
  const { dbs } = redis.server;
  dbs[dbid] = keyspaceOf(dbs, dbid).set(key, value, expireAt);
}
