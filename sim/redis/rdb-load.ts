import { installDataset, loadMicros } from './rdb.ts';
import type { RdbFile } from './rdb-file.ts';
import { replicationCacheMasterUsingMyself } from './replication-role.ts';
import { finishSyncLoad, replicationSendNewlineToMaster } from './replication-transfer.ts';
import { NO_TIME, REPL_STATE_TRANSFER } from './server.ts';
import { mstime, type Redis, serverLog, time } from './system.ts';

/** How often a load lets the event loop look at sockets, in bytes of RDB (loading_process_events_interval_bytes). */
const LOADING_PROCESS_EVENTS_INTERVAL_BYTES = 2 * 1024 * 1024;

/** Begins to load an RDB; the process is blocked but for a look at its sockets every 2 MiB (rdb.c rdbLoad). */
export function beginLoad(redis: Redis, rdb: RdbFile, purpose: 'boot' | 'sync'): void {
  const { server } = redis;
  server.loading = true;
  server.load = { rdb, startedAt: redis.system.now(), read: 0, purpose };
  blockUntilNextStep(redis);
}

function blockUntilNextStep(redis: Redis): void {
  const { server } = redis;
  const { rdb, startedAt, read } = server.load!;
  const next = Math.min(read + LOADING_PROCESS_EVENTS_INTERVAL_BYTES, rdb.length);
  server.blockedUntil = startedAt + loadMicros(redis, next);
}

/** One step of a load is over: signs of life to the master, or the end (rdb.c rdbLoadProgressCallback). */
export function loadStep(redis: Redis): void {
  const { server } = redis;
  const { rdb, read, purpose } = server.load!;
  const now = Math.min(read + LOADING_PROCESS_EVENTS_INTERVAL_BYTES, rdb.length);
  server.load!.read = now;
  if (now < rdb.length) {
    server.unixtime = time(redis);
    server.mstime = mstime(redis);
    if (server.masterhost !== null && server.replState === REPL_STATE_TRANSFER) {
      replicationSendNewlineToMaster(redis);
    }
    blockUntilNextStep(redis);
    return;
  }
  server.loading = false;
  server.load = null;
  server.blockedUntil = NO_TIME;
  server.unixtime = time(redis);
  server.mstime = mstime(redis);
  if (purpose === 'sync') finishSyncLoad(redis, rdb);
  else finishBootLoad(redis, rdb);
}

/**
 * The RDB found at start is loaded. A server that starts as a replica takes over the history named in it and
 * offers it to its master; one that starts as a master does not, and an append only file names no history
 * (server.c loadDataFromDisk).
 */
function finishBootLoad(redis: Redis, rdb: RdbFile): void {
  const { server, system } = redis;
  installDataset(redis, rdb);
  const seconds = ((system.now() - redis.server.startedAt) / 1_000_000).toFixed(3);
  const source = server.appendonly ? 'append only file' : 'disk';
  serverLog(redis, 'notice', `DB loaded from ${source}: ${seconds} seconds`);
  if (server.masterhost !== null && rdb.repl !== null) {
    server.replid = rdb.repl.id;
    server.masterReplOffset = rdb.repl.offset;
    replicationCacheMasterUsingMyself(redis);
    server.cachedMaster!.db = rdb.repl.streamDb;
  }
  serverLog(redis, 'notice', 'Ready to accept connections');
}
