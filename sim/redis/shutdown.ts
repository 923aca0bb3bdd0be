import { flushSlavesOutputBuffers } from './networking/write-to-client.ts';
import { killRdbChild, rdbSave } from './rdb/rdb.ts';
import { type Redis, serverLog } from './system.ts';

const SIGUSR1 = 10;

/** What SHUTDOWN was asked to do about the final save. */
export type ShutdownSave = 'default' | 'save' | 'nosave';

/**
 * Saves where save points or the caller ask for it, sends replicas what waits for them and ends the process;
 * false where the save failed, which keeps the server running (server.c prepareForShutdown).
 */
export function prepareForShutdown(redis: Redis, save: ShutdownSave): boolean {
  serverLog(redis, 'warning', 'User requested shutdown...');
  return endProcess(redis, save, false);
}

/**
 * Kills the child, saves where that is asked for, sends replicas what waits for them and ends the process; false
 * where the save failed and nothing forces the end (server.c finishShutdown, in Redis 5 a part of the same).
 */
export function endProcess(redis: Redis, save: ShutdownSave, force: boolean): boolean {
  const { server } = redis;
  if (server.child !== null && server.child.type !== 'aof') {
    serverLog(redis, 'warning', 'There is a child saving an .rdb. Killing it!');
    killRdbChild(redis, SIGUSR1);
  }
  if (server.appendonly) serverLog(redis, 'notice', 'Calling fsync() on the AOF file.');
  if (save === 'save' || (save === 'default' && server.saveparams.length > 0)) {
    serverLog(redis, 'notice', 'Saving the final RDB snapshot before exiting.');
    if (!rdbSave(redis, redis.rules.rdbPopulateSaveInfo(redis))) {
      serverLog(redis, 'warning', `Error trying to save the DB${force ? '. Exit anyway.' : ", can't exit."}`);
      if (!force) return false;
    }
  }
  flushSlavesOutputBuffers(redis);
  serverLog(redis, 'warning', 'Redis is now ready to exit, bye bye...');
  redis.system.exit(0);
  // exit(3) does not return: no reply is written any more, and what the client sent after it is not read.
  server.blockedUntil = Number.MAX_SAFE_INTEGER;
  return true;
}
