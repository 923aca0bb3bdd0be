import { rewriteAppendOnlyFileBackground } from './rdb/rdb-child.ts';
import { type Redis, serverLog } from './system.ts';

/**
 * The append only file as far as replication meets it: a replica stops it before it loads an RDB and begins it anew
 * with a rewrite, which keeps other children from starting. The file itself is not simulated.
 */

/** Stops the AOF, and the child that rewrites it (aof.c stopAppendOnly). */
export function stopAppendOnly(redis: Redis): void {
  const { server } = redis;
  server.appendonly = false;
  server.aofRewriteScheduled = false;
  killAppendOnlyChild(redis);
}

/** Kills the child that rewrites the AOF, if that is what runs (aof.c killAppendOnlyChild). */
function killAppendOnlyChild(redis: Redis): void {
  const { server, system } = redis;
  if (server.child?.type !== 'aof') return;
  serverLog(redis, 'notice', `Killing running AOF rewrite child: ${server.child.pid}`);
  system.killChild(server.child.pid);
  server.child = null;
}

/** Begins the AOF with a rewrite, at once or after the child that runs (replication.c restartAOFAfterSYNC, aof.c startAppendOnly). */
export function restartAOFAfterSYNC(redis: Redis): void {
  const { server, profile } = redis;
  server.appendonly = true;
  if (server.child?.type === 'aof') {
    const message =
      'AOF was enabled but there is already an AOF rewriting in background. Stopping background AOF and starting a ' +
      'rewrite now.';
    serverLog(redis, 'warning', message);
    killAppendOnlyChild(redis);
  }
  if (rewriteAppendOnlyFileBackground(redis)) return;
  server.aofRewriteScheduled = true;
  const message = `AOF was enabled but there is already ${profile.childInTheWayOfAof}. An AOF background was scheduled to start when possible.`;
  serverLog(redis, 'warning', message);
}
