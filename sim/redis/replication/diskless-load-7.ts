import { stopAppendOnly } from '../aof.ts';
import { append, byteQueue, first } from '../networking/byte-queue.ts';
import { type Bytes, Slice } from '../networking/bytes.ts';
import { emptyData, loadMicros } from '../rdb/rdb.ts';
import { RdbFile } from '../rdb/rdb-file.ts';
import { whileBlockedCron } from '../rdb/rdb-load.ts';
import { receivedRdb } from '../rdb/received-rdb.ts';
import { CONFIG_RUN_ID_SIZE, NO_TIME } from '../server.ts';
import { type Errno, mstime, NO_FD, type Redis, serverLog, strerror, time } from '../system.ts';
import { cancelReplicationHandshake } from './replication-handshake.ts';
import { finishSyncLoad, replicationAttachToNewMaster } from './replication-transfer.ts';

/** Bytes taken by one read of the parser (PROTO_IOBUF_LEN, more where a value is larger). */
const PARSER_READ = 64 * 1024;
const MICROS_PER_SECOND = 1_000_000;
const SIGUSR1 = 10;

/** Whether the RDB goes from the socket to the parser, no file between (replication.c useDisklessLoad). */
export function useDisklessLoad({ server, profile }: Redis): boolean {
  if (!profile.mayLoadFromSocket) return false;
  const mode = server.config['repl-diskless-load'];
  if (mode === 'on-empty-db') return Object.values(server.dbs).every((keyspace) => keyspace.size === 0);
  return mode === 'swapdb';
}

/**
 * Begins to load from the socket. With swapdb the old data stays until the new is complete, and is served meanwhile
 * where it is another moment of the same history (the diskless part of readSyncBulkPayload).
 */
export function beginDisklessLoad(redis: Redis): void {
  const { server } = redis;
  const swaps = server.config['repl-diskless-load'] === 'swapdb';
  if (server.appendonly) stopAppendOnly(redis);
  if (server.child !== null && server.child.type !== 'aof') redis.rules.killRdbChild(redis, SIGUSR1);
  if (!swaps) {
    replicationAttachToNewMaster(redis);
    serverLog(redis, 'notice', 'MASTER <-> REPLICA sync: Flushing old data');
    emptyData(redis);
  }
  serverLog(redis, 'notice', 'MASTER <-> REPLICA sync: Loading DB in memory');
  server.loading = true;
  server.asyncLoading = swaps && server.replid === server.masterReplid;
  server.replTransferPayload = byteQueue();
  server.load = {
    rdb: null,
    startedAt: redis.system.now(),
    read: 0,
    purpose: 'sync',
    swaps,
    fromSocket: true,
    servesSockets: false,
    deadline: NO_TIME,
    lastCron: mstime(redis),
  };
  disklessLoadStep(redis);
}

/** The parser has taken what was read, or something has come: it reads on, blocking, or is done (rdbLoadRio on a connection). */
export function disklessLoadStep(redis: Redis): void {
  const { server, system } = redis;
  const load = server.load!;
  load.servesSockets = false;
  if (isComplete(redis)) {
    finishDisklessLoad(redis);
    return;
  }
  const room = server.replTransferEofMark === null ? server.replTransferSize - load.read : PARSER_READ;
  const got = system.read(server.replTransferS, Math.min(room, PARSER_READ));
  if (typeof got !== 'string') {
    load.deadline = NO_TIME;
    takePart(redis, got);
    server.blockedUntil = system.now() + loadMicros(redis, got.length);
    server.blockedOnFd = NO_FD;
    return;
  }
  if (got === 'EAGAIN') {
    if (load.deadline === NO_TIME) load.deadline = system.now() + server.replTimeout * MICROS_PER_SECOND;
    if (system.now() < load.deadline) {
      server.blockedUntil = load.deadline;
      server.blockedOnFd = server.replTransferS;
      return;
    }
  }
  failDisklessLoad(redis, got === 'EAGAIN' ? 'ETIMEDOUT' : got, 'transfer-broken');
}

/** Every so many bytes the process shows its master that it lives, and looks at its sockets (rdbLoadProgressCallback). */
const LOADING_PROCESS_EVENTS_INTERVAL_BYTES = 2 * 1024 * 1024;

function takePart(redis: Redis, part: Bytes): void {
  const { server } = redis;
  const load = server.load!;
  const before = Math.floor(load.read / LOADING_PROCESS_EVENTS_INTERVAL_BYTES);
  append(server.replTransferPayload, part);
  load.read += part.length;
  server.statNetReplInputBytes += part.length;
  if (load.rdb === null) logHeader(redis);
  if (server.replTransferEofMark !== null) {
    const inRdb = part instanceof RdbFile || (part instanceof Slice && part.whole instanceof RdbFile);
    const known = inRdb ? '' : server.replTransferLastbytes + part.text();
    server.replTransferLastbytes = known.slice(-CONFIG_RUN_ID_SIZE);
  }
  if (Math.floor(load.read / LOADING_PROCESS_EVENTS_INTERVAL_BYTES) === before) return;
  load.servesSockets = true;
  server.unixtime = time(redis);
  server.mstime = mstime(redis);
  whileBlockedCron(redis);
  redis.rules.replicationSendNewlineToMaster(redis);
}

/** The first bytes tell who wrote the RDB and when. */
function logHeader(redis: Redis): void {
  const head = first(redis.server.replTransferPayload);
  const rdb = head instanceof Slice ? head.whole : head;
  if (!(rdb instanceof RdbFile)) return;
  redis.server.load!.rdb = rdb;
  if (rdb.rdbVersion > redis.profile.rdbVersion) return;
  serverLog(redis, 'notice', `Loading RDB produced by version ${rdb.redisVersion}`);
  serverLog(redis, 'notice', `RDB age ${time(redis) - rdb.ctime} seconds`);
}

function isComplete({ server }: Redis): boolean {
  const { replTransferEofMark, replTransferLastbytes, replTransferSize, load } = server;
  if (replTransferEofMark === null) return load!.read === replTransferSize;
  return replTransferLastbytes === replTransferEofMark;
}

/** Everything is here: it takes the place of the old data, and with that the old master's history goes. */
function finishDisklessLoad(redis: Redis): void {
  const { server } = redis;
  const { swaps } = server.load!;
  const rdb = receivedRdb(redis, server.replTransferPayload, 'socket');
  if (rdb === null) {
    failDisklessLoad(redis, null, 'load-failed');
    return;
  }
  stopLoading(redis);
  const before = server.dbs;
  const loaded = redis.rules.installDataset(redis, rdb);
  serverLog(redis, 'notice', `Done loading RDB, keys loaded: ${loaded}, keys expired: 0.`);
  if (swaps) {
    server.dbs = before;
    replicationAttachToNewMaster(redis);
    serverLog(redis, 'notice', 'MASTER <-> REPLICA sync: Swapping active DB with loaded DB');
    emptyData(redis);
    redis.rules.installDataset(redis, rdb);
    serverLog(redis, 'notice', 'MASTER <-> REPLICA sync: Discarding old DB in background');
  }
  server.dirty++;
  finishSyncLoad(redis, rdb, false);
}

/** The RDB broke off or cannot be read: what was loaded of it goes; data that was to be swapped stays. */
function failDisklessLoad(
  redis: Redis,
  error: Errno | 'EOF' | null,
  ended: 'transfer-broken' | 'load-failed',
): void {
  const { swaps, read } = redis.server.load!;
  stopLoading(redis);
  if (error !== null) {
    serverLog(redis, 'warning', 'Short read or OOM loading DB. Unrecoverable error, aborting now.');
    // Where the parser was when it last looked at its sockets, as near as that is known here.
    const offset = read - (read % LOADING_PROCESS_EVENTS_INTERVAL_BYTES);
    serverLog(
      redis,
      'warning',
      `Internal error in RDB reading offset ${offset}, function at rdb.c:3240 -> Unexpected EOF reading RDB file. ` +
        'Failure loading rdb format from socket, assuming connection error, resuming operation.',
    );
  }
  // A connection that was closed leaves errno as it was.
  const reason = error === null ? 'Invalid argument' : error === 'EOF' ? 'Success' : strerror(error);
  const message = `Failed trying to load the MASTER synchronization DB from socket: ${reason}`;
  serverLog(redis, 'warning', message);
  cancelReplicationHandshake(redis, ended, true);
  if (swaps) serverLog(redis, 'notice', 'MASTER <-> REPLICA sync: Discarding temporary DB in background');
  else emptyData(redis);
}

function stopLoading(redis: Redis): void {
  const { server } = redis;
  server.loading = false;
  server.asyncLoading = false;
  server.load = null;
  server.blockedUntil = NO_TIME;
  server.blockedOnFd = NO_FD;
  server.unixtime = time(redis);
  server.mstime = mstime(redis);
}
