import { assert } from '../assert.ts';
import { Command, Text } from '../networking/bytes.ts';
import { disconnectSlaves } from '../networking/networking.ts';
import {
  CONFIG_RUN_ID_SIZE,
  REPL_STATE_CONNECT,
  REPL_STATE_CONNECTING,
  REPL_STATE_NAMES,
  REPL_STATE_NONE,
  REPL_STATE_RECEIVE_AUTH,
  REPL_STATE_RECEIVE_CAPA,
  REPL_STATE_RECEIVE_IP,
  REPL_STATE_RECEIVE_PONG,
  REPL_STATE_RECEIVE_PORT,
  REPL_STATE_RECEIVE_PSYNC,
  REPL_STATE_SEND_AUTH,
  REPL_STATE_SEND_CAPA,
  REPL_STATE_SEND_IP,
  REPL_STATE_SEND_PORT,
  REPL_STATE_SEND_PSYNC,
  REPL_STATE_TRANSFER,
} from '../server.ts';
import { type Errno, NO_FD, type Redis, type SyncEnd, serverLog, strerror } from '../system.ts';
import { replicationDiscardCachedMaster } from './replication-role.ts';
import { beginTransfer, forgetTransfer } from './replication-transfer.ts';
import { syncReadLine } from './syncio.ts';

/** Longest reply line of the handshake (sendSynchronousCommand's buffer). */
const REPLY_LINE_MAX = 256;

/** Opens the connection to the master without waiting for it, and says so (seed 3.3.3). */
export function connectWithMaster(redis: Redis): void {
  const { server, system } = redis;
  server.replTransferS = system.connect(server.masterhost!, server.masterport);
  server.replTransferLastio = server.unixtime;
  server.replTransferLine = '';
  server.replState = REPL_STATE_CONNECTING;
  serverLog(redis, 'notice', 'MASTER <-> REPLICA sync started');
}

/** Whether the handshake is under way; connecting is not part of it (seed 3.3.1.3). */
export function slaveIsInHandshakeState(redis: Redis): boolean {
  const { replState } = redis.server;
  return replState >= REPL_STATE_RECEIVE_PONG && replState <= REPL_STATE_RECEIVE_PSYNC;
}

/** Closes the socket of a connection attempt (seed 3.3.1.3). */
export function undoConnectWithMaster(redis: Redis): void {
  const { server, system } = redis;
  system.close(server.replTransferS);
  server.replTransferS = NO_FD;
  server.replTransferLine = '';
}

/** Gives up a transfer under way; the dataset is untouched, since loading has not begun (seed 3.3.1.3). */
export function replicationAbortSyncTransfer(redis: Redis): void {
  assert(redis.server.replState === REPL_STATE_TRANSFER, 'replicationAbortSyncTransfer: no transfer');
  undoConnectWithMaster(redis);
  forgetTransfer(redis);
}

/**
 * Ends whatever attempt to synchronize is under way; true where there was one. `ended` is recorded as its end.
 * After a failure (`reconnect`) a version that does not wait for its cron begins the next attempt at once
 * (seed 3.3.1.3).
 */
export function cancelReplicationHandshake(
  redis: Redis,
  ended: SyncEnd | string,
  reconnect: boolean,
): boolean {
  const { server, system } = redis;
  if (server.replState === REPL_STATE_TRANSFER) {
    system.syncEnded(server.replTransferS, ended as SyncEnd, server.replTransferRead);
    replicationAbortSyncTransfer(redis);
  } else if (server.replState === REPL_STATE_CONNECTING || slaveIsInHandshakeState(redis)) {
    system.attemptEnded(server.replTransferS, ended);
    undoConnectWithMaster(redis);
  } else {
    return false;
  }
  server.replState = REPL_STATE_CONNECT;
  if (reconnect && redis.profile.reconnectsAtOnce) {
    const { masterhost, masterport } = server;
    serverLog(redis, 'notice', `Reconnecting to MASTER ${masterhost}:${masterport} after failure`);
    connectWithMaster(redis);
  }
  return true;
}

/**
 * Writes a command of the handshake to the master; undefined where it worked, else the error as a reply line
 * (the writing half of seed 3.3.4).
 */
export function sendCommand(redis: Redis, ...argv: string[]): string | undefined {
  const command = new Command(argv);
  const written = redis.system.write(redis.server.replTransferS, command);
  if (written === command.length) return undefined;
  return `-Writing to master: ${typeof written === 'string' ? strerror(written) : 'Connection timed out'}`;
}

/**
 * Writes a command to the master, or reads one line of its reply: undefined while the line is not complete
 * (the process is blocked on it); a failed read looks like an error reply (seed 3.3.4).
 */
export function sendSynchronousCommand(redis: Redis, ...argv: string[]): string | undefined {
  if (argv.length > 0) return sendCommand(redis, ...argv);
  const line = syncReadLine(redis, redis.server.replTransferS, REPLY_LINE_MAX);
  if (line === undefined) return undefined;
  if (typeof line !== 'string') return `-Reading from master: ${strerror(line.errno)}`;
  redis.server.replTransferLastio = redis.server.unixtime;
  return line;
}

/** The error path of syncWithMaster: back to CONNECT, the next cron tries again. */
export function failHandshake(redis: Redis, ended: string): void {
  const { server, system } = redis;
  system.attemptEnded(server.replTransferS, ended);
  undoConnectWithMaster(redis);
  server.replState = REPL_STATE_CONNECT;
}

/** A command of the handshake could not be written. */
export function failWrite(redis: Redis, error: string): void {
  serverLog(redis, 'warning', `Sending command to master in replication handshake: ${error}`);
  failHandshake(redis, 'write-error');
}

/** How an attempt that fails with this socket error is recorded. */
function connectError(errno: Errno): string {
  if (errno === 'ECONNREFUSED') return 'refused';
  return errno === 'ETIMEDOUT' ? 'connect-timeout' : 'reset';
}

/**
 * What syncWithMaster begins with: nothing for a node that is no replica any longer, the socket's error, and
 * the PING once connected. True where that was all there is to do in this event.
 */
export function connectingToMaster(redis: Redis): boolean {
  const { server, system } = redis;
  if (server.replState === REPL_STATE_NONE) {
    undoConnectWithMaster(redis);
    return true;
  }
  const sockerr = system.socketError(server.replTransferS);
  if (sockerr !== undefined) {
    serverLog(redis, 'warning', `Error condition on socket for SYNC: ${strerror(sockerr)}`);
    failHandshake(redis, connectError(sockerr));
    return true;
  }
  if (server.replState !== REPL_STATE_CONNECTING) return false;
  serverLog(redis, 'notice', 'Non blocking connect for SYNC fired the event.');
  server.replState = REPL_STATE_RECEIVE_PONG;
  const error = sendCommand(redis, 'PING');
  if (error !== undefined) failWrite(redis, error);
  return true;
}

/**
 * The handshake, one step for each event on the socket: PING, AUTH, REPLCONF listening-port, ip-address and
 * capa, PSYNC, each sent after the reply to the one before (replication.c syncWithMaster).
 */
export function syncWithMaster(redis: Redis): void {
  if (connectingToMaster(redis)) return;
  if (redis.server.replState === REPL_STATE_RECEIVE_PSYNC) {
    receivePsyncReply(redis, slaveTryPartialResynchronization(redis, true));
    return;
  }
  const reply = sendSynchronousCommand(redis);
  if (reply === undefined) return;
  if (receiveHandshakeReply(redis, reply)) sendNextOfHandshake(redis);
}

/** Whether a reply to PING lets the handshake go on: what rights we have, AUTH and PSYNC settle (part of syncWithMaster). */
export function isUsablePong({ profile }: Redis, reply: string): boolean {
  const lacksRights = profile.knowsUsers && reply.startsWith('-NOPERM');
  return lacksRights || /^(\+|-NOAUTH|-ERR operation not permitted)/.test(reply);
}

/** Judges the reply that the state waits for; false where it ended the attempt. */
function receiveHandshakeReply(redis: Redis, reply: string): boolean {
  const { server } = redis;
  switch (server.replState) {
    case REPL_STATE_RECEIVE_PONG:
      if (!redis.rules.isUsablePong(redis, reply)) {
        serverLog(redis, 'warning', `Error reply to PING from master: '${reply}'`);
        failHandshake(redis, `ping: ${reply}`);
        return false;
      }
      serverLog(redis, 'notice', 'Master replied to PING, replication can continue...');
      server.replState = REPL_STATE_SEND_AUTH;
      return true;
    case REPL_STATE_RECEIVE_AUTH:
      if (reply.startsWith('-')) {
        serverLog(redis, 'warning', `Unable to AUTH to MASTER: ${reply}`);
        failHandshake(redis, `auth: ${reply}`);
        return false;
      }
      server.replState = REPL_STATE_SEND_PORT;
      return true;
    case REPL_STATE_RECEIVE_PORT:
      return uncritical(redis, 'listening-port', reply, REPL_STATE_SEND_IP);
    case REPL_STATE_RECEIVE_IP:
      return uncritical(redis, 'ip-address', reply, REPL_STATE_SEND_CAPA);
    case REPL_STATE_RECEIVE_CAPA:
      return uncritical(redis, 'capa', reply, REPL_STATE_SEND_PSYNC);
    default:
      throw new Error(`syncWithMaster: unexpected state ${REPL_STATE_NAMES[server.replState]}`);
  }
}

/** Old masters do not know every REPLCONF: their error is logged and the handshake goes on. */
export function uncritical(redis: Redis, option: string, reply: string, next: number): true {
  if (reply.startsWith('-')) {
    serverLog(redis, 'notice', `(Non critical) Master does not understand REPLCONF ${option}: ${reply}`);
  }
  redis.server.replState = next;
  return true;
}

/** Sends what the state asks for, skipping steps that the configuration does not need. */
function sendNextOfHandshake(redis: Redis): void {
  const { server } = redis;
  if (server.replState === REPL_STATE_SEND_AUTH) {
    if (server.masterauth !== null) {
      sendStep(redis, REPL_STATE_RECEIVE_AUTH, 'AUTH', server.masterauth);
      return;
    }
    server.replState = REPL_STATE_SEND_PORT;
  }
  if (server.replState === REPL_STATE_SEND_PORT) {
    const port = server.slaveAnnouncePort === 0 ? server.port : server.slaveAnnouncePort;
    sendStep(redis, REPL_STATE_RECEIVE_PORT, 'REPLCONF', 'listening-port', String(port));
    return;
  }
  if (server.replState === REPL_STATE_SEND_IP) {
    if (server.slaveAnnounceIp !== null) {
      sendStep(redis, REPL_STATE_RECEIVE_IP, 'REPLCONF', 'ip-address', server.slaveAnnounceIp);
      return;
    }
    server.replState = REPL_STATE_SEND_CAPA;
  }
  if (server.replState === REPL_STATE_SEND_CAPA) {
    sendStep(redis, REPL_STATE_RECEIVE_CAPA, 'REPLCONF', 'capa', 'eof', 'capa', 'psync2');
    return;
  }
  if (slaveTryPartialResynchronization(redis, false) === 'WRITE_ERROR') {
    failWrite(redis, 'Write error sending the PSYNC command.');
    return;
  }
  server.replState = REPL_STATE_RECEIVE_PSYNC;
}

function sendStep(redis: Redis, next: number, ...argv: string[]): void {
  const error = sendSynchronousCommand(redis, ...argv);
  if (error === undefined) redis.server.replState = next;
  else failWrite(redis, error);
}

/** Results of slaveTryPartialResynchronization (PSYNC_*). */
export type PsyncResult =
  | 'WRITE_ERROR'
  | 'WAIT_REPLY'
  | 'CONTINUE'
  | 'FULLRESYNC'
  | 'NOT_SUPPORTED'
  | 'TRY_LATER';

/** The PSYNC reply came, or a part of it: what the handshake does with it (the end of syncWithMaster). */
export function receivePsyncReply(redis: Redis, result: PsyncResult): void {
  const { server, system } = redis;
  const fd = server.replTransferS;
  switch (result) {
    case 'WAIT_REPLY':
      return;
    case 'TRY_LATER':
      failHandshake(redis, 'psync: try later');
      return;
    case 'CONTINUE':
      system.attemptEnded(fd, 'psync');
      server.replTransferS = NO_FD;
      serverLog(redis, 'notice', 'MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.');
      return;
    default:
  }
  system.attemptEnded(fd, 'psync');
  if (!redis.profile.attachesWhenRdbArrived) {
    // The master may send an entirely different dataset: our own replicas must come back and ask anew.
    disconnectSlaves(redis);
    redis.rules.freeReplicationBacklog(redis);
  }
  if (result === 'NOT_SUPPORTED') {
    serverLog(redis, 'notice', 'Retrying with SYNC...');
    const written = system.write(fd, new Text('SYNC\r\n'));
    if (typeof written === 'string') {
      serverLog(redis, 'warning', `I/O error writing to MASTER: ${strerror(written)}`);
      undoConnectWithMaster(redis);
      server.replState = REPL_STATE_CONNECT;
      return;
    }
  }
  beginTransfer(redis);
}

/**
 * Asks the master for a partial resynchronization with what the cached master knows, or reads its answer. The
 * offset asked for is the next byte wanted; the one in `+FULLRESYNC` is the last byte included (seed 3.3.5).
 */
export function slaveTryPartialResynchronization(redis: Redis, readReply: boolean): PsyncResult {
  return readReply ? judgePsyncReply(redis, sendSynchronousCommand(redis)) : requestPsync(redis);
}

/** What the master's reply to PSYNC means; undefined is a line not complete yet. */
export function judgePsyncReply(redis: Redis, reply: string | undefined): PsyncResult {
  const { server } = redis;
  // An empty line is the master's sign of life while it prepares the answer.
  if (reply === undefined || reply === '') return 'WAIT_REPLY';
  if (reply.startsWith('+FULLRESYNC')) {
    acceptFullResync(redis, reply);
    return 'FULLRESYNC';
  }
  if (reply.startsWith('+CONTINUE')) {
    acceptContinue(redis, reply);
    return 'CONTINUE';
  }
  if (redis.rules.isTransientError(reply)) {
    serverLog(redis, 'notice', `Master is currently unable to PSYNC but should be in the future: ${reply}`);
    return 'TRY_LATER';
  }
  if (reply.startsWith('-ERR')) {
    serverLog(redis, 'notice', `Master does not support PSYNC or is in error state (reply: ${reply})`);
  } else {
    serverLog(redis, 'warning', `Unexpected reply to PSYNC from master: ${reply}`);
  }
  if (!redis.profile.attachesWhenRdbArrived) replicationDiscardCachedMaster(redis);
  server.replTransferLine = '';
  return 'NOT_SUPPORTED';
}

/** Whether the master will be able to answer later what it cannot now (part of slaveTryPartialResynchronization). */
export function isTransientError(reply: string): boolean {
  return reply.startsWith('-NOMASTERLINK') || reply.startsWith('-LOADING');
}

function requestPsync(redis: Redis): PsyncResult {
  const { server } = redis;
  server.masterInitialOffset = -1;
  let replid = '?';
  let offset = '-1';
  if (server.cachedMaster !== null) {
    replid = server.cachedMaster.replid;
    offset = String(server.cachedMaster.reploff + 1);
    serverLog(redis, 'notice', `Trying a partial resynchronization (request ${replid}:${offset}).`);
  } else {
    serverLog(redis, 'notice', 'Partial resynchronization not possible (no cached master)');
  }
  const isFailover = server.failoverState === 'in-progress';
  const error = sendCommand(redis, 'PSYNC', replid, offset, ...(isFailover ? ['FAILOVER'] : []));
  if (error === undefined) return 'WAIT_REPLY';
  serverLog(redis, 'warning', `Unable to send PSYNC to master: ${error}`);
  return 'WRITE_ERROR';
}

function acceptFullResync(redis: Redis, reply: string): void {
  const { server } = redis;
  const [, replid, offset] = /^\S* ([^ ]*) (.*)$/.exec(reply) ?? [];
  if (replid?.length !== CONFIG_RUN_ID_SIZE || offset === undefined) {
    serverLog(redis, 'warning', 'Master replied with wrong +FULLRESYNC syntax.');
    server.masterReplid = '';
  } else {
    server.masterReplid = replid;
    server.masterInitialOffset = Number.parseInt(offset, 10);
    serverLog(redis, 'notice', `Full resync from master: ${replid}:${server.masterInitialOffset}`);
  }
  if (!redis.profile.attachesWhenRdbArrived) replicationDiscardCachedMaster(redis);
}

function acceptContinue(redis: Redis, reply: string): void {
  const { server, rules } = redis;
  serverLog(redis, 'notice', 'Successful partial resynchronization with master.');
  const replid = reply.slice('+CONTINUE '.length);
  const cached = server.cachedMaster!;
  if (replid.length === CONFIG_RUN_ID_SIZE && replid !== cached.replid) {
    serverLog(redis, 'warning', `Master replication ID changed to ${replid}`);
    server.replid2 = cached.replid;
    server.secondReplidOffset = server.masterReplOffset + 1;
    server.replid = replid;
    cached.replid = replid;
    // Our replicas must learn the new id, which only a reconnection tells them.
    rules.disconnectSlaves(redis);
  }
  rules.replicationResurrectCachedMaster(redis, server.replTransferS);
  if (server.replBacklog === null) rules.createReplicationBacklog(redis);
}
