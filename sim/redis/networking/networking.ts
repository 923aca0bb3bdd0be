import { unblockClient } from '../commands/blocked.ts';
import { processCommand } from '../commands/execute.ts';
import { unwatchAllKeys } from '../commands/multi.ts';
import { pubsubUnsubscribeAllChannels } from '../commands/pubsub.ts';
import type { SocketChild } from '../rdb/child-process.ts';
import { killRdbChild } from '../rdb/rdb.ts';
import { removeFromRdbPipe } from '../rdb/rdb-pipe-7.ts';
import { refreshGoodSlavesCount } from '../replication/good-slaves.ts';
import { freeReplicaReferencedReplBuffer } from '../replication/replication-buffer-7.ts';
import { replicationFeedSlavesFromMasterStream } from '../replication/replication-feed.ts';
import { replicationHandleMasterDisconnection } from '../replication/replication-role.ts';
import { replicationGetSlaveName } from '../replication/slave-name.ts';
import { NO_TIME } from '../server.ts';
import { type Fd, mstime, NO_FD, type Redis, serverLog, strerror } from '../system.ts';
import { append, clear, drop, first } from './byte-queue.ts';
import { type Bytes, Command, Text } from './bytes.ts';
import {
  CLIENT_BLOCKED,
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_CLOSE_ASAP,
  CLIENT_MASTER,
  CLIENT_MONITOR,
  CLIENT_MULTI,
  CLIENT_PENDING_WRITE,
  CLIENT_PROTOCOL_ERROR,
  CLIENT_SLAVE,
  CLIENT_UNBLOCKED,
  type Client,
  newClient,
  SLAVE_STATE_ONLINE,
  SLAVE_STATE_RDB_TRANSMITTED,
  SLAVE_STATE_SEND_BULK,
  SLAVE_STATE_WAIT_BGSAVE_END,
} from './client.ts';
import { catClientInfoString } from './client-info.ts';
import { discardReplies, freeClientAsync, getClientType, outputBufferLimitReached } from './output-buffer.ts';
import { checkClientPauseTimeoutAndReturnIfPaused } from './pause-7.ts';
import { addReplyError } from './reply.ts';

/** Bytes taken by one read (PROTO_IOBUF_LEN). */
const PROTO_IOBUF_LEN = 16 * 1024;
/** The signal by which Redis stops its own child. */
const SIGUSR1 = 10;

/** Closes a client over its output buffer limits now: for callers that hold none (closeClientOnOutputBufferLimitReached). */
export function closeClientOnOutputBufferLimitReached(redis: Redis, c: Client): void {
  if (!outputBufferLimitReached(redis, c)) return;
  const info = catClientInfoString(redis, c);
  redis.system.syncEnded(c.fd, 'output-limit', c.repldboff);
  freeClient(redis, c);
  serverLog(redis, 'warning', `Client ${info} closed for overcoming of output buffer limits.`);
}

/** Makes a client for a socket, or for none (networking.c createClient). */
export function createClient(redis: Redis, fd: Fd): Client {
  const { server } = redis;
  const id = server.nextClientId++;
  const c = newClient(id, fd, server.unixtime);
  // Whoever came while there was no password stays authenticated (networking.c clientSetDefaultAuth).
  c.authenticated = redis.profile.knowsUsers && server.requirepass === null;
  if (fd === NO_FD) return c;
  server.clients[id] = c;
  server.clientOfFd[fd] = id;
  return server.clients[id]!;
}

/** Takes a connection that the kernel has accepted (networking.c acceptCommonHandler). */
export function acceptHandler(redis: Redis, fd: Fd): void {
  const { server, system } = redis;
  const c = createClient(redis, fd);
  if (Object.keys(server.clients).length > server.maxclients) {
    system.write(fd, new Text('-ERR max number of clients reached\r\n'));
    freeClient(redis, c);
    return;
  }
  server.statNumconnections++;
}

/** Whether this event has blocked the process: nothing more is handled before the block ends. */
export function isBlocked(redis: Redis): boolean {
  return redis.server.blockedUntil !== NO_TIME && !redis.server.loading;
}

/** Frees every replica's connection (seed 3.3.1.4). */
export function disconnectSlaves(redis: Redis): void {
  const { server } = redis;
  while (server.slaves.length > 0) freeClient(redis, server.clients[server.slaves[0]!]!);
}

/**
 * Closes a connection and forgets its client. The master's is cached instead, so that PSYNC can offer what it
 * knew, unless it was being closed for a protocol error or was blocked (networking.c freeClient).
 */
export function freeClient(redis: Redis, c: Client): void {
  const { server, system } = redis;
  if ((c.flags & CLIENT_CLOSE_ASAP) !== 0 && redis.profile.freesClientsBeforeSleep) {
    remove(server.clientsToClose, c.id);
  }
  if (server.master === c.id && (c.flags & CLIENT_MASTER) !== 0) {
    serverLog(redis, 'warning', 'Connection with master lost.');
    if ((c.flags & redis.profile.uncachedMasterFlags) === 0) {
      c.flags &= ~(CLIENT_CLOSE_AFTER_REPLY | CLIENT_CLOSE_ASAP);
      redis.rules.replicationCacheMaster(redis, c);
      return;
    }
  }
  const isSlave = (c.flags & CLIENT_SLAVE) !== 0 && (c.flags & CLIENT_MONITOR) === 0;
  if (isSlave) {
    serverLog(redis, 'warning', `Connection with replica ${replicationGetSlaveName(redis, c)} lost.`);
    const isDone = c.replstate === SLAVE_STATE_ONLINE || c.replstate === SLAVE_STATE_RDB_TRANSMITTED;
    if (!isDone || c.replPutOnlineOnAck) {
      system.syncEnded(c.fd, 'transfer-broken', c.repldboff);
    }
  }
  if ((c.flags & CLIENT_BLOCKED) !== 0) unblockClient(redis, c);
  unwatchAllKeys(redis, c);
  pubsubUnsubscribeAllChannels(redis, c, false);
  freeReplicaReferencedReplBuffer(redis, c);
  unlinkClient(redis, c);
  if (isSlave) {
    killUselessSave(redis, c);
    if (c.replstate === SLAVE_STATE_SEND_BULK) c.repldb = null;
    remove(server.slaves, c.id);
    if (server.slaves.length === 0) server.replNoSlavesSince = server.unixtime;
    refreshGoodSlavesCount(redis);
  }
  if ((c.flags & CLIENT_MASTER) !== 0) replicationHandleMasterDisconnection(redis);
  if ((c.flags & CLIENT_CLOSE_ASAP) !== 0) remove(server.clientsToClose, c.id);
}

/** Takes a client out of every list and closes its socket (networking.c unlinkClient). */
export function unlinkClient(redis: Redis, c: Client): void {
  const { server, system } = redis;
  if (server.currentClient === c.id) server.currentClient = null;
  if (c.fd !== NO_FD) {
    delete server.clients[c.id];
    delete server.clientOfFd[c.fd];
    if (server.child?.type === 'socket') leaveTransfer(redis, server.child, c);
    system.close(c.fd);
    c.fd = NO_FD;
    c.writeHandler = 'none';
  }
  if ((c.flags & CLIENT_PENDING_WRITE) !== 0) {
    remove(server.clientsPendingWrite, c.id);
    c.flags &= ~CLIENT_PENDING_WRITE;
  }
  if ((c.flags & CLIENT_UNBLOCKED) !== 0) {
    remove(server.unblockedClients, c.id);
    c.flags &= ~CLIENT_UNBLOCKED;
  }
}

/** A child that writes to this socket finds it shut down (the shutdown(2) of unlinkClient); we leave it out. */
function leaveTransfer(redis: Redis, child: SocketChild, c: Client): void {
  if (child.pipe !== null) removeFromRdbPipe(redis, c, c.fd);
  else for (const target of child.targets) if (target.fd === c.fd) target.error ??= 'EPIPE';
}

/** Whether any other replica waits for the end of the save under way (networking.c anyOtherSlaveWaitRdb). */
function anyOtherSlaveWaitRdb({ server }: Redis, c: Client): boolean {
  return server.slaves.some(
    (id) => id !== c.id && server.clients[id]!.replstate === SLAVE_STATE_WAIT_BGSAVE_END,
  );
}

/** A save to disk that nobody waits for any longer, and no `save` line wants, is given up (part of freeClient). */
function killUselessSave(redis: Redis, c: Client): void {
  const { server, profile } = redis;
  if (!profile.killsUselessSaves || server.saveparams.length > 0 || server.child?.type !== 'disk') return;
  if (c.replstate !== SLAVE_STATE_WAIT_BGSAVE_END || anyOtherSlaveWaitRdb(redis, c)) return;
  killRdbChild(redis, SIGUSR1);
}

/** Frees the clients that were marked to be (networking.c freeClientsInAsyncFreeQueue). */
export function freeClientsInAsyncFreeQueue(redis: Redis): void {
  const { server } = redis;
  while (server.clientsToClose.length > 0) {
    const c = server.clients[server.clientsToClose[0]!]!;
    c.flags &= ~CLIENT_CLOSE_ASAP;
    server.clientsToClose.shift();
    freeClient(redis, c);
  }
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at !== -1) list.splice(at, 1);
}

/** Forgets what the client has sent and what waits to be sent to it, as for a master that is cached. */
export function forgetBuffers(c: Client): void {
  clear(c.querybuf);
  clear(c.pendingQuerybuf);
  clear(c.output);
  discardReplies(c);
}

/** Copies what waits for one replica to another that attaches to its save (networking.c copyClientOutputBuffer). */
export function copyClientOutputBuffer(dst: Client, src: Client): void {
  dst.output = { chunks: src.output.chunks.slice(src.output.head), head: 0, length: src.output.length };
  dst.bufpos = src.bufpos;
  dst.sentlen = 0;
  dst.reply = src.reply.map(({ size, used }) => ({ size, used }));
  dst.replyBytes = src.replyBytes;
}

/** Reads once from a client's socket and executes what is complete (networking.c readQueryFromClient). */
export function readQueryFromClient(redis: Redis, c: Client): void {
  const { server, system } = redis;
  let nread = 0;
  while (nread < PROTO_IOBUF_LEN) {
    const got = system.read(c.fd, PROTO_IOBUF_LEN - nread);
    if (typeof got !== 'string') {
      append(c.querybuf, got);
      if ((c.flags & CLIENT_MASTER) !== 0) append(c.pendingQuerybuf, got);
      nread += got.length;
      continue;
    }
    if (nread > 0 || got === 'EAGAIN') break;
    if (got === 'EOF') serverLog(redis, 'verbose', 'Client closed connection');
    else serverLog(redis, 'verbose', `Reading from client: ${strerror(got)}`);
    freeClient(redis, c);
    return;
  }
  if (nread === 0) return;
  c.lastinteraction = server.unixtime;
  if ((c.flags & CLIENT_MASTER) !== 0) {
    c.readReploff += nread;
    server.statNetReplInputBytes += nread;
  } else {
    server.statNetInputBytes += nread;
  }
  redis.rules.processInputBufferAndReplicate(redis, c);
}

/**
 * Executes a client's complete commands; what a master's link applied is passed on to the backlog and the
 * sub-replicas byte for byte (networking.c processInputBufferAndReplicate).
 */
export function processInputBufferAndReplicate(redis: Redis, c: Client): void {
  if ((c.flags & CLIENT_MASTER) === 0) {
    processInputBuffer(redis, c);
    return;
  }
  const before = c.reploff;
  processInputBuffer(redis, c);
  if (!redis.profile.feedsAfterEachCommand) passOn(redis, c, c.reploff - before);
}

/** Passes on bytes of the master's stream that have been applied. */
export function passOn(redis: Redis, c: Client, applied: number): void {
  let left = applied;
  while (left > 0) {
    const head = first(c.pendingQuerybuf)!;
    const part: Bytes = head.length <= left ? head : head.slice(0, left);
    drop(c.pendingQuerybuf, part.length);
    left -= part.length;
    replicationFeedSlavesFromMasterStream(redis, part, left);
  }
}

/** Executes commands while the buffer holds complete ones and nothing stops it (networking.c processInputBuffer). */
export function processInputBuffer(redis: Redis, c: Client): void {
  const { server } = redis;
  server.currentClient = c.id;
  while (c.querybuf.length > 0) {
    if (!redis.profile.postponesPausedCommands && (c.flags & CLIENT_SLAVE) === 0 && clientsArePaused(redis)) {
      break;
    }
    if ((c.flags & CLIENT_BLOCKED) !== 0) break;
    if ((c.flags & (CLIENT_CLOSE_AFTER_REPLY | CLIENT_CLOSE_ASAP)) !== 0) break;
    if (isBlocked(redis)) {
      if (!server.interruptedClients.includes(c.id)) server.interruptedClients.push(c.id);
      break;
    }
    const command = nextCommand(redis, c);
    if (command === null) break;
    const { argv } = command;
    if (argv.length === 0) continue;
    c.argv = argv;
    if (processCommand(redis, c, command)) redis.rules.commandProcessed(redis, c);
    if (server.currentClient === null) break;
  }
  server.currentClient = null;
}

/** What a command of the master's stream that has run moves (networking.c commandProcessed). */
export function commandProcessed(redis: Redis, c: Client): void {
  if ((c.flags & (CLIENT_MASTER | CLIENT_MULTI)) !== CLIENT_MASTER) return;
  if (redis.profile.postponesPausedCommands && (c.flags & CLIENT_BLOCKED) !== 0) return;
  const before = c.reploff;
  c.reploff = c.readReploff - c.querybuf.length;
  if (redis.profile.feedsAfterEachCommand) passOn(redis, c, c.reploff - before);
}

/** Runs the command that a pause kept back (networking.c processPendingCommandAndInputBuffer). */
export function processPostponedCommand(redis: Redis, c: Client): void {
  const command = c.postponed;
  if (command === null) return;
  c.postponed = null;
  c.argv = command.argv;
  redis.server.currentClient = c.id;
  if (processCommand(redis, c, command)) redis.rules.commandProcessed(redis, c);
  redis.server.currentClient = null;
}

/**
 * Takes the next command out of a client's buffer, one without arguments for an empty line; null while it is
 * not complete, and after a protocol error, which closes the connection.
 */
function nextCommand(redis: Redis, c: Client): Command | null {
  const head = first(c.querybuf);
  if (head instanceof Command) {
    drop(c.querybuf, head.length);
    return head;
  }
  const parsed = redis.rules.parseCommand(c.querybuf);
  if (parsed.kind === 'incomplete') return null;
  if (parsed.kind === 'error') {
    addReplyError(redis, c, parsed.reply);
    setProtocolError(redis, c, parsed.reply.replace('Protocol error: ', ''));
    return null;
  }
  const isInlineCommand = parsed.inline && parsed.command.argv.length > 0;
  if (isInlineCommand && redis.profile.refusesInlineMaster && (c.flags & CLIENT_MASTER) !== 0) {
    serverLog(
      redis,
      'warning',
      'WARNING: Receiving inline protocol from master, master stream corruption? Closing the master connection ' +
        'and discarding the cached master.',
    );
    setProtocolError(redis, c, 'Master using the inline protocol. Desync?');
    return null;
  }
  drop(c.querybuf, parsed.length);
  // A newline from a replica tells that it is alive while it loads.
  const isNewline = parsed.inline && parsed.command.argv.length === 0;
  if (isNewline && getClientType(c) === 'slave') c.replAckTime = redis.server.unixtime;
  return parsed.command;
}

/** The client is closed once its error is out; a master's link is not cached (networking.c setProtocolError). */
function setProtocolError(redis: Redis, c: Client, error: string): void {
  c.flags |= CLIENT_CLOSE_AFTER_REPLY | CLIENT_PROTOCOL_ERROR;
  if (!redis.profile.refusesInlineMaster || (c.flags & CLIENT_MASTER) === 0) return;
  const info = catClientInfoString(redis, c);
  serverLog(redis, 'warning', `Protocol error (${error}) from client: ${info}.`);
}

/** Whether clients are paused; ends a pause whose time is over (networking.c clientsArePaused). */
export function clientsArePaused(redis: Redis): boolean {
  const { server } = redis;
  if (redis.profile.postponesPausedCommands) return checkClientPauseTimeoutAndReturnIfPaused(redis);
  if (!server.clientsPaused || server.clientsPauseEndTime >= server.mstime) return server.clientsPaused;
  server.clientsPaused = false;
  for (const id of Object.keys(server.clients)) {
    const c = server.clients[Number(id)]!;
    if ((c.flags & (CLIENT_SLAVE | CLIENT_BLOCKED | CLIENT_UNBLOCKED)) !== 0) continue;
    c.flags |= CLIENT_UNBLOCKED;
    server.unblockedClients.push(c.id);
  }
  return false;
}

/** Pauses clients until a time in mstime; a pause under way is only ever prolonged (networking.c pauseClients). */
export function pauseClients(redis: Redis, end: number): void {
  const { server } = redis;
  if (!server.clientsPaused || end > server.clientsPauseEndTime) server.clientsPauseEndTime = end;
  server.clientsPaused = true;
  server.mstime = mstime(redis);
}

export { freeClientAsync, getClientType };
