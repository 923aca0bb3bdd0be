import { unexpectedError } from '../replication/unexpected-error-7.ts';
import { NO_FD, type Redis, serverLog } from '../system.ts';
import { append } from './byte-queue.ts';
import { type Bytes, Text } from './bytes.ts';
import {
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_CLOSE_ASAP,
  CLIENT_LUA,
  CLIENT_MASTER,
  CLIENT_MASTER_FORCE_REPLY,
  CLIENT_MONITOR,
  CLIENT_PENDING_WRITE,
  CLIENT_SLAVE,
  type Client,
  SLAVE_STATE_ONLINE,
} from './client.ts';
import { catClientInfoString } from './client-info.ts';
import {
  accountReply,
  clientHasPendingReplies,
  freeClientAsync,
  readsSharedBuffer,
} from './output-buffer.ts';

/** Replies that every server gives, made once (server.c createSharedObjects). */
export const shared = {
  ok: new Text('+OK\r\n'),
  pong: new Text('+PONG\r\n'),
  queued: new Text('+QUEUED\r\n'),
  nil: new Text('$-1\r\n'),
  emptyBulk: new Text('$0\r\n\r\n'),
  nilArray: new Text('*-1\r\n'),
  emptyArray: new Text('*0\r\n'),
  czero: new Text(':0\r\n'),
  cone: new Text(':1\r\n'),
  syntaxerr: new Text('-ERR syntax error\r\n'),
  wrongtypeerr: new Text('-WRONGTYPE Operation against a key holding the wrong kind of value\r\n'),
  nokeyerr: new Text('-ERR no such key\r\n'),
  outofrangeerr: new Text('-ERR index out of range\r\n'),
  sameobjecterr: new Text('-ERR source and destination objects are the same\r\n'),
  noautherr: new Text('-NOAUTH Authentication required.\r\n'),
  loadingerr: new Text('-LOADING Redis is loading the dataset in memory\r\n'),
  masterdownerr: new Text(
    "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
  ),
  bgsaveerr: new Text(
    '-MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk. ' +
      'Commands that may modify the data set are disabled, because this instance is configured to report ' +
      'errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the ' +
      'Redis logs for details about the RDB error.\r\n',
  ),
  bgsaveerr7: new Text(
    "-MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. " +
      'Commands that may modify the data set are disabled, because this instance is configured to report ' +
      'errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the ' +
      'Redis logs for details about the RDB error.\r\n',
  ),
  replicakeyspaceerr: new Text("-ERR Replica can't interact with the keyspace\r\n"),
  roslaveerr: new Text("-READONLY You can't write against a read only replica.\r\n"),
  noreplicaserr: new Text('-NOREPLICAS Not enough good replicas to write.\r\n'),
  execaborterr: new Text('-EXECABORT Transaction discarded because of previous errors.\r\n'),
  noscripterr: new Text('-NOSCRIPT No matching script. Please use EVAL.\r\n'),
  notbusyerr: new Text('-NOTBUSY No scripts in execution right now.\r\n'),
} as const;

/**
 * Queues bytes for a client; they go out before the event ends. Masters get no replies unless forced, and a
 * replica's bytes only pile up until it is online (networking.c addReply).
 */
export function addReply(redis: Redis, c: Client, bytes: Bytes): void {
  queueReply(redis, c, bytes);
  if ((c.flags & (CLIENT_MASTER | CLIENT_SLAVE)) === 0 || !redis.profile.logsEveryErrorToPeers) return;
  // What is one error as a whole (addReplyErrorObject); addReplyError has words of its own for the log.
  if (bytes instanceof Text && bytes.text().charCodeAt(0) === MINUS)
    afterErrorReply(redis, c, bytes.text().trimEnd());
}

function queueReply(redis: Redis, c: Client, bytes: Bytes): void {
  if (!prepareClientToWrite(redis, c)) return;
  if ((c.flags & CLIENT_CLOSE_AFTER_REPLY) !== 0) return;
  if (readsSharedBuffer(redis, c)) {
    disconnectReplyingReplica(redis, c);
    return;
  }
  append(c.output, bytes);
  accountReply(redis, c, bytes.length);
}

/**
 * A link to a replica carries the stream and no replies: one that a command of the replica's would get has it
 * closed (networking.c _addReplyToBufferOrList, logInvalidUseAndFreeClientAsync).
 */
function disconnectReplyingReplica(redis: Redis, c: Client): void {
  const command = c.lastcmd === '' ? '<unknown>' : c.lastcmd;
  const info = catClientInfoString(redis, c);
  serverLog(redis, 'warning', `Replica generated a reply to command '${command}', disconnecting it: ${info}`);
  freeClientAsync(redis, c);
}

/** The character that an error begins with. */
const MINUS = 45;

/** Queues raw protocol given as text. */
export function addReplyText(redis: Redis, c: Client, protocol: string): void {
  addReply(redis, c, new Text(protocol));
}

/** Queues `-ERR message`, or the message alone where it brings its own code; logs it if the peer replicates. */
export function addReplyError(redis: Redis, c: Client, message: string): void {
  queueReply(redis, c, new Text(`${message.startsWith('-') ? '' : '-ERR '}${message}\r\n`));
  if ((c.flags & (CLIENT_MASTER | CLIENT_SLAVE)) !== 0) afterErrorReply(redis, c, message);
}

/** An error that goes to the master or to a replica shows that something is wrong (networking.c afterErrorReply). */
function afterErrorReply(redis: Redis, c: Client, message: string): void {
  if ((c.flags & CLIENT_MONITOR) !== 0) return;
  const [from, to] = (c.flags & CLIENT_MASTER) !== 0 ? ['replica', 'master'] : ['master', 'replica'];
  serverLog(
    redis,
    'warning',
    `== CRITICAL == This ${from} is sending an error to its ${to}: '${message}' after processing the ` +
      `command '${c.lastcmd === '' ? '<unknown>' : c.lastcmd}'`,
  );
  if (redis.profile.logsEveryErrorToPeers) unexpectedError(redis, c);
}

/** Queues `+status` (networking.c addReplyStatus). */
export function addReplyStatus(redis: Redis, c: Client, status: string): void {
  addReplyText(redis, c, `+${status}\r\n`);
}

/** Queues an integer (networking.c addReplyLongLong). */
export function addReplyLongLong(redis: Redis, c: Client, n: number): void {
  if (n === 0) addReply(redis, c, shared.czero);
  else if (n === 1) addReply(redis, c, shared.cone);
  else addReplyText(redis, c, `:${n}\r\n`);
}

/** Queues a bulk string (networking.c addReplyBulk). */
export function addReplyBulk(redis: Redis, c: Client, text: string): void {
  addReplyText(redis, c, `$${text.length}\r\n${text}\r\n`);
}

/** Queues the nil bulk (networking.c addReplyNull). */
export function addReplyNull(redis: Redis, c: Client): void {
  addReply(redis, c, shared.nil);
}

/** Queues the header of an array of so many elements (networking.c addReplyMultiBulkLen). */
export function addReplyArrayLen(redis: Redis, c: Client, length: number): void {
  addReplyText(redis, c, `*${length}\r\n`);
}

/** Whether bytes may be queued for this client; schedules the write where it may go out (prepareClientToWrite). */
export function prepareClientToWrite(redis: Redis, c: Client): boolean {
  const { flags } = c;
  if ((flags & CLIENT_LUA) !== 0) return true;
  if (redis.profile.sharesReplicationBuffer && (flags & CLIENT_CLOSE_ASAP) !== 0) return false;
  if ((flags & CLIENT_MASTER) !== 0 && (flags & CLIENT_MASTER_FORCE_REPLY) === 0) return false;
  if (c.fd === NO_FD) return false;
  if (!clientHasPendingReplies(redis, c)) clientInstallWriteHandler(redis, c);
  return true;
}

/**
 * Puts the client in the queue of those to be written before the event ends, unless it is a replica that may
 * not receive the stream yet (networking.c clientInstallWriteHandler).
 */
export function clientInstallWriteHandler(redis: Redis, c: Client): void {
  if ((c.flags & CLIENT_PENDING_WRITE) !== 0) return;
  if (c.replstate !== 0 && (c.replstate !== SLAVE_STATE_ONLINE || c.replPutOnlineOnAck)) return;
  c.flags |= CLIENT_PENDING_WRITE;
  redis.server.clientsPendingWrite.push(c.id);
}
