import { dbDelete } from '../data/db.ts';
import { keyspaceOf } from '../data/keyspace.ts';
import { Command } from '../networking/bytes.ts';
import { createReplicationBacklog, freeReplicationBacklog } from '../replication/backlog.ts';
import { rebaseReplicationBuffer } from '../replication/replication-buffer-7.ts';
import { replicationFeedSlaves } from '../replication/replication-feed.ts';
import { replicationCacheMasterUsingMyself } from '../replication/replication-role.ts';
import { finishSyncLoad } from '../replication/replication-transfer.ts';
import { NO_TIME, REPL_STATE_TRANSFER } from '../server.ts';
import { mstime, mstimeAt, type Redis, serverLog, time } from '../system.ts';
import { loadMicros } from './rdb.ts';
import type { RdbFile, RdbReplication } from './rdb-file.ts';

/** How often a load lets the event loop look at sockets, in bytes of RDB (loading_process_events_interval_bytes). */
const LOADING_PROCESS_EVENTS_INTERVAL_BYTES = 2 * 1024 * 1024;

/** Begins to load an RDB; the process is blocked but for a look at its sockets every 2 MiB (rdb.c rdbLoad). */
export function beginLoad(redis: Redis, rdb: RdbFile, purpose: 'boot' | 'sync'): void {
  const { server } = redis;
  server.loading = true;
  server.load = {
    rdb,
    startedAt: redis.system.now(),
    read: 0,
    purpose,
    swaps: false,
    fromSocket: false,
    servesSockets: true,
    deadline: NO_TIME,
    lastCron: mstime(redis),
  };
  logLoadBegins(redis, rdb);
  // What a master finds expired in the file goes into this backlog (loadDataFromDisk).
  const keepsHistory = redis.profile.mastersKeepHistory && server.masterhost === null && !server.appendonly;
  if (purpose === 'boot' && keepsHistory) createReplicationBacklog(redis);
  blockUntilNextStep(redis);
}

/** What the version says of a file that it begins to load. */
export function logLoadBegins(redis: Redis, rdb: RdbFile): void {
  if (!redis.profile.logsLoadedRdb) return;
  serverLog(redis, 'notice', `Loading RDB produced by version ${rdb.redisVersion}`);
  serverLog(redis, 'notice', `RDB age ${time(redis) - rdb.ctime} seconds`);
}

/** What it says of a file that is loaded. */
export function logLoaded(redis: Redis, keys: number, expired: number): void {
  if (!redis.profile.logsLoadedRdb) return;
  serverLog(redis, 'notice', `Done loading RDB, keys loaded: ${keys - expired}, keys expired: ${expired}.`);
}

function blockUntilNextStep(redis: Redis): void {
  const { server } = redis;
  const { startedAt, read } = server.load!;
  const rdb = server.load!.rdb!;
  const next = Math.min(read + LOADING_PROCESS_EVENTS_INTERVAL_BYTES, rdb.length);
  server.blockedUntil = startedAt + loadMicros(redis, next);
}

/** Counts the ticks that would have been since the load began, or since the last look at sockets (server.c whileBlockedCron). */
export function whileBlockedCron({ server, profile }: Redis): void {
  const { load } = server;
  if (load === null || !profile.ticksWhileLoading) return;
  while (load.lastCron < server.mstime) {
    load.lastCron += Math.floor(1000 / server.hz);
    server.cronloops++;
  }
}

/** How many looks at sockets the real file, which is shorter where it is compressed, has seen up to this byte. */
function storedLooks({ storedLength, length }: RdbFile, read: number): number {
  return Math.floor((read * storedLength) / length / LOADING_PROCESS_EVENTS_INTERVAL_BYTES);
}

/** One step of a load is over: signs of life to the master, or the end (rdb.c rdbLoadProgressCallback). */
export function loadStep(redis: Redis): void {
  const { server, rules } = redis;
  const { read, purpose, startedAt } = server.load!;
  const rdb = server.load!.rdb!;
  const now = Math.min(read + LOADING_PROCESS_EVENTS_INTERVAL_BYTES, rdb.length);
  server.load!.read = now;
  if (now < rdb.length) {
    server.unixtime = time(redis);
    server.mstime = mstime(redis);
    if (storedLooks(rdb, now) > storedLooks(rdb, read)) whileBlockedCron(redis);
    if (server.masterhost !== null && server.replState === REPL_STATE_TRANSFER) {
      rules.replicationSendNewlineToMaster(redis);
    }
    blockUntilNextStep(redis);
    return;
  }
  server.loading = false;
  server.load = null;
  server.blockedUntil = NO_TIME;
  server.unixtime = time(redis);
  server.mstime = mstime(redis);
  const loaded = rules.installDataset(redis, rdb);
  // What an append only file holds is not judged by the clock.
  const judged = purpose === 'boot' && !server.appendonly;
  const expired = judged
    ? rules.dropExpired(redis, mstimeAt(redis, startedAt), server.replBacklog !== null)
    : 0;
  logLoaded(redis, loaded, expired);
  if (purpose === 'sync') finishSyncLoad(redis, rdb, true);
  else rules.finishBootLoad(redis, rdb);
}

/**
 * A master drops what had expired when the load began, which no statistic counts; how many keys that were. One that
 * keeps its history over a restart says so in the stream, since its replicas may go on from there. Otherwise nobody
 * hears of it, not even the replicas that DEBUG RELOAD leaves attached (rdb.c rdbLoadRioWithLoadingCtx).
 */
export function dropExpired(redis: Redis, now: number, tellsReplicas: boolean): number {
  const { server } = redis;
  if (server.masterhost !== null) return 0;
  let expired = 0;
  for (const id of Object.keys(server.dbs)) {
    const dbid = Number(id);
    for (;;) {
      const next = keyspaceOf(server.dbs, dbid).nextExpiry;
      if (next === null || next.when >= now) break;
      const del = server.lazyfreeLazyExpire ? 'UNLINK' : 'DEL';
      if (tellsReplicas) replicationFeedSlaves(redis, dbid, new Command([del, next.key]));
      dbDelete(redis, dbid, next.key);
      expired++;
    }
  }
  return expired;
}

/**
 * The RDB found at start is loaded. A server that starts as a replica takes over the history named in it and
 * offers it to its master; one that starts as a master remembers it as its second where the version does; an
 * append only file names no history (server.c loadDataFromDisk).
 */
export function finishBootLoad(redis: Redis, rdb: RdbFile): void {
  const { server, system } = redis;
  const seconds = ((system.now() - redis.server.startedAt) / 1_000_000).toFixed(3);
  const source = server.appendonly ? 'append only file' : 'disk';
  serverLog(redis, 'notice', `DB loaded from ${source}: ${seconds} seconds`);
  if (server.masterhost !== null && rdb.repl !== null) {
    server.replid = rdb.repl.id;
    server.masterReplOffset = rdb.repl.offset;
    replicationCacheMasterUsingMyself(redis);
    server.cachedMaster!.db = rdb.repl.streamDb;
  } else if (server.replBacklog !== null && server.masterhost === null) {
    if (rdb.repl === null) freeReplicationBacklog(redis);
    else keepHistory(redis, rdb.repl);
  }
  serverLog(redis, 'notice', 'Ready to accept connections');
}

/** A restarted master begins a new history where the one in the file ended: replicas may go on from there. */
function keepHistory(redis: Redis, repl: RdbReplication): void {
  const { server } = redis;
  server.replid2 = repl.id;
  server.secondReplidOffset = repl.offset + 1;
  server.masterReplOffset += repl.offset;
  server.replBacklogOff = server.masterReplOffset - server.replBacklogHistlen + 1;
  rebaseReplicationBuffer(redis, repl.offset);
  server.replNoSlavesSince = time(redis);
}
