import { updateCachedTime } from '../cron.ts';
import { Command } from '../networking/bytes.ts';
import {
  CLIENT_FORCE_REPL,
  CLIENT_LUA,
  CLIENT_PREVENT_PROP,
  CLIENT_PREVENT_REPL_PROP,
  type Client,
} from '../networking/client.ts';
import type { Redis } from '../system.ts';
import type { RedisCommand } from './command-table.ts';
import { type CallPropagation, PROPAGATION_FLAGS, propagate, runCommand } from './execute.ts';

const MULTI = new Command(['MULTI']);
const EXEC = new Command(['EXEC']);

/**
 * Redis 7's `call`: what a command changes is noted, and goes to the replicas when the outermost one is over
 * (server.c call, afterCommand). EXEC itself is never sent: it is put around what it ran.
 */
export function callAndCollect(
  redis: Redis,
  c: Client,
  cmd: RedisCommand,
  command: Command,
  propagation: CallPropagation,
): void {
  const { server } = redis;
  const oldFlags = c.flags;
  c.flags &= ~PROPAGATION_FLAGS;
  c.rewritten = null;
  const dirtyBefore = server.dirty;
  if (server.fixedTimeExpire++ === 0) updateCachedTime(redis);

  server.inNestedCall++;
  runCommand(redis, c, cmd);
  server.inNestedCall--;

  if ((c.flags & CLIENT_LUA) !== 0 && server.luaCaller !== null) {
    server.clients[server.luaCaller]!.flags |= c.flags & CLIENT_FORCE_REPL;
  }
  const prevented = (c.flags & CLIENT_PREVENT_PROP) === CLIENT_PREVENT_PROP;
  if (propagation === 'propagate' && !prevented && cmd.name !== 'exec') {
    const changed = server.dirty > dirtyBefore || (c.flags & CLIENT_FORCE_REPL) !== 0;
    if (changed && (c.flags & CLIENT_PREVENT_REPL_PROP) === 0) {
      noteForPropagation(redis, c.db, c.rewritten ?? command);
    }
  }
  c.rewritten = null;
  c.flags = (c.flags & ~PROPAGATION_FLAGS) | (oldFlags & PROPAGATION_FLAGS);
  server.fixedTimeExpire--;
  server.statNumcommands++;
  if (server.inNestedCall === 0 && server.suspendedExec === null) propagatePendingCommands(redis, true);
}

/** Notes a command for the replicas; a replica has nothing to tell them (server.c alsoPropagate, shouldPropagate). */
export function noteForPropagation(redis: Redis, dbid: number, command: Command): void {
  const { server } = redis;
  if (!server.loading && server.masterhost === null) server.alsoPropagate.push({ db: dbid, command });
}

/**
 * Sends what was noted: several commands as one transaction, unless they are independent of each other, as the
 * keys are that a cycle found expired (server.c propagatePendingCommands).
 */
export function propagatePendingCommands(redis: Redis, belongTogether: boolean): void {
  const { server } = redis;
  if (server.alsoPropagate.length === 0) return;
  const ops = server.alsoPropagate;
  server.alsoPropagate = [];
  const transaction = belongTogether && ops.length > 1;
  if (transaction) propagate(redis, ops[0]!.db, MULTI);
  for (const { db, command } of ops) propagate(redis, db, command);
  if (transaction) propagate(redis, ops[ops.length - 1]!.db, EXEC);
}
