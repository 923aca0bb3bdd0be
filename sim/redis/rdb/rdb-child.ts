import { replicationStartPendingFork } from '../replication/replication-cron.ts';
import { updateSlavesWaitingBgsave } from '../replication/sync-master.ts';
import { type Redis, serverLog, time } from '../system.ts';
import type { ChildProcess, DiskChild, PipeChild } from './child-process.ts';
import { saveMicros, snapshot } from './rdb.ts';
import { backgroundSaveDoneHandlerPipe } from './rdb-pipe-7.ts';
import { backgroundSaveDoneHandlerSocket } from './rdb-socket.ts';

const SIGUSR1 = 10;

/**
 * Notices that the child has ended, if it has. Redis 7 starts at once the save that replicas wait for
 * (server.c checkChildrenDone, in Redis 5 a part of serverCron).
 */
export function checkChildrenDone(redis: Redis): void {
  const { server, system } = redis;
  const { child } = server;
  if (child === null) return;
  if (child.killedBy === 0 && !hasExited(child, system.now())) return;
  if (child.type === 'aof') backgroundRewriteDoneHandler(redis);
  else backgroundSaveDoneHandler(redis);
  if (redis.profile.startsPendingForks) replicationStartPendingFork(redis);
}

function hasExited(child: ChildProcess, now: number): boolean {
  // Its file stands on the disk by then, whatever else happens in that microsecond.
  if (child.type !== 'socket') return now > child.doneAt;
  return child.pipe === null ? child.finished : now >= child.pipe.exitedAt;
}

/** A save child has ended: the handler of its kind (rdb.c backgroundSaveDoneHandler). */
export function backgroundSaveDoneHandler(redis: Redis): void {
  const child = redis.server.child!;
  if (child.type === 'socket' && child.pipe !== null)
    backgroundSaveDoneHandlerPipe(redis, child as PipeChild);
  else if (child.type === 'socket') backgroundSaveDoneHandlerSocket(redis, child);
  else backgroundSaveDoneHandlerDisk(redis, child);
}

function backgroundSaveDoneHandlerDisk(redis: Redis, child: DiskChild): void {
  const { server } = redis;
  const ok = child.ok && child.killedBy === 0;
  if (child.killedBy !== 0) {
    serverLog(redis, 'warning', `Background saving terminated by signal ${child.killedBy}`);
    // SIGUSR1 is how Redis kills its own child on purpose: no error.
    if (child.killedBy !== SIGUSR1) server.lastbgsaveStatus = false;
  } else if (ok) {
    serverLog(redis, 'notice', 'Background saving terminated with success');
    server.dirty -= server.dirtyBeforeBgsave;
    server.lastsave = time(redis);
    server.lastbgsaveStatus = true;
  } else {
    serverLog(redis, 'warning', 'Background saving error');
    server.lastbgsaveStatus = false;
  }
  server.child = null;
  if (redis.profile.startsPendingForks) redis.rules.updateSlavesWaitingBgsaveAsync(redis, ok, 'disk');
  else updateSlavesWaitingBgsave(redis, ok, 'disk');
}

/** Forks a child that rewrites the AOF, or remembers to (aof.c bgrewriteaofCommand); false where it could not. */
export function rewriteAppendOnlyFileBackground(redis: Redis): boolean {
  const { server, system } = redis;
  if (server.child !== null) return false;
  server.aofRewriteScheduled = false;
  const pid = system.fork(false);
  serverLog(redis, 'notice', `Background append only file rewriting started by pid ${pid}`);
  const startedAt = system.now();
  const doneAt = startedAt + saveMicros(redis, snapshot(redis, null).length);
  server.child = { type: 'aof', pid, startedAt, doneAt, ok: true, killedBy: 0 };
  // The rewritten file begins without a database selected and without the scripts that replicas know.
  server.replScriptcacheFifo = [];
  return true;
}

/** The AOF rewrite has ended (aof.c backgroundRewriteDoneHandler). */
export function backgroundRewriteDoneHandler(redis: Redis): void {
  const killed = redis.server.child!.killedBy;
  if (killed === 0) serverLog(redis, 'notice', 'Background AOF rewrite terminated with success');
  else serverLog(redis, 'warning', `Background AOF rewrite terminated by signal ${killed}`);
  redis.server.child = null;
}
