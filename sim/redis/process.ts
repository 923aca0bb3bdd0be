import { resumeExec } from './commands/multi.ts';
import { loadServerConfig } from './config/config.ts';
import { beforeSleep, serverCron, updateCachedTime } from './cron.ts';
import { initialServer } from './initial-server.ts';
import { acceptHandler, freeClientsInAsyncFreeQueue, readQueryFromClient } from './networking/networking.ts';
import { handleClientsWithPendingWrites, writableClient } from './networking/write-to-client.ts';
import type { Profile } from './profile.ts';
import { beginLoad, loadStep } from './rdb/rdb-load.ts';
import { rdbPipeReadHandler } from './rdb/rdb-pipe-7.ts';
import { socketChildStep } from './rdb/rdb-socket.ts';
import { disklessLoadStep } from './replication/diskless-load-7.ts';
import { syncWithMaster } from './replication/replication-handshake.ts';
import { syncWithMasterPipelined } from './replication/replication-handshake-7.ts';
import { readSyncBulkPayload } from './replication/replication-transfer.ts';
import { NO_TIME, REPL_STATE_CONNECT, REPL_STATE_TRANSFER } from './server.ts';
import { type Fd, NO_FD, type Redis, type System, serverLog } from './system.ts';

/**
 * A Redis process from its start: what the event loop calls. Each entry is one event of the loop; the loop
 * calls none of them while `server.blockedUntil` lies ahead.
 */

/** How long after its start a process's timer fires first, in microseconds (aeCreateTimeEvent in initServer). */
export const FIRST_CRON_DELAY = 1000;

/**
 * Starts a server: configuration, then the RDB found on the disk, which it loads before it serves. The
 * directives are the configuration file's, `replicaof` among them (server.c main).
 */
export function boot(
  system: System,
  profile: Profile,
  directives: ReadonlyMap<string, readonly string[]>,
): Redis {
  const redis: Redis = { server: initialServer(system), system, profile, rules: profile.rules };
  const { server } = redis;
  updateCachedTime(redis);
  server.replNoSlavesSince = server.unixtime;
  server.lastsave = server.unixtime;
  if (!loadServerConfig(redis, directives)) {
    system.exit(1);
    return redis;
  }
  if (server.masterhost !== null) server.replState = REPL_STATE_CONNECT;
  serverLog(redis, 'warning', `Redis version=${profile.version}, bits=64, just started`);
  serverLog(redis, 'notice', `Running mode=standalone, port=${server.port}.`);
  serverLog(redis, 'warning', 'Server initialized');
  const rdb = server.appendonly ? system.readAof() : system.readRdb();
  if (rdb === undefined) serverLog(redis, 'notice', 'Ready to accept connections');
  else if (rdb.rdbVersion > profile.rdbVersion) {
    serverLog(redis, 'warning', `Can't handle RDB format version ${rdb.rdbVersion}`);
    serverLog(redis, 'warning', 'Fatal error loading the DB: Invalid argument. Exiting.');
    system.exit(1);
  } else beginLoad(redis, rdb, 'boot');
  return redis;
}

/** The kernel has accepted a connection. */
export function onAccept(redis: Redis, fd: Fd): void {
  acceptHandler(redis, fd);
  endOfIteration(redis);
}

/** A socket has bytes, an end or an error to be read. */
export function onReadable(redis: Redis, fd: Fd): void {
  readable(redis, fd);
  endOfIteration(redis);
}

function readable(redis: Redis, fd: Fd): void {
  const { server } = redis;
  const id = server.clientOfFd[fd];
  if (id !== undefined) readQueryFromClient(redis, server.clients[id]!);
  else if (fd === server.replTransferS && server.load === null) {
    if (server.replState === REPL_STATE_TRANSFER) readSyncBulkPayload(redis);
    else handshakeEvent(redis);
  }
}

function handshakeEvent(redis: Redis): void {
  if (redis.profile.pipelinesHandshake) syncWithMasterPipelined(redis);
  else syncWithMaster(redis);
}

/** A socket can be written, or its connect has come to an end. */
export function onWritable(redis: Redis, fd: Fd): void {
  const { server } = redis;
  const id = server.clientOfFd[fd];
  if (fd === server.replTransferS) {
    if (server.replState !== REPL_STATE_TRANSFER) handshakeEvent(redis);
  } else if (id !== undefined) writableClient(redis, server.clients[id]!);
  endOfIteration(redis);
}

/** The timer is due; returns after how many milliseconds it is due again. */
export function onTimer(redis: Redis): number {
  const milliseconds = serverCron(redis);
  endOfIteration(redis);
  return milliseconds;
}

/** The child that writes to sockets has a step to take, or one of its sockets can be written. It is no event of the parent. */
export function onChild(redis: Redis): void {
  socketChildStep(redis);
}

/** The pipe from a child that streams a snapshot has something to be read. */
export function onPipe(redis: Redis): void {
  rdbPipeReadHandler(redis);
  endOfIteration(redis);
}

/** A block has come to its end: what it interrupted goes on. */
export function onResume(redis: Redis): void {
  const { server } = redis;
  const fd = server.blockedOnFd;
  server.blockedOnFd = NO_FD;
  server.blockedUntil = NO_TIME;
  if (server.load !== null) {
    if (server.load.fromSocket) disklessLoadStep(redis);
    else loadStep(redis);
  } else if (fd !== NO_FD) {
    readable(redis, fd);
  } else {
    updateCachedTime(redis);
    if (server.suspendedExec !== null) resumeExec(redis);
    const interrupted = server.interruptedClients;
    server.interruptedClients = [];
    for (const id of interrupted) {
      const c = server.clients[id];
      if (c !== undefined) redis.rules.processInputBufferAndReplicate(redis, c);
    }
  }
  endOfIteration(redis);
}

/** Before the loop sleeps. While loading only replies go out (processEventsWhileBlocked). */
function endOfIteration(redis: Redis): void {
  const { server } = redis;
  if (server.loading) {
    if (server.clientsPendingWrite.length > 0) handleClientsWithPendingWrites(redis);
    if (redis.profile.freesClientsBeforeSleep) freeClientsInAsyncFreeQueue(redis);
  } else if (server.blockedUntil === NO_TIME) {
    beforeSleep(redis);
  }
}
