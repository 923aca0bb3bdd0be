import { type Bytes, Text } from '../networking/bytes.ts';
import {
  SLAVE_REQ_RDB_EXCLUDE_DATA,
  SLAVE_STATE_WAIT_BGSAVE_END,
  SLAVE_STATE_WAIT_BGSAVE_START,
} from '../networking/client.ts';
import { freeClient } from '../networking/networking.ts';
import { replicationGetSlaveName } from '../replication/slave-name.ts';
import { getPsyncInitialOffset, updateSlavesWaitingBgsave } from '../replication/sync-master.ts';
import { CONFIG_RUN_ID_SIZE } from '../server.ts';
import { type Fd, type Redis, serverLog, strerror } from '../system.ts';
import type { SocketChild, SocketTarget } from './child-process.ts';
import { blockForFork, type RdbSaveInfo, saveMicros, snapshot } from './rdb.ts';

/** The child collects more than this before it writes to the sockets (rio.c rioFdsetWrite). */
const FDSET_BUFFER = 16 * 1024;
/** How much of the snapshot the child serialises from one step to the next. */
const CHILD_STEP = 64 * 1024;
const MICROS_PER_SECOND = 1_000_000;

/**
 * Forks a child that streams the snapshot to the sockets of all replicas waiting for a save that want the same left
 * out of it; they are set up before the fork (rdb.c rdbSaveToSlavesSockets).
 */
export function rdbSaveToSlavesSockets(redis: Redis, info: RdbSaveInfo, req: number): boolean {
  const { server, system, profile } = redis;
  if (server.child !== null) return false;
  const startedAt = system.now();
  const targets: SocketTarget[] = [];
  for (const id of [...server.slaves]) {
    const slave = server.clients[id]!;
    if (slave.replstate !== SLAVE_STATE_WAIT_BGSAVE_START || slave.slaveReq !== req) continue;
    targets.push({ client: id, fd: slave.fd, written: 0, lastProgress: startedAt, error: null });
    redis.rules.replicationSetupSlaveForFullResync(redis, slave, getPsyncInitialOffset(redis));
  }
  const rdb = snapshot(redis, info, (req & SLAVE_REQ_RDB_EXCLUDE_DATA) === 0);
  blockForFork(redis, rdb.length);
  const ok = !system.saveFails();
  const pid = system.fork(true);
  serverLog(redis, 'notice', `Background RDB transfer started by pid ${pid}`);
  const doneAt = startedAt + (ok ? saveMicros(redis, rdb.length) : 0);
  const eofMark = system.randomHex(CONFIG_RUN_ID_SIZE);
  server.child = {
    type: 'socket',
    pid,
    startedAt,
    doneAt,
    ok,
    killedBy: 0,
    rdb,
    eofMark,
    targets,
    finished: false,
    pipe: profile.streamsRdbThroughParent
      ? { read: 0, exitedAt: Number.POSITIVE_INFINITY, writing: 0, base: 0, since: startedAt }
      : null,
  };
  system.wakeChild(nextStep(redis, server.child));
  return true;
}

/** The whole stream: a header with the mark, the RDB, the mark (rdbSaveRioWithEOFMark). */
export function streamPart(child: SocketChild, from: number): Bytes {
  const header = `$EOF:${child.eofMark}\r\n`;
  if (from < header.length) return new Text(header.slice(from));
  const inRdb = from - header.length;
  if (inRdb < child.rdb.length) return child.rdb.slice(inRdb, Math.min(child.rdb.length, inRdb + CHILD_STEP));
  return new Text(child.eofMark.slice(inRdb - child.rdb.length));
}

export function streamLength(child: SocketChild): number {
  return '$EOF:\r\n'.length + 2 * CONFIG_RUN_ID_SIZE + child.rdb.length;
}

/** How much of the stream the child can have written by now: nothing until its buffer is full or all is done. */
function produced(redis: Redis, child: SocketChild): number {
  const now = redis.system.now();
  if (now >= child.doneAt) return streamLength(child);
  const share = (now - child.startedAt) / Math.max(1, child.doneAt - child.startedAt);
  const bytes = Math.floor(child.rdb.length * share);
  return bytes > FDSET_BUFFER ? bytes : 0;
}

/** When the child next has something to write, in microseconds. */
function nextStep(redis: Redis, child: SocketChild): number {
  const now = redis.system.now();
  if (child.rdb.length <= CHILD_STEP) return Math.max(now, child.doneAt);
  return Math.min(Math.max(now + 1, child.doneAt), now + saveMicros(redis, CHILD_STEP));
}

/**
 * One step of the child: what it has serialised goes to every socket in turn. A socket that takes nothing
 * stalls them all, until it errs or repl-timeout passes.
 */
export function socketChildStep(redis: Redis): void {
  const { server, system } = redis;
  const { child } = server;
  if (child === null || child.type !== 'socket' || child.finished || child.killedBy !== 0) return;
  if (!child.ok) {
    child.finished = true;
    return;
  }
  const goal = produced(redis, child);
  let stalled = false;
  let anyLeft = false;
  for (const target of child.targets) {
    if (target.error !== null) continue;
    if (!writeTo(redis, child, target, goal)) stalled = true;
    if (target.error === null) anyLeft = true;
  }
  if (!anyLeft) {
    child.finished = true;
  } else if (stalled) {
    // A stalled socket is looked at again when it is writable, at the latest when its send timeout is over.
    system.wakeChild(system.now() + MICROS_PER_SECOND);
  } else if (goal === streamLength(child)) {
    child.finished = true;
    serverLog(redis, 'notice', redis.profile.copyOnWrite);
  } else {
    system.wakeChild(nextStep(redis, child));
  }
}

/** Writes up to `goal` to one socket; false where it would take no more for now. */
function writeTo(redis: Redis, child: SocketChild, target: SocketTarget, goal: number): boolean {
  const { system } = redis;
  while (target.written < goal) {
    const part = streamPart(child, target.written);
    const bytes = part.length <= goal - target.written ? part : part.slice(0, goal - target.written);
    const written = system.write(target.fd, bytes);
    if (typeof written === 'string') {
      target.error = written;
      return true;
    }
    if (written > 0) {
      target.written += written;
      target.lastProgress = system.now();
      system.rdbSent(written);
    }
    if (written < bytes.length) {
      if (redis.rules.childSendTimedOut(redis, target)) {
        target.error = 'ETIMEDOUT';
        system.watchWritable(target.fd, false);
        return true;
      }
      system.watchWritable(target.fd, true);
      return false;
    }
  }
  return true;
}

/** Whether a socket has taken nothing from the child for too long, and with it kept all others waiting (anetSendTimeout). */
export function childSendTimedOut({ server, system }: Redis, { lastProgress }: SocketTarget): boolean {
  return system.now() - lastProgress >= server.replTimeout * MICROS_PER_SECOND;
}

/** Whether a socket's writable event is for the child, which may have been waiting for it. */
export function isChildTarget(redis: Redis, fd: Fd): boolean {
  const { child } = redis.server;
  if (child === null || child.type !== 'socket' || child.finished || child.pipe !== null) return false;
  return child.targets.some(
    (target) => target.fd === fd && target.error === null && target.written < streamLength(child),
  );
}

/** The socket child has ended: replicas that have it all go on, the others are dropped (rdb.c). */
export function backgroundSaveDoneHandlerSocket(redis: Redis, child: SocketChild): void {
  const { server } = redis;
  const failed = !child.ok || child.targets.every((target) => target.error !== null);
  if (child.killedBy !== 0) {
    serverLog(redis, 'warning', `Background transfer terminated by signal ${child.killedBy}`);
  } else if (failed) {
    serverLog(redis, 'warning', 'Background transfer error');
  } else {
    serverLog(redis, 'notice', 'Background RDB transfer terminated with success');
  }
  const ok = child.killedBy === 0 && !failed;
  server.child = null;
  for (const id of [...server.slaves]) {
    const slave = server.clients[id]!;
    if (slave.replstate !== SLAVE_STATE_WAIT_BGSAVE_END) continue;
    const target = child.targets.find((t) => t.client === id);
    const name = replicationGetSlaveName(redis, slave);
    if (ok && target !== undefined && target.error === null) {
      slave.repldbsize = child.rdb.length;
      serverLog(redis, 'warning', `Slave ${name} correctly received the streamed RDB file.`);
      continue;
    }
    const reason = target?.error == null ? 'RDB transfer child aborted' : strerror(target.error);
    serverLog(redis, 'warning', `Closing slave ${name}: child->slave RDB transfer failed: ${reason}`);
    const ended = !ok
      ? 'bgsave-failed'
      : target?.error === 'ETIMEDOUT'
        ? 'transfer-timeout'
        : 'transfer-broken';
    redis.system.syncEnded(slave.fd, ended, target?.written ?? 0);
    freeClient(redis, slave);
  }
  updateSlavesWaitingBgsave(redis, ok, 'socket');
}
