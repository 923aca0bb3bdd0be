import { restartAOFAfterSYNC, stopAppendOnly } from '../aof.ts';
import { append, byteQueue, clear, first } from '../networking/byte-queue.ts';
import { type Bytes, Slice, Text } from '../networking/bytes.ts';
import { disconnectSlaves } from '../networking/networking.ts';
import { emptyData } from '../rdb/rdb.ts';
import { RdbFile } from '../rdb/rdb-file.ts';
import { beginLoad } from '../rdb/rdb-load.ts';
import { receivedRdb } from '../rdb/received-rdb.ts';
import { removeReceivedRdb } from '../rdb/sync-files-7.ts';
import { CONFIG_RUN_ID_SIZE, REPL_STATE_CONNECTED, REPL_STATE_TRANSFER } from '../server.ts';
import { NO_FD, type Redis, serverLog, strerror, time } from '../system.ts';
import { createReplicationBacklog } from './backlog.ts';
import { beginDisklessLoad, useDisklessLoad } from './diskless-load-7.ts';
import { cancelReplicationHandshake } from './replication-handshake.ts';
import { clearReplicationId2 } from './replication-id.ts';
import {
  replicationCreateMasterClient,
  replicationDiscardCachedMaster,
  replicationSendAck,
} from './replication-role.ts';
import { syncReadLine } from './syncio.ts';

/** Longest bulk header (readSyncBulkPayload's buffer). */
const HEADER_MAX = 1024;
/** Bytes taken by one read that lies inside the RDB, where nothing can end. */
const RDB_READ = 64 * 1024;
const SIGUSR1 = 10;

/** The master agreed to a full resynchronization: from now on the socket brings an RDB (syncWithMaster's end). */
export function beginTransfer(redis: Redis): void {
  const { server, system } = redis;
  server.replState = REPL_STATE_TRANSFER;
  server.replTransferSize = -1;
  server.replTransferRead = 0;
  server.replTransferLastFsyncOff = 0;
  server.replTransferLastio = server.unixtime;
  server.replTransferPayload = byteQueue();
  server.replTransferEofMark = null;
  server.replTransferLastbytes = '';
  system.watchReadable(server.replTransferS, true);
}

/** Throws away what a transfer has brought so far (the temporary file). */
export function forgetTransfer(redis: Redis): void {
  clear(redis.server.replTransferPayload);
}

/** The transfer failed: the attempt is over. */
function fail(
  redis: Redis,
  message: string,
  ended: 'transfer-broken' | 'bgsave-failed' | 'load-failed',
): void {
  serverLog(redis, 'warning', message);
  cancelReplicationHandshake(redis, ended, true);
}

/** Reads the bulk header, then the payload, and loads it once complete (replication.c readSyncBulkPayload). */
export function readSyncBulkPayload(redis: Redis): void {
  if (redis.server.replTransferSize === -1) readBulkHeader(redis);
  else if (useDisklessLoad(redis)) beginDisklessLoad(redis);
  else readPayload(redis);
}

function readBulkHeader(redis: Redis): void {
  const { server } = redis;
  const line = syncReadLine(redis, server.replTransferS, HEADER_MAX);
  if (line === undefined) return;
  if (typeof line === 'string' && redis.profile.countsReplicationTraffic) {
    server.statNetReplInputBytes += line.length + (line === '' ? '\n' : '\r\n').length;
  }
  if (typeof line !== 'string') {
    fail(redis, `I/O error reading bulk count from MASTER: ${strerror(line.errno)}`, 'transfer-broken');
  } else if (line.startsWith('-')) {
    fail(redis, `MASTER aborted replication with an error: ${line.slice(1)}`, 'bgsave-failed');
  } else if (line === '') {
    // The master's sign of life while it saves.
    server.replTransferLastio = server.unixtime;
  } else if (!line.startsWith('$')) {
    fail(
      redis,
      `Bad protocol from MASTER, the first byte is not '$' (we received '${line}'), are you sure the host and ` +
        'port are right?',
      'transfer-broken',
    );
  } else if (line.startsWith('$EOF:') && line.length >= '$EOF:'.length + CONFIG_RUN_ID_SIZE) {
    server.replTransferEofMark = line.slice('$EOF:'.length, '$EOF:'.length + CONFIG_RUN_ID_SIZE);
    server.replTransferSize = 0;
    serverLog(
      redis,
      'notice',
      `MASTER <-> REPLICA sync: receiving streamed RDB from master${rdbDestination(redis, 'streamed')}`,
    );
  } else {
    server.replTransferSize = Number.parseInt(line.slice(1), 10);
    serverLog(
      redis,
      'notice',
      `MASTER <-> REPLICA sync: receiving ${server.replTransferSize} bytes from master${rdbDestination(redis, 'sized')}`,
    );
  }
}

/** What the log says of where the RDB goes. */
function rdbDestination(redis: Redis, kind: 'streamed' | 'sized'): string {
  const text = redis.profile.rdbDestination[kind];
  return useDisklessLoad(redis) ? text.replace('disk', 'parser') : text;
}

function readPayload(redis: Redis): void {
  const { server, system } = redis;
  const sized = server.replTransferEofMark === null;
  let nread = 0;
  while (nread < redis.profile.payloadReadBytes) {
    const room = sized ? server.replTransferSize - server.replTransferRead : RDB_READ;
    if (room === 0) break;
    const got = system.read(server.replTransferS, Math.min(room, RDB_READ));
    if (typeof got === 'string') {
      if (nread > 0 || got === 'EAGAIN') break;
      const reason = got === 'EOF' ? 'connection lost' : strerror(got);
      fail(redis, `I/O error trying to sync with MASTER: ${reason}`, 'transfer-broken');
      return;
    }
    nread += got.length;
    receivePart(redis, got);
  }
  if (nread === 0) return;
  server.statNetReplInputBytes += nread;
  server.replTransferLastio = server.unixtime;
  const complete = sized
    ? server.replTransferRead === server.replTransferSize
    : server.replTransferLastbytes === server.replTransferEofMark;
  if (complete) loadReceivedRdb(redis);
}

/** Keeps a part of the payload, and the last bytes of a streamed one: its mark is looked for there. */
function receivePart(redis: Redis, part: Bytes): void {
  const { server } = redis;
  append(server.replTransferPayload, part);
  server.replTransferRead += part.length;
  if (server.replTransferEofMark === null) return;
  const inRdb = part instanceof RdbFile || (part instanceof Slice && part.whole instanceof RdbFile);
  server.replTransferLastbytes = inRdb
    ? ''
    : (server.replTransferLastbytes + part.text()).slice(-CONFIG_RUN_ID_SIZE);
}

/**
 * From here on the data is the new master's: what the old one knew is of no use any more, and our replicas
 * must synchronize with us anew (replication.c replicationAttachToNewMaster).
 */
export function replicationAttachToNewMaster(redis: Redis): void {
  replicationDiscardCachedMaster(redis);
  disconnectSlaves(redis);
  redis.rules.freeReplicationBacklog(redis);
}

/** The RDB is here in full: it becomes the file on disk, the old data goes, loading begins. */
function loadReceivedRdb(redis: Redis): void {
  const { server, system, profile } = redis;
  const file = first(server.replTransferPayload);
  if (server.appendonly && profile.stopsAofFirst) stopAppendOnly(redis);
  if (server.child !== null && server.child.type !== 'aof') {
    serverLog(
      redis,
      'notice',
      'Replica is about to load the RDB file received from the master, but there is a pending RDB child running. ' +
        `Killing process ${server.child.pid} and removing its temp file to avoid any race`,
    );
    redis.rules.killRdbChild(redis, SIGUSR1);
  }
  if (file instanceof RdbFile) system.writeRdb(file);
  if (profile.attachesWhenRdbArrived) replicationAttachToNewMaster(redis);
  serverLog(redis, 'notice', 'MASTER <-> REPLICA sync: Flushing old data');
  if (server.appendonly && !profile.stopsAofFirst) stopAppendOnly(redis);
  emptyData(redis);
  system.watchReadable(server.replTransferS, false);
  serverLog(redis, 'notice', 'MASTER <-> REPLICA sync: Loading DB in memory');
  const rdb = receivedRdb(redis, server.replTransferPayload, 'disk');
  if (rdb === null) {
    const reason = profile.namesLoadError ? ': Invalid argument' : '';
    fail(redis, `Failed trying to load the MASTER synchronization DB from disk${reason}`, 'load-failed');
    removeReceivedRdb(redis);
    if (server.aofEnabled && profile.restartsAofAfterFailedSync) restartAOFAfterSYNC(redis);
    return;
  }
  beginLoad(redis, rdb, 'sync');
}

/** Loading is done: the master's history becomes ours (the end of readSyncBulkPayload). */
export function finishSyncLoad(redis: Redis, rdb: RdbFile, wasFile: boolean): void {
  const { server, system } = redis;
  const isStreamed = server.replTransferEofMark !== null;
  if (wasFile) removeReceivedRdb(redis);
  forgetTransfer(redis);
  const fd = server.replTransferS;
  const c = replicationCreateMasterClient(redis, fd, rdb.repl === null ? -1 : rdb.repl.streamDb);
  server.replTransferS = NO_FD;
  server.replState = REPL_STATE_CONNECTED;
  server.replDownSince = 0;
  server.replid = c.replid;
  server.masterReplOffset = c.reploff;
  clearReplicationId2(redis);
  if (server.replBacklog === null) createReplicationBacklog(redis);
  system.watchReadable(fd, true);
  serverLog(redis, 'notice', 'MASTER <-> REPLICA sync: Finished with success');
  if (isStreamed && redis.profile.acksStreamedRdbAtOnce) replicationSendAck(redis);
  if (server.aofEnabled) restartAOFAfterSYNC(redis);
}

/** At most once a second, tells the master that we are alive while we flush or load (seed's replication.c). */
export function replicationSendNewlineToMaster(redis: Redis): void {
  const { server, system } = redis;
  const now = time(redis);
  if (now === server.replNewlineSent) return;
  server.replNewlineSent = now;
  system.write(server.replTransferS, new Text('\n'));
}
