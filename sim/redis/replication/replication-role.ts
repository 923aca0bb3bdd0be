import { restartAOFAfterSYNC } from '../aof.ts';
import { assert } from '../assert.ts';
import { discardTransaction } from '../commands/multi.ts';
import { Command } from '../networking/bytes.ts';
import {
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_CLOSE_ASAP,
  CLIENT_MASTER,
  CLIENT_MASTER_FORCE_REPLY,
  CLIENT_MULTI,
  CLIENT_PRE_PSYNC,
  type Client,
} from '../networking/client.ts';
import {
  createClient,
  disconnectSlaves,
  forgetBuffers,
  freeClient,
  unlinkClient,
} from '../networking/networking.ts';
import { clientHasPendingReplies } from '../networking/output-buffer.ts';
import { addReply } from '../networking/reply.ts';
import { setWriteHandler } from '../networking/write-to-client.ts';
import { REPL_STATE_CONNECT, REPL_STATE_CONNECTED, REPL_STATE_NONE } from '../server.ts';
import { type Fd, NO_FD, type Redis, serverLog } from '../system.ts';
import { connectWithMaster } from './replication-handshake.ts';

/**
 * REPLICAOF NO ONE: the history goes on under a new name, the old one is remembered as the second. Offset,
 * backlog and data stay; replicas are cut so that they come back and learn the new id (seed 3.3.1).
 */
export function replicationUnsetMaster(redis: Redis): void {
  const { server, rules } = redis;
  if (server.masterhost === null) return;
  server.masterhost = null;
  const { shiftsIdAfterMasterIsGone } = redis.profile;
  if (!shiftsIdAfterMasterIsGone) rules.shiftReplicationId(redis);
  if (server.master !== null) freeClient(redis, server.clients[server.master]!);
  replicationDiscardCachedMaster(redis);
  rules.cancelReplicationHandshake(redis, 'superseded', false);
  if (shiftsIdAfterMasterIsGone) rules.shiftReplicationId(redis);
  disconnectSlaves(redis);
  server.replState = REPL_STATE_NONE;
  server.slaveseldb = -1;
  // A replica that never had replicas must not lose its backlog in the cron that follows its promotion.
  server.replNoSlavesSince = server.unixtime;
  if (redis.profile.forgetsDownTimeOnPromotion) server.replDownSince = 0;
  // A sync that failed left it off.
  if (server.aofEnabled && !server.appendonly) restartAOFAfterSYNC(redis);
}

/**
 * REPLICAOF host port. A master offers its own history to the new one; a replica that changes masters keeps
 * the cached master of the old (seed 3.3.2, whose comment on `was_master` has it the wrong way round).
 */
export function replicationSetMaster(redis: Redis, host: string, port: number): void {
  const { server, profile, rules } = redis;
  const wasMaster = server.masterhost === null;
  // Without a master's address the loss of the old master does not connect to anybody.
  server.masterhost = profile.reconnectsAtOnce ? null : host;
  if (!profile.reconnectsAtOnce) server.masterport = port;
  if (server.master !== null) freeClient(redis, server.clients[server.master]!);
  rules.disconnectAllBlockedClients(redis);
  server.masterhost = host;
  server.masterport = port;
  if (!profile.keepsSlavesOnReplicaof) disconnectSlaves(redis);
  rules.cancelReplicationHandshake(redis, 'superseded', false);
  if (wasMaster) {
    replicationDiscardCachedMaster(redis);
    replicationCacheMasterUsingMyself(redis);
  }
  server.replState = REPL_STATE_CONNECT;
  if (profile.reconnectsAtOnce) {
    serverLog(redis, 'notice', `Connecting to MASTER ${host}:${port}`);
    connectWithMaster(redis);
  }
}

/**
 * Makes a cached master out of our own history, so that PSYNC can offer it: a master that becomes a replica
 * may be able to continue, as may a replica that restarts (seed 3.3.2.2).
 */
export function replicationCacheMasterUsingMyself(redis: Redis): void {
  const { server } = redis;
  server.masterInitialOffset = server.masterReplOffset;
  const c = replicationCreateMasterClient(redis, NO_FD, -1);
  c.replid = server.replid;
  server.cachedMaster = c;
  serverLog(
    redis,
    'notice',
    `Before turning into a replica, using ${redis.profile.ownMasterParameters} to synthesize a cached master: ` +
      'I may be able to synchronize with the new master with just a partial transfer.',
  );
}

/**
 * The client that is our master, over a socket (then it is `server.master`) or over none. An initial offset of
 * -1 means a master that knows no PSYNC (seed 3.3.2.2).
 */
export function replicationCreateMasterClient(redis: Redis, fd: Fd, dbid: number): Client {
  const { server } = redis;
  const c = createClient(redis, fd);
  if (fd !== NO_FD) server.master = c.id;
  c.flags |= CLIENT_MASTER;
  c.authenticated = true;
  c.reploff = server.masterInitialOffset;
  c.readReploff = c.reploff;
  c.replid = server.masterReplid;
  if (c.reploff === -1) c.flags |= CLIENT_PRE_PSYNC;
  if (dbid !== -1) c.db = dbid;
  return c;
}

/** Forgets the cached master (seed 3.3.1.2). */
export function replicationDiscardCachedMaster(redis: Redis): void {
  const { server } = redis;
  if (server.cachedMaster === null) return;
  serverLog(redis, 'notice', 'Discarding previously cached master state.');
  server.cachedMaster = null;
}

/**
 * Keeps the master whose link broke, cleaned of everything half read, half queued or half sent: the stream is
 * asked for again from the last byte applied (replication.c replicationCacheMaster).
 */
export function replicationCacheMaster(redis: Redis, c: Client): void {
  const { server } = redis;
  assert(server.master === c.id && server.cachedMaster === null, 'replicationCacheMaster: two masters');
  serverLog(redis, 'notice', 'Caching the disconnected master state.');
  unlinkClient(redis, c);
  forgetBuffers(c);
  c.readReploff = c.reploff;
  if ((c.flags & CLIENT_MULTI) !== 0) discardTransaction(redis, c);
  c.argv = [];
  server.cachedMaster = c;
  replicationHandleMasterDisconnection(redis);
}

/** The link to the master is gone; replicas stay, since PSYNC may yet go on (replication.c, of that name). */
export function replicationHandleMasterDisconnection(redis: Redis): void {
  const { server } = redis;
  server.master = null;
  server.replState = REPL_STATE_CONNECT;
  server.replDownSince = server.unixtime;
  if (redis.profile.reconnectsAtOnce && server.masterhost !== null) {
    serverLog(redis, 'notice', `Reconnecting to MASTER ${server.masterhost}:${server.masterport}`);
    connectWithMaster(redis);
  }
}

/**
 * The cached master is the master again, over a new socket: the stream goes on where it stopped
 * (seed 3.3.6.1).
 */
export function replicationResurrectCachedMaster(redis: Redis, newfd: Fd): void {
  const { server } = redis;
  const c = server.cachedMaster!;
  server.cachedMaster = null;
  server.master = c.id;
  c.fd = newfd;
  c.flags &= ~(CLIENT_CLOSE_AFTER_REPLY | CLIENT_CLOSE_ASAP);
  c.authenticated = true;
  c.lastinteraction = server.unixtime;
  server.replState = REPL_STATE_CONNECTED;
  server.replDownSince = 0;
  server.clients[c.id] = c;
  server.clientOfFd[newfd] = c.id;
  redis.system.watchReadable(newfd, true);
  if (clientHasPendingReplies(redis, c)) setWriteHandler(redis, c, 'sendReplyToClient');
}

/** Tells the master what has been applied: once a second and whenever it asks (replication.c replicationSendAck). */
export function replicationSendAck(redis: Redis): void {
  const { server } = redis;
  if (server.master === null) return;
  const c = server.clients[server.master]!;
  c.flags |= CLIENT_MASTER_FORCE_REPLY;
  addReply(redis, c, new Command(['REPLCONF', 'ACK', String(c.reploff)]));
  c.flags &= ~CLIENT_MASTER_FORCE_REPLY;
}
