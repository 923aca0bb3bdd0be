import type { Client } from '../networking/client.ts';
import { freeClient } from '../networking/networking.ts';
import { setWriteHandler } from '../networking/write-to-client.ts';
import { type Fd, type Redis, serverLog, strerror } from '../system.ts';
import type { PipeChild, SocketTarget } from './child-process.ts';
import { killRdbChild } from './rdb.ts';
import { streamLength, streamPart } from './rdb-socket.ts';

/** What the pipe between child and parent holds, what the parent takes at once, and what the child collects first. */
const PIPE_CAPACITY = 64 * 1024;
const PIPE_READ = 16 * 1024;
const RIO_FD_BUFFER = 16 * 1024;
const MICROS_PER_SECOND = 1_000_000;
const SIGUSR1 = 10;

/** The child whose pipe the parent reads, if that is what runs. */
function pipeChild(redis: Redis): PipeChild | null {
  const { child } = redis.server;
  return child !== null && child.type === 'socket' && child.pipe !== null ? (child as PipeChild) : null;
}

/**
 * How much of the stream the child has put into the pipe: what it has had time to serialise since it last had to
 * wait, no more than the pipe holds beyond what was read, and nothing before its buffer is full or it is done.
 */
function available(redis: Redis, child: PipeChild): number {
  const { pipe } = child;
  const total = streamLength(child);
  const now = redis.system.now();
  const rate = redis.system.machine.saveBytesPerSecond;
  const serialised = pipe.base + Math.floor(((now - pipe.since) * rate) / MICROS_PER_SECOND);
  const isDone = serialised >= child.rdb.length && now >= child.doneAt;
  const produced = isDone ? total : Math.min(serialised, child.rdb.length);
  const room = pipe.read + PIPE_CAPACITY;
  if (produced > room) {
    // It waits for the parent, and goes on from here once some of this has been read.
    pipe.base = room;
    pipe.since = now;
    return room;
  }
  return isDone || produced > RIO_FD_BUFFER ? produced : 0;
}

/** When the pipe will next have something to read, in microseconds. */
function nextRead(redis: Redis, child: PipeChild): number {
  const now = redis.system.now();
  const { saveBytesPerSecond } = redis.system.machine;
  const step = Math.ceil((PIPE_CAPACITY * MICROS_PER_SECOND) / saveBytesPerSecond);
  return now >= child.doneAt ? now + step : Math.max(now + 1, Math.min(child.doneAt, now + step));
}

/**
 * The pipe has something to read: it goes to every replica's socket. One that takes only a part keeps the pipe
 * from being read until it has taken the rest (replication.c rdbPipeReadHandler).
 */
export function rdbPipeReadHandler(redis: Redis): void {
  const child = pipeChild(redis);
  if (child === null || child.finished || child.killedBy !== 0) return;
  const { pipe } = child;
  while (pipe.writing === 0) {
    const end = Math.min(child.ok ? available(redis, child) : pipe.read, pipe.read + PIPE_READ);
    if (end <= pipe.read) {
      if (child.ok && pipe.read < streamLength(child)) redis.system.wakeChild(nextRead(redis, child));
      else endOfPipe(redis, child);
      return;
    }
    pipe.read = end;
    let stillAlive = 0;
    for (const target of child.targets) {
      if (target.error === null && writeChunk(redis, child, target)) stillAlive++;
    }
    if (stillAlive > 0) continue;
    serverLog(redis, 'warning', 'Diskless rdb transfer, last replica dropped, killing fork child.');
    killRdbChild(redis, SIGUSR1);
    return;
  }
}

/**
 * The child has closed its end: it may exit now, and a look at it reaps it once it has. If the first acknowledgement
 * comes before that, only serverCron will.
 */
function endOfPipe(redis: Redis, child: PipeChild): void {
  const stillUp = child.targets.filter(({ error }) => error === null).length;
  const message = `Diskless rdb transfer, done reading from pipe, ${stillUp} replicas still up.`;
  if (child.ok) serverLog(redis, 'notice', redis.profile.copyOnWrite);
  serverLog(redis, 'warning', message);
  child.finished = true;
  child.pipe.exitedAt = redis.system.now() + redis.system.exitMicros;
}

/** Writes to one socket what was read; false where that ended the replica. */
function writeChunk(redis: Redis, child: PipeChild, target: SocketTarget): boolean {
  const { server } = redis;
  const slave = server.clients[target.client]!;
  const error = writeRest(redis, child, target);
  if (error !== null) {
    serverLog(
      redis,
      'warning',
      `Diskless rdb transfer, write error sending DB to replica: ${strerror(error)}`,
    );
    freeClient(redis, slave);
    return false;
  }
  if (target.written < child.pipe.read) {
    slave.replLastPartialWrite = server.unixtime;
    child.pipe.writing++;
    setWriteHandler(redis, slave, 'rdbPipeWriteHandler');
  }
  return true;
}

/** Writes as much as the socket takes of what was read; the error that ended it, or null. */
function writeRest(redis: Redis, child: PipeChild, target: SocketTarget): SocketTarget['error'] {
  const { system } = redis;
  while (target.written < child.pipe.read) {
    const part = streamPart(child, target.written);
    const wanted = Math.min(part.length, child.pipe.read - target.written);
    const written = system.write(target.fd, part.slice(0, wanted));
    if (typeof written === 'string') return written;
    target.written += written;
    redis.server.statNetReplOutputBytes += written;
    system.rdbSent(written);
    if (written < wanted) return null;
  }
  return null;
}

/** A replica's socket takes bytes again (replication.c rdbPipeWriteHandler). */
export function rdbPipeWriteHandler(redis: Redis, slave: Client): void {
  const child = pipeChild(redis);
  const target = child?.targets.find(({ client }) => client === slave.id);
  if (child === null || target === undefined) return;
  const error = writeRest(redis, child, target);
  if (error !== null) {
    serverLog(redis, 'warning', `Write error sending DB to replica: ${strerror(error)}`);
    freeClient(redis, slave);
  } else if (target.written < child.pipe.read) {
    slave.replLastPartialWrite = redis.server.unixtime;
  } else {
    rdbPipeWriteHandlerConnRemoved(redis, child, slave);
  }
}

/** One socket less to wait for; after the last one the pipe is read again (rdbPipeWriteHandlerConnRemoved). */
function rdbPipeWriteHandlerConnRemoved(redis: Redis, child: PipeChild, slave: Client): void {
  if (slave.writeHandler !== 'rdbPipeWriteHandler') return;
  setWriteHandler(redis, slave, 'none');
  slave.replLastPartialWrite = 0;
  child.pipe.writing--;
  if (child.pipe.writing === 0) redis.system.wakeChild(redis.system.now());
}

/** A replica's connection is about to be closed: it takes no part in the transfer any longer (part of unlinkClient). */
export function removeFromRdbPipe(redis: Redis, slave: Client, fd: Fd): void {
  const child = pipeChild(redis);
  const target = child?.targets.find((one) => one.fd === fd);
  if (child === null || target === undefined) return;
  target.error ??= 'EPIPE';
  rdbPipeWriteHandlerConnRemoved(redis, child, slave);
}

/** The child of a diskless transfer has ended (rdb.c backgroundSaveDoneHandlerSocket). */
export function backgroundSaveDoneHandlerPipe(redis: Redis, child: PipeChild): void {
  const { server } = redis;
  const ok = child.killedBy === 0 && child.ok;
  if (child.killedBy !== 0) {
    serverLog(redis, 'warning', `Background transfer terminated by signal ${child.killedBy}`);
  } else if (ok) {
    serverLog(redis, 'notice', 'Background RDB transfer terminated with success');
  } else {
    serverLog(redis, 'warning', 'Background transfer error');
  }
  for (const { client, error } of child.targets) {
    const slave = server.clients[client];
    if (slave !== undefined && error === null) slave.repldbsize = child.rdb.length;
  }
  server.child = null;
  redis.rules.updateSlavesWaitingBgsaveAsync(redis, ok, 'socket');
}
