import {
  REPL_STATE_CONNECTING,
  REPL_STATE_NONE,
  REPL_STATE_RECEIVE_AUTH,
  REPL_STATE_RECEIVE_CAPA,
  REPL_STATE_RECEIVE_IP,
  REPL_STATE_RECEIVE_PONG,
  REPL_STATE_RECEIVE_PORT,
  REPL_STATE_RECEIVE_PSYNC,
  REPL_STATE_SEND_AUTH,
  REPL_STATE_SEND_PSYNC,
} from '../server.ts';
import { type Redis, serverLog } from '../system.ts';
import { abortFailover, failoverAnswered } from './failover-7.ts';
import {
  connectingToMaster,
  failHandshake,
  failWrite,
  judgePsyncReply,
  type PsyncResult,
  receivePsyncReply,
  sendCommand,
  slaveTryPartialResynchronization,
  uncritical,
} from './replication-handshake.ts';
import { syncReadLine } from './syncio.ts';

/** Longest reply line of the handshake (receiveSynchronousResponse's buffer). */
const REPLY_LINE_MAX = 256;

/**
 * Reads one line of the master's reply: undefined while it is not complete (the process is blocked on it), null
 * where the read failed, which is logged (replication.c receiveSynchronousResponse).
 */
export function receiveSynchronousResponse(redis: Redis): string | undefined | null {
  const { server } = redis;
  const line = syncReadLine(redis, server.replTransferS, REPLY_LINE_MAX);
  if (line === undefined) return undefined;
  if (typeof line !== 'string') {
    // connSyncReadLine leaves the connection's last_errno alone: whatever went wrong, the log says "Success".
    serverLog(redis, 'warning', 'Failed to read response from the server: Success');
    return null;
  }
  server.replTransferLastio = server.unixtime;
  return line;
}

/**
 * Redis 7's handshake: PING; then AUTH and every REPLCONF in one go, whose replies come one to an event; then
 * PSYNC. A reply that cannot be read ends the attempt and costs nothing else (replication.c syncWithMaster). It is
 * the read that finds a reset: Redis 5 asks the socket for its error at every step, Redis 7 the connection for its
 * state, and that is CONNECTED until a read has failed.
 */
export function syncWithMasterPipelined(redis: Redis): void {
  const { server } = redis;
  if (server.replState === REPL_STATE_NONE || server.replState === REPL_STATE_CONNECTING) {
    connectingToMaster(redis);
    return;
  }
  skipRepliesNotAskedFor(redis);
  if (server.replState === REPL_STATE_RECEIVE_PSYNC) {
    const result = readPsyncReply(redis);
    if (failoverAnswered(redis, result)) receivePsyncReply(redis, result);
    return;
  }
  const reply = receiveSynchronousResponse(redis);
  if (reply === undefined) return;
  if (reply === null) {
    serverLog(redis, 'warning', 'Master did not respond to command during SYNC handshake');
    failHandshake(redis, 'no-response');
    return;
  }
  receiveReply(redis, reply);
}

/** Without a password no AUTH was sent, without an announced address no REPLCONF ip-address. */
function skipRepliesNotAskedFor({ server }: Redis): void {
  if (server.replState === REPL_STATE_RECEIVE_AUTH && server.masterauth === null) {
    server.replState = REPL_STATE_RECEIVE_PORT;
  }
  if (server.replState === REPL_STATE_RECEIVE_IP && server.slaveAnnounceIp === null) {
    server.replState = REPL_STATE_RECEIVE_CAPA;
  }
}

function receiveReply(redis: Redis, reply: string): void {
  const { server } = redis;
  switch (server.replState) {
    case REPL_STATE_RECEIVE_PONG:
      if (!redis.rules.isUsablePong(redis, reply)) {
        serverLog(redis, 'warning', `Error reply to PING from master: '${reply}'`);
        failHandshake(redis, `ping: ${reply}`);
        return;
      }
      serverLog(redis, 'notice', 'Master replied to PING, replication can continue...');
      server.replState = REPL_STATE_SEND_AUTH;
      sendHandshake(redis);
      return;
    case REPL_STATE_RECEIVE_AUTH:
      if (reply.startsWith('-')) {
        serverLog(redis, 'warning', `Unable to AUTH to MASTER: ${reply}`);
        failHandshake(redis, `auth: ${reply}`);
        return;
      }
      server.replState = REPL_STATE_RECEIVE_PORT;
      return;
    case REPL_STATE_RECEIVE_PORT:
      uncritical(redis, 'listening-port', reply, REPL_STATE_RECEIVE_IP);
      return;
    case REPL_STATE_RECEIVE_IP:
      uncritical(redis, 'ip-address', reply, REPL_STATE_RECEIVE_CAPA);
      return;
    case REPL_STATE_RECEIVE_CAPA:
      uncritical(redis, 'capa', reply, REPL_STATE_SEND_PSYNC);
      sendPsync(redis);
      return;
    default:
      throw new Error(`syncWithMaster: unexpected state ${server.replState}`);
  }
}

/** AUTH where there is a password, REPLCONF listening-port, ip-address where there is one, and capa. */
function sendHandshake(redis: Redis): void {
  const { server } = redis;
  const { masteruser, masterauth, slaveAnnounceIp } = server;
  const port = server.slaveAnnouncePort === 0 ? server.port : server.slaveAnnouncePort;
  const auth = masterauth === null ? [] : ['AUTH', ...(masteruser === null ? [] : [masteruser]), masterauth];
  const commands = [
    auth,
    ['REPLCONF', 'listening-port', String(port)],
    slaveAnnounceIp === null ? [] : ['REPLCONF', 'ip-address', slaveAnnounceIp],
    ['REPLCONF', 'capa', 'eof', 'capa', 'psync2'],
  ];
  for (const command of commands) {
    if (command.length === 0) continue;
    const error = sendCommand(redis, ...command);
    if (error === undefined) continue;
    failWrite(redis, error);
    return;
  }
  server.replState = REPL_STATE_RECEIVE_AUTH;
}

function sendPsync(redis: Redis): void {
  if (slaveTryPartialResynchronization(redis, false) === 'WRITE_ERROR') {
    abortFailover(redis, 'Write error to failover target');
    if (redis.server.masterhost !== null) failWrite(redis, 'Write error sending the PSYNC command.');
    return;
  }
  redis.server.replState = REPL_STATE_RECEIVE_PSYNC;
}

/** The reading half of slaveTryPartialResynchronization, for which a failed read is no answer. */
function readPsyncReply(redis: Redis): PsyncResult {
  const reply = receiveSynchronousResponse(redis);
  if (reply !== null) return judgePsyncReply(redis, reply);
  serverLog(redis, 'warning', 'Master did not reply to PSYNC, will try later');
  return 'TRY_LATER';
}
