import type { Profile } from '../profile.ts';
import { registerScript } from '../scripting/scripting.ts';
import { type Redis, serverLog, time } from '../system.ts';
import { type RdbContents, RdbFile } from './rdb-file.ts';
import { lengthBytes, stringBytes } from './rdb-size.ts';

/** What an RDB says of the replication stream beside id and offset (rdbSaveInfo). */
export interface RdbSaveInfo {
  readonly replStreamDb: number;
}

const MICROS_PER_SECOND = 1_000_000;
const GIGABYTE = 1024 * 1024 * 1024;

/** An int32's encoding, which `ctime` and `used-mem` have in a server of ordinary age and size. */
const INT32_BYTES = 5;
const CHECKSUM_BYTES = 8;

/**
 * The stream's database for the RDB's AUX fields; null where the server follows no history that a replica
 * could resume, and the file then says nothing of replication (rdb.c rdbPopulateSaveInfo).
 */
export function rdbPopulateSaveInfo(redis: Redis): RdbSaveInfo | null {
  const { server } = redis;
  if (server.masterhost === null && server.replBacklog !== null) {
    return { replStreamDb: server.slaveseldb === -1 ? 0 : server.slaveseldb };
  }
  if (server.master !== null) return { replStreamDb: server.clients[server.master]!.db };
  if (server.cachedMaster !== null) return { replStreamDb: server.cachedMaster.db };
  return null;
}

/** The dataset as it stands now, as an RDB file, or a file without it. Costs nothing: the keyspaces are immutable. */
export function snapshot(redis: Redis, info: RdbSaveInfo | null, withData = true): RdbFile {
  const { server, profile } = redis;
  const repl =
    info === null
      ? null
      : { streamDb: info.replStreamDb, id: server.replid, offset: server.masterReplOffset };
  const scripts = info === null || !profile.rdbHoldsScripts ? [] : Object.values(server.scripts);
  const { rdbVersion, version } = profile;
  const contents = {
    dbs: withData ? { ...server.dbs } : {},
    repl,
    scripts,
    rdbVersion,
    redisVersion: version,
    ctime: time(redis),
  };
  const length = rdbBytes(contents, profile);
  const isCompressed = server.config.rdbcompression === 'yes';
  return new RdbFile(contents, length, isCompressed ? length - compressionSaving(contents) : length);
}

function compressionSaving({ dbs }: RdbContents): number {
  return Object.values(dbs).reduce((sum, { compressionSaving: saving }) => sum + saving, 0);
}

/** The length of the file that rdbSaveRio would write without compression. */
function rdbBytes(
  { dbs, repl, scripts, redisVersion }: RdbContents,
  { rdbAofField, savesListpacks }: Profile,
): number {
  let bytes = 'REDIS0009'.length + 1 + CHECKSUM_BYTES;
  bytes += aux('redis-ver', redisVersion) + aux('redis-bits', '64') + aux(rdbAofField, '0');
  bytes += 1 + stringBytes('ctime') + INT32_BYTES + 1 + stringBytes('used-mem') + INT32_BYTES;
  if (repl !== null) {
    bytes += aux('repl-stream-db', String(repl.streamDb)) + aux('repl-id', repl.id);
    bytes += aux('repl-offset', String(repl.offset));
  }
  for (const id of Object.keys(dbs)) {
    const keyspace = dbs[Number(id)]!;
    if (keyspace.size === 0) continue;
    bytes +=
      1 + lengthBytes(Number(id)) + 1 + lengthBytes(keyspace.size) + lengthBytes(keyspace.volatileKeys);
    bytes += keyspace.dataBytes - (savesListpacks ? keyspace.listpackSaving : 0);
  }
  for (const script of scripts) bytes += aux('lua', script);
  return bytes;
}

function aux(key: string, value: string): number {
  return 1 + stringBytes(key) + stringBytes(value);
}

/** How long saving so much takes on this machine, in microseconds, at least one. */
export function saveMicros(redis: Redis, bytes: number): number {
  return Math.ceil((bytes * MICROS_PER_SECOND) / redis.system.machine.saveBytesPerSecond);
}

/** How long loading so many bytes takes on this machine, in microseconds, at least one. */
export function loadMicros(redis: Redis, bytes: number): number {
  return Math.ceil((bytes * MICROS_PER_SECOND) / redis.system.machine.loadBytesPerSecond);
}

/** Forking blocks the process in proportion to its memory. */
export function blockForFork(redis: Redis, bytes: number): void {
  const micros = Math.floor((bytes / GIGABYTE) * redis.system.machine.forkMicrosPerGigabyte);
  if (micros > 0) blockUntil(redis, redis.system.now() + micros);
}

/** Keeps the process from handling anything before this time (microseconds of the virtual clock). */
export function blockUntil(redis: Redis, at: number): void {
  if (at > redis.server.blockedUntil) redis.server.blockedUntil = at;
}

/** Saves to disk in the foreground; the process is blocked meanwhile. False where saves fail (rdb.c rdbSave). */
export function rdbSave(redis: Redis, info: RdbSaveInfo | null): boolean {
  const { server, system } = redis;
  if (system.saveFails()) {
    serverLog(
      redis,
      'warning',
      'Failed opening the RDB file dump.rdb (in server root dir /) for saving: No space left on device',
    );
    return false;
  }
  const file = snapshot(redis, info);
  blockUntil(redis, system.now() + saveMicros(redis, file.length));
  system.writeRdb(file);
  serverLog(redis, 'notice', 'DB saved on disk');
  server.dirty = 0;
  server.lastsave = time(redis);
  server.lastbgsaveStatus = true;
  return true;
}

/** Forks a child that saves to disk; false where there is a child already (rdb.c rdbSaveBackground). */
export function rdbSaveBackground(redis: Redis, info: RdbSaveInfo | null): boolean {
  const { server, system } = redis;
  if (server.child !== null) return false;
  server.dirtyBeforeBgsave = server.dirty;
  server.lastbgsaveTry = time(redis);
  const file = snapshot(redis, info);
  blockForFork(redis, file.length);
  const ok = !system.saveFails();
  const doneAt = system.now() + (ok ? saveMicros(redis, file.length) : 0);
  const pid = system.forkSave(file, doneAt, ok);
  serverLog(redis, 'notice', `Background saving started by pid ${pid}`);
  server.child = { type: 'disk', pid, startedAt: system.now(), doneAt, ok, killedBy: 0 };
  return true;
}

/** Kills the child that saves; serverCron reaps it (the kill(2) of several places in C). */
export function killRdbChild(redis: Redis, signal: number): void {
  const { server, system } = redis;
  if (server.child === null || server.child.killedBy !== 0) return;
  if (server.child.type === 'disk' && system.now() >= server.child.doneAt) return;
  server.child.killedBy = signal;
  system.killChild(server.child.pid);
}

/** Puts what an RDB holds in the place of the dataset; how many keys that are. */
export function installDataset(redis: Redis, rdb: RdbFile): number {
  const { server } = redis;
  server.dbs = { ...rdb.dbs };
  if (redis.profile.rdbHoldsScripts) for (const script of rdb.scripts) registerScript(redis, script);
  return Object.values(server.dbs).reduce((keys, db) => keys + db.size, 0);
}

/** Empties every database, and forgets which keys had a TTL of a replica's own clients (db.c emptyDb). */
export function emptyData(redis: Redis): void {
  redis.server.dbs = {};
  redis.server.slaveKeysWithExpire = {};
}
