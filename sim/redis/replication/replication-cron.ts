import { Command, Text } from '../networking/bytes.ts';
import {
  CLIENT_PRE_PSYNC,
  type Client,
  SLAVE_REQ_NONE,
  SLAVE_STATE_ONLINE,
  SLAVE_STATE_WAIT_BGSAVE_END,
  SLAVE_STATE_WAIT_BGSAVE_START,
} from '../networking/client.ts';
import { clientsArePaused, freeClient } from '../networking/networking.ts';
import { removeRDBUsedToSyncReplicas } from '../rdb/sync-files-7.ts';
import { replicationScriptCacheFlush } from '../scripting/script-cache.ts';
import {
  REPL_STATE_CONNECT,
  REPL_STATE_CONNECTED,
  REPL_STATE_CONNECTING,
  REPL_STATE_NAMES,
  REPL_STATE_TRANSFER,
} from '../server.ts';
import { type Redis, serverLog, time } from '../system.ts';
import { updateFailoverStatus } from './failover-7.ts';
import { refreshGoodSlavesCount } from './good-slaves.ts';
import { replicationFeedSlaves } from './replication-feed.ts';
import {
  cancelReplicationHandshake,
  connectWithMaster,
  slaveIsInHandshakeState,
} from './replication-handshake.ts';
import { replicationSendAck } from './replication-role.ts';
import { replicationGetSlaveName } from './slave-name.ts';
import { startBgsaveForReplication } from './sync-master.ts';

/** The heartbeats by their spelling, made once. */
export const PINGS: Readonly<Record<string, Command>> = {
  PING: new Command(['PING']),
  ping: new Command(['ping']),
};
const NEWLINE = new Text('\n');

/**
 * Once a second: timeouts, reconnection, heartbeats, the end of an idle backlog, saves that wait to begin. All
 * times are whole seconds and every limit is exceeded, not reached (seed, replicationCron).
 */
export function replicationCron(redis: Redis): void {
  const { server } = redis;
  updateFailoverStatus(redis);
  checkMasterTimeouts(redis);
  if (server.replState === REPL_STATE_CONNECT) {
    serverLog(redis, 'notice', `Connecting to MASTER ${server.masterhost}:${server.masterport}`);
    connectWithMaster(redis);
  }
  if (
    server.masterhost !== null &&
    server.master !== null &&
    (server.clients[server.master]!.flags & CLIENT_PRE_PSYNC) === 0
  ) {
    replicationSendAck(redis);
  }
  pingSlaves(redis);
  disconnectTimedoutSlaves(redis);
  freeIdleBacklog(redis);
  if (server.slaves.length === 0 && !server.appendonly && server.replScriptcacheFifo.length !== 0) {
    replicationScriptCacheFlush(redis);
  }
  replicationStartPendingFork(redis);
  removeRDBUsedToSyncReplicas(redis);
  refreshGoodSlavesCount(redis);
  server.replicationCronLoops++;
}

/** The three timeouts of a replica: connecting and handshake, transfer, the live link. */
function checkMasterTimeouts(redis: Redis): void {
  const { server } = redis;
  if (server.masterhost === null) return;
  const now = time(redis);
  if (redis.rules.handshakeTimedOut(redis)) {
    serverLog(redis, 'warning', 'Timeout connecting to the MASTER...');
    cancelReplicationHandshake(redis, handshakeTimeoutName(server.replState), true);
  }
  if (server.replState === REPL_STATE_TRANSFER && now - server.replTransferLastio > server.replTimeout) {
    serverLog(
      redis,
      'warning',
      "Timeout receiving bulk data from MASTER... If the problem persists try to set the 'repl-timeout' " +
        'parameter in redis.conf to a larger value.',
    );
    cancelReplicationHandshake(redis, 'transfer-timeout', true);
  }
  if (
    server.replState === REPL_STATE_CONNECTED &&
    now - server.clients[server.master!]!.lastinteraction > server.replTimeout
  ) {
    serverLog(redis, 'warning', 'MASTER timeout: no data nor PING received...');
    freeClient(redis, server.clients[server.master!]!);
  }
}

/**
 * Whether the master has not answered a connect, or a command of the handshake, for too long: to a machine that is
 * gone a connect alone would take the kernel minutes to give up (part of replicationCron).
 */
export function handshakeTimedOut(redis: Redis): boolean {
  const { server } = redis;
  const connecting = server.replState === REPL_STATE_CONNECTING || slaveIsInHandshakeState(redis);
  return connecting && time(redis) - server.replTransferLastio > server.replTimeout;
}

/** `connect-timeout`, or `pong-timeout`, `capa-timeout`, … for the reply that did not come. */
function handshakeTimeoutName(replState: number): string {
  if (replState === REPL_STATE_CONNECTING) return 'connect-timeout';
  return `${REPL_STATE_NAMES[replState]!.replace('RECEIVE_', '').toLowerCase()}-timeout`;
}

/** The master's heartbeat in the stream, and the newline that keeps replicas waiting for a save from giving up. */
function pingSlaves(redis: Redis): void {
  const { server, system, rules } = redis;
  if (server.slaves.length > 0 && rules.pingIsDue(redis)) rules.feedPing(redis);
  for (const id of server.slaves) {
    const slave = server.clients[id]!;
    if (rules.isPresync(redis, slave)) system.write(slave.fd, NEWLINE);
  }
}

/** Whether this second is one of those for a PING (part of replicationCron). */
export function pingIsDue(redis: Redis): boolean {
  const { server } = redis;
  // While a failover with a timeout keeps writes back, the stream must not grow.
  const isHeldBack = server.failoverEndTime !== 0 && clientsArePaused(redis);
  return server.replicationCronLoops % server.replPingSlavePeriod === 0 && !isHeldBack;
}

/** The PING goes the way of every command, so that all count its bytes (part of replicationCron). */
export function feedPing(redis: Redis): void {
  replicationFeedSlaves(redis, redis.server.slaveseldb, PINGS[redis.profile.ping]!);
}

/** Whether a replica waits for its RDB and can be sent a newline, which no child writes into (part of replicationCron). */
export function isPresync({ server }: Redis, slave: Client): boolean {
  if (slave.replstate === SLAVE_STATE_WAIT_BGSAVE_START) return true;
  return slave.replstate === SLAVE_STATE_WAIT_BGSAVE_END && server.child?.type !== 'socket';
}

/** In which kind of synchronization a replica has been silent, or has taken nothing, for too long; null for none. */
export function timedOutSync({ server }: Redis, slave: Client): 'streaming' | 'full' | null {
  if (slave.replstate === SLAVE_STATE_ONLINE && (slave.flags & CLIENT_PRE_PSYNC) === 0) {
    return server.unixtime - slave.replAckTime > server.replTimeout ? 'streaming' : null;
  }
  const { replLastPartialWrite } = slave;
  if (slave.replstate !== SLAVE_STATE_WAIT_BGSAVE_END || replLastPartialWrite === 0) return null;
  return server.unixtime - replLastPartialWrite > server.replTimeout ? 'full' : null;
}

/** Drops online replicas that have not acknowledged for longer than repl-timeout. */
function disconnectTimedoutSlaves(redis: Redis): void {
  const { server } = redis;
  if (server.slaves.length === 0) return;
  for (const id of [...server.slaves]) {
    const slave = server.clients[id]!;
    const kind = redis.rules.timedOutSync(redis, slave);
    if (kind === null) continue;
    const text = redis.profile.namesTimedoutSync ? ` (${kind} sync)` : '';
    const name = replicationGetSlaveName(redis, slave);
    serverLog(redis, 'warning', `Disconnecting timedout replica${text}: ${name}`);
    if (kind === 'full') redis.system.syncEnded(slave.fd, 'transfer-timeout', 0);
    freeClient(redis, slave);
  }
}

/**
 * A master without replicas for longer than repl-backlog-ttl frees its backlog. From then on its writes move
 * no offset, so the history must get a new name: the old one would seem to hold what it does not.
 */
function freeIdleBacklog(redis: Redis): void {
  const { server } = redis;
  if (server.slaves.length !== 0 || server.replBacklogTimeLimit === 0) return;
  if (server.replBacklog === null || server.masterhost !== null) return;
  if (server.unixtime - server.replNoSlavesSince <= server.replBacklogTimeLimit) return;
  redis.rules.changeReplicationId(redis);
  redis.rules.clearReplicationId2(redis);
  redis.rules.freeReplicationBacklog(redis);
  serverLog(
    redis,
    'notice',
    `Replication backlog freed after ${server.replBacklogTimeLimit} seconds without connected replicas.`,
  );
}

/**
 * Starts the save that replicas wait for; a diskless one once the first of them has waited long enough, or enough
 * of them wait (replication.c shouldStartChildReplication, in Redis 5 the end of replicationCron).
 */
export function replicationStartPendingFork(redis: Redis): void {
  const { server } = redis;
  if (server.child !== null || server.slaves.length === 0) return;
  let waiting = 0;
  let maxIdle = 0;
  let mincapa = -1;
  let req = SLAVE_REQ_NONE;
  for (const id of server.slaves) {
    const slave = server.clients[id]!;
    if (slave.replstate !== SLAVE_STATE_WAIT_BGSAVE_START) continue;
    // One save serves those who want the same left out of it as the first.
    if (waiting === 0) req = slave.slaveReq;
    else if (slave.slaveReq !== req) continue;
    maxIdle = Math.max(maxIdle, server.unixtime - slave.lastinteraction);
    waiting++;
    mincapa = mincapa === -1 ? slave.slaveCapa : mincapa & slave.slaveCapa;
  }
  if (waiting === 0) return;
  const enough = server.replDisklessSyncMaxReplicas;
  const areEnough = enough > 0 && waiting >= enough;
  const isOver = redis.profile.disklessDelayIsOver(maxIdle, server.replDisklessSyncDelay);
  if (!server.replDisklessSync || areEnough || isOver) startBgsaveForReplication(redis, mincapa, req);
}
