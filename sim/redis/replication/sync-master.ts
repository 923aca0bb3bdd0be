import { getLongLong } from '../commands/numbers.ts';
import { Text } from '../networking/bytes.ts';
import {
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_PRE_PSYNC,
  CLIENT_SLAVE,
  type Client,
  SLAVE_CAPA_EOF,
  SLAVE_REQ_NONE,
  SLAVE_REQ_RDB_MASK,
  SLAVE_STATE_ONLINE,
  SLAVE_STATE_SEND_BULK,
  SLAVE_STATE_WAIT_BGSAVE_END,
  SLAVE_STATE_WAIT_BGSAVE_START,
} from '../networking/client.ts';
import { catClientInfoString } from '../networking/client-info.ts';
import { freeClient } from '../networking/networking.ts';
import { clientHasPendingReplies, freeClientAsync } from '../networking/output-buffer.ts';
import { addReplyError, addReplyText } from '../networking/reply.ts';
import { setWriteHandler } from '../networking/write-to-client.ts';
import { rdbSaveBackground } from '../rdb/rdb.ts';
import { rdbSaveToSlavesSockets } from '../rdb/rdb-socket.ts';
import { noteRdbForReplicas } from '../rdb/sync-files-7.ts';
import { replicationScriptCacheFlush } from '../scripting/script-cache.ts';
import { REPL_STATE_CONNECTED } from '../server.ts';
import { type Redis, serverLog } from '../system.ts';
import { refreshGoodSlavesCount } from './good-slaves.ts';
import { decidePsync, refusedPsync } from './psync-decision.ts';
import { psyncRequest, psyncState } from './psync-master.ts';
import { replicationGetSlaveName } from './slave-name.ts';
import { replicaPutOnline, replicaStartCommandStream } from './sync-master-7.ts';

/** Bytes read from the RDB file for one write to a replica. */
const BULK_CHUNK = 64 * 1024;

/** The offset to announce for a snapshot: valid in the event of the fork only (replication.c). */
export function getPsyncInitialOffset(redis: Redis): number {
  return redis.server.masterReplOffset;
}

/**
 * Tells a replica which history and offset its snapshot has, and begins to collect the stream for it. The
 * stream selects its database anew for everybody, since the newcomer knows none (seed 3.3.9).
 */
export function replicationSetupSlaveForFullResync(redis: Redis, slave: Client, offset: number): void {
  const { server, system } = redis;
  slave.psyncInitialOffset = offset;
  slave.replstate = SLAVE_STATE_WAIT_BGSAVE_END;
  server.slaveseldb = -1;
  if ((slave.flags & CLIENT_PRE_PSYNC) !== 0) return;
  const reply = new Text(`+FULLRESYNC ${server.replid} ${offset}\r\n`);
  if (system.write(slave.fd, reply) !== reply.length) freeClientAsync(redis, slave);
}

/**
 * Starts the save for every replica that waits for one and wants the same of it, to the replicas' sockets where the
 * configuration and all of them allow it, else to disk; where it cannot start, they are told and dropped. An RDB
 * with parts left out never gets to the disk (seed 3.3.10).
 */
export function startBgsaveForReplication(redis: Redis, mincapa: number, req = SLAVE_REQ_NONE): boolean {
  const { server } = redis;
  const wantsSocket = server.replDisklessSync || (req & SLAVE_REQ_RDB_MASK) !== 0;
  const socketTarget = wantsSocket && (mincapa & SLAVE_CAPA_EOF) !== 0;
  const target = socketTarget ? 'replicas sockets' : 'disk';
  serverLog(redis, 'notice', `Starting BGSAVE for SYNC with target: ${target}`);
  const info = redis.rules.rdbPopulateSaveInfo(redis);
  let started = false;
  if (info === null) {
    serverLog(
      redis,
      'warning',
      "BGSAVE for replication: replication information not available, can't generate the RDB file right now. " +
        'Try later.',
    );
  } else {
    started = socketTarget ? rdbSaveToSlavesSockets(redis, info, req) : rdbSaveBackground(redis, info);
  }
  if (!started) {
    serverLog(redis, 'warning', 'BGSAVE for replication failed');
    dropWaitingSlaves(redis);
    return false;
  }
  if (!socketTarget) {
    noteRdbForReplicas(redis);
    for (const id of [...server.slaves]) {
      const slave = server.clients[id]!;
      if (slave.replstate !== SLAVE_STATE_WAIT_BGSAVE_START || slave.slaveReq !== req) continue;
      redis.rules.replicationSetupSlaveForFullResync(redis, slave, getPsyncInitialOffset(redis));
    }
  }
  replicationScriptCacheFlush(redis);
  return true;
}

function dropWaitingSlaves(redis: Redis): void {
  const { server, system } = redis;
  for (const id of [...server.slaves]) {
    const slave = server.clients[id]!;
    if (slave.replstate !== SLAVE_STATE_WAIT_BGSAVE_START) continue;
    system.syncEnded(slave.fd, 'bgsave-failed', 0);
    slave.replstate = 0;
    slave.flags &= ~CLIENT_SLAVE;
    server.slaves.splice(server.slaves.indexOf(id), 1);
    addReplyError(redis, slave, "BGSAVE failed, replication can't continue");
    slave.flags |= CLIENT_CLOSE_AFTER_REPLY;
  }
}

/** SYNC and PSYNC (replication.c syncCommand). */
export function syncCommand(redis: Redis, c: Client): void {
  const { server, system, rules } = redis;
  if ((c.flags & CLIENT_SLAVE) !== 0) return;
  if (c.argv.length > 3 && c.argv[3]!.toLowerCase() === 'failover' && !takeOver(redis, c)) return;
  if (refuseSync(redis, c)) return;
  if ((c.slaveReq & SLAVE_REQ_RDB_MASK) !== 0 && (c.slaveCapa & SLAVE_CAPA_EOF) === 0) {
    addReplyError(redis, c, 'Filtered replica requires EOF capability');
    return;
  }
  serverLog(redis, 'notice', `Replica ${replicationGetSlaveName(redis, c)} asks for synchronization`);
  if (c.argv[0]!.toLowerCase() === 'psync') {
    if (redis.profile.refusesWrongOffset && refuseWrongOffset(redis, c)) return;
    if (rules.masterTryPartialResynchronization(redis, c)) {
      server.statSyncPartialOk++;
      return;
    }
    if (!c.argv[1]!.startsWith('?')) server.statSyncPartialErr++;
  } else {
    system.decided(c.fd, decidePsync(psyncState(redis), 'SYNC'));
    c.flags |= CLIENT_PRE_PSYNC;
  }
  server.statSyncFull++;
  c.replstate = SLAVE_STATE_WAIT_BGSAVE_START;
  c.flags |= CLIENT_SLAVE;
  server.slaves.push(c.id);
  if (server.slaves.length === 1 && server.replBacklog === null) {
    // A backlog made from scratch has no past: the history it begins must have a name of its own.
    rules.changeReplicationId(redis);
    rules.clearReplicationId2(redis);
    rules.createReplicationBacklog(redis);
    if (redis.profile.logsBacklogCreation) {
      const ids = `'${server.replid}' and '${server.replid2}'`;
      serverLog(redis, 'notice', `Replication backlog created, my new replication IDs are ${ids}`);
    }
  }
  waitForBgsave(redis, c);
}

/** PSYNC … FAILOVER: our master asks us to take over; false where that cannot be (part of syncCommand). */
function takeOver(redis: Redis, c: Client): boolean {
  const { server } = redis;
  const replid = c.argv[1]!;
  serverLog(redis, 'warning', `Failover request received for replid ${replid}.`);
  if (server.masterhost === null) {
    addReplyError(redis, c, "PSYNC FAILOVER can't be sent to a master.");
    return false;
  }
  if (replid.toLowerCase() !== server.replid) {
    addReplyError(redis, c, 'PSYNC FAILOVER replid must match my replid.');
    return false;
  }
  redis.rules.replicationUnsetMaster(redis);
  const info = catClientInfoString(redis, c);
  serverLog(redis, 'notice', `MASTER MODE enabled (failover request from '${info}')`);
  return true;
}

/** The guards of syncCommand; true where the request was answered with an error. */
function refuseSync(redis: Redis, c: Client): boolean {
  const { server, system } = redis;
  const request = psyncRequest(c);
  const source = 'syncCommand';
  if (server.failoverState !== 'none') {
    const rule = {
      rule: 'no failover is under way',
      left: server.failoverState,
      op: '==',
      right: 'none',
      source,
    } as const;
    system.decided(c.fd, refusedPsync('nomasterlink', psyncState(redis), request, rule));
    addReplyText(redis, c, "-NOMASTERLINK Can't SYNC while failing over\r\n");
    return true;
  }
  if (server.masterhost !== null && server.replState !== REPL_STATE_CONNECTED) {
    const rule = {
      rule: 'the link with my master is up',
      left: 'down',
      op: '==',
      right: 'up',
      source,
    } as const;
    system.decided(c.fd, refusedPsync('nomasterlink', psyncState(redis), request, rule));
    addReplyText(redis, c, "-NOMASTERLINK Can't SYNC while not connected with my master\r\n");
    return true;
  }
  if (redis.rules.hasRepliesInTheWay(redis, c)) {
    const rule = { rule: 'no reply is pending', left: c.output.length, op: '==', right: 0, source } as const;
    system.decided(c.fd, refusedPsync('pending-output', psyncState(redis), request, rule));
    addReplyError(redis, c, 'SYNC and PSYNC are invalid with pending output');
    return true;
  }
  return false;
}

/** Whether replies still wait for the client: they would come to stand inside its RDB or stream (part of syncCommand). */
export function hasRepliesInTheWay(redis: Redis, c: Client): boolean {
  return clientHasPendingReplies(redis, c);
}

/** An offset that is no number is answered with an error and nothing else; true where it is none. */
function refuseWrongOffset(redis: Redis, c: Client): boolean {
  if (getLongLong(c.argv[2]!) !== undefined) return false;
  addReplyError(redis, c, 'value is not an integer or out of range');
  const name = replicationGetSlaveName(redis, c);
  serverLog(redis, 'warning', `Replica ${name} asks for synchronization but with a wrong offset`);
  const rule = {
    rule: 'offset is a number',
    left: c.argv[2]!,
    op: 'is',
    right: 'a 64-bit integer',
    source: 'syncCommand',
  } as const;
  redis.system.decided(c.fd, refusedPsync('bad-offset', psyncState(redis), psyncRequest(c), rule));
  return true;
}

/** Joins the save under way, waits for the next one, or starts it: the three cases of syncCommand. */
function waitForBgsave(redis: Redis, c: Client): void {
  const { server, rules } = redis;
  if (server.child?.type === 'disk') {
    const slave = waitsForSameSave(redis, c);
    if (slave !== undefined) {
      if (!redis.profile.sharesReplicationBuffer) rules.copyClientOutputBuffer(c, slave);
      else if (!c.rdbOnly) rules.copyReplicaOutputBuffer(redis, c, slave);
      rules.replicationSetupSlaveForFullResync(redis, c, slave.psyncInitialOffset);
      serverLog(redis, 'notice', 'Waiting for end of BGSAVE for SYNC');
    } else {
      serverLog(
        redis,
        'notice',
        "Can't attach the replica to the current BGSAVE. Waiting for next BGSAVE for SYNC",
      );
    }
  } else if (server.child?.type === 'socket') {
    serverLog(redis, 'notice', 'Current BGSAVE has socket target. Waiting for next BGSAVE for SYNC');
  } else if (
    server.replDisklessSync &&
    (c.slaveCapa & SLAVE_CAPA_EOF) !== 0 &&
    (server.replDisklessSyncDelay !== 0 || !redis.profile.startsUndelayedSyncAtOnce)
  ) {
    if (server.replDisklessSyncDelay !== 0) {
      serverLog(redis, 'notice', 'Delay next BGSAVE for diskless SYNC');
    }
  } else if (rules.isBgsaveDelayed(redis)) {
    const { otherChildName } = redis.profile;
    const message = `No BGSAVE in progress, but ${otherChildName} is active. BGSAVE for replication delayed`;
    serverLog(redis, 'notice', message);
  } else {
    startBgsaveForReplication(redis, c.slaveCapa, c.slaveReq);
  }
}

/** Whether another child keeps a save from being started now; the cron will start it (part of syncCommand). */
export function isBgsaveDelayed({ server }: Redis): boolean {
  return server.child?.type === 'aof';
}

/**
 * The replica that waits for the save under way and collects the stream meanwhile, if the newcomer can do all it
 * can and wants the same of the RDB; one that collects nothing will do for another that wants no stream.
 */
function waitsForSameSave({ server }: Redis, c: Client): Client | undefined {
  for (const id of server.slaves) {
    const slave = server.clients[id]!;
    if (slave.replstate !== SLAVE_STATE_WAIT_BGSAVE_END || (slave.rdbOnly && !c.rdbOnly)) continue;
    const canAll = (c.slaveCapa & slave.slaveCapa) === slave.slaveCapa;
    return canAll && c.slaveReq === slave.slaveReq ? slave : undefined;
  }
  return undefined;
}

/** A replica is in sync: from now on the stream flows to it (seed 3.3.12). */
export function putSlaveOnline(redis: Redis, slave: Client): void {
  slave.replstate = SLAVE_STATE_ONLINE;
  slave.replPutOnlineOnAck = false;
  slave.replAckTime = redis.server.unixtime;
  setWriteHandler(redis, slave, 'sendReplyToClient');
  refreshGoodSlavesCount(redis);
  redis.system.syncEnded(slave.fd, 'online', slave.repldbsize);
  serverLog(
    redis,
    'notice',
    `Synchronization with replica ${replicationGetSlaveName(redis, slave)} succeeded`,
  );
}

/** Writes the RDB file to a replica as far as its socket takes it, the size first (replication.c sendBulkToSlave). */
export function sendBulkToSlave(redis: Redis, slave: Client): void {
  const { system } = redis;
  if (slave.replpreamble !== null) {
    const written = system.write(slave.fd, new Text(slave.replpreamble));
    if (typeof written === 'string') {
      freeClient(redis, slave);
      return;
    }
    redis.server.statNetReplOutputBytes += written;
    slave.replpreamble = slave.replpreamble.slice(written);
    if (slave.replpreamble !== '') return;
    slave.replpreamble = null;
  }
  const rdb = slave.repldb!;
  while (slave.repldboff < slave.repldbsize) {
    const end = Math.min(slave.repldboff + BULK_CHUNK, slave.repldbsize);
    const written = system.write(slave.fd, rdb.slice(slave.repldboff, end));
    if (typeof written === 'string') {
      serverLog(redis, 'warning', 'Write error sending DB to replica: Broken pipe');
      freeClient(redis, slave);
      return;
    }
    slave.repldboff += written;
    redis.server.statNetReplOutputBytes += written;
    redis.system.rdbSent(written);
    if (written === 0) return;
  }
  slave.repldb = null;
  setWriteHandler(redis, slave, 'none');
  if (redis.profile.putsOnlineBeforeAck) {
    if (replicaPutOnline(redis, slave)) replicaStartCommandStream(redis, slave);
    else freeClient(redis, slave);
  } else {
    putSlaveOnline(redis, slave);
  }
}

/**
 * The save has ended: replicas that waited for it get the file, or are online already but muted until they
 * acknowledge, or are dropped; those that wait for the next save get it now (updateSlavesWaitingBgsave).
 */
export function updateSlavesWaitingBgsave(redis: Redis, ok: boolean, type: 'disk' | 'socket'): void {
  const { server, system } = redis;
  let startBgsave = false;
  let mincapa = -1;
  for (const id of [...server.slaves]) {
    const slave = server.clients[id]!;
    if (slave.replstate === SLAVE_STATE_WAIT_BGSAVE_START) {
      startBgsave = true;
      mincapa = mincapa === -1 ? slave.slaveCapa : mincapa & slave.slaveCapa;
    } else if (slave.replstate === SLAVE_STATE_WAIT_BGSAVE_END) {
      if (type === 'socket') {
        redis.rules.muteUntilAck(redis, slave);
      } else if (!ok) {
        system.syncEnded(slave.fd, 'bgsave-failed', 0);
        freeClient(redis, slave);
        serverLog(redis, 'warning', 'SYNC failed. BGSAVE child returned an error');
      } else {
        sendFile(redis, slave);
      }
    }
  }
  if (startBgsave) startBgsaveForReplication(redis, mincapa);
}

/**
 * The streamed RDB has gone out. The replica finds its end by the mark in the last bytes, so nothing may
 * follow until it says that it has it.
 */
export function muteUntilAck(redis: Redis, slave: Client): void {
  serverLog(
    redis,
    'notice',
    `Streamed RDB transfer with replica ${replicationGetSlaveName(redis, slave)} succeeded (socket). ` +
      'Waiting for REPLCONF ACK from slave to enable streaming',
  );
  slave.replstate = SLAVE_STATE_ONLINE;
  slave.replPutOnlineOnAck = true;
  slave.replAckTime = redis.server.unixtime;
}

/** Begins to send a replica the file of the save that has ended (part of updateSlavesWaitingBgsave). */
export function sendFile(redis: Redis, slave: Client): void {
  const rdb = redis.system.readRdb();
  if (rdb === undefined) {
    redis.system.syncEnded(slave.fd, 'bgsave-failed', 0);
    if (redis.profile.startsPendingForks) freeClientAsync(redis, slave);
    else freeClient(redis, slave);
    serverLog(redis, 'warning', "SYNC failed. Can't open/stat DB after BGSAVE: No such file or directory");
    return;
  }
  slave.repldb = rdb;
  slave.repldboff = 0;
  slave.repldbsize = rdb.length;
  slave.replstate = SLAVE_STATE_SEND_BULK;
  slave.replpreamble = `$${rdb.length}\r\n`;
  setWriteHandler(redis, slave, 'sendBulkToSlave');
}
