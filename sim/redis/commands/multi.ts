import { dbKey } from '../data/db.ts';
import { Command } from '../networking/bytes.ts';
import {
  CLIENT_DIRTY_CAS,
  CLIENT_DIRTY_EXEC,
  CLIENT_MASTER,
  CLIENT_MULTI,
  type Client,
} from '../networking/client.ts';
import { isBlocked } from '../networking/networking.ts';
import { addReply, addReplyArrayLen, addReplyError, shared } from '../networking/reply.ts';
import { feedReplicationBacklog } from '../replication/backlog.ts';
import type { SuspendedExec } from '../server.ts';
import type { Redis } from '../system.ts';
import { CMD_ADMIN, CMD_READONLY, CMD_WRITE, lookupCommand, type RedisCommand } from './command-table.ts';
import { afterCommand, call, preventCommandPropagation, propagate } from './execute.ts';
import { propagatePendingCommands } from './propagation-7.ts';

const MULTI = new Command(['MULTI']);
const EXEC = new Command(['EXEC']);

/** Adds a command to a client's open MULTI (multi.c queueMultiCommand). */
export function queueMultiCommand(c: Client, cmd: RedisCommand, command: Command): void {
  c.mstate.push({ name: cmd.name, command });
  c.mstateFlags |= cmd.flags;
}

/** Forgets an open MULTI and what is watched (multi.c discardTransaction). */
export function discardTransaction(redis: Redis, c: Client): void {
  c.mstate = [];
  c.mstateFlags = 0;
  c.flags &= ~(CLIENT_MULTI | CLIENT_DIRTY_CAS | CLIENT_DIRTY_EXEC);
  unwatchAllKeys(redis, c);
}

/** Lets the EXEC of an open MULTI fail: queueing a command met an error (multi.c flagTransaction). */
export function flagTransaction(c: Client): void {
  if ((c.flags & CLIENT_MULTI) !== 0) c.flags |= CLIENT_DIRTY_EXEC;
}

/** MULTI. */
export function multiCommand(redis: Redis, c: Client): void {
  if ((c.flags & CLIENT_MULTI) !== 0) {
    addReplyError(redis, c, 'MULTI calls can not be nested');
    return;
  }
  c.flags |= CLIENT_MULTI;
  addReply(redis, c, shared.ok);
}

/** DISCARD. */
export function discardCommand(redis: Redis, c: Client): void {
  if ((c.flags & CLIENT_MULTI) === 0) {
    addReplyError(redis, c, 'DISCARD without MULTI');
    return;
  }
  discardTransaction(redis, c);
  addReply(redis, c, shared.ok);
}

/** Sends MULTI to the replicas (multi.c execCommandPropagateMulti). */
export function execCommandPropagateMulti(redis: Redis, dbid: number): void {
  propagate(redis, dbid, MULTI);
}

/** EXEC: runs what was queued, unless a watched key changed or queueing failed (multi.c execCommand). */
export function execCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  if ((c.flags & CLIENT_MULTI) === 0) {
    addReplyError(redis, c, 'EXEC without MULTI');
    return;
  }
  if ((c.flags & (CLIENT_DIRTY_CAS | CLIENT_DIRTY_EXEC)) !== 0) {
    addReply(redis, c, (c.flags & CLIENT_DIRTY_EXEC) !== 0 ? shared.execaborterr : shared.nilArray);
    discardTransaction(redis, c);
    return;
  }
  const readOnly = server.masterhost !== null && server.replSlaveRo && (c.flags & CLIENT_MASTER) === 0;
  const isChecked = redis.profile.ordersGatesAnew;
  if (!isChecked && !server.loading && readOnly && (c.mstateFlags & CMD_WRITE) !== 0) {
    addReplyError(
      redis,
      c,
      'Transaction contains write commands but instance is now a read-only slave. EXEC aborted.',
    );
    discardTransaction(redis, c);
    return;
  }
  unwatchAllKeys(redis, c);
  addReplyArrayLen(redis, c, c.mstate.length);
  const command = new Command([...c.argv]);
  const wasMaster = server.masterhost === null;
  const exec = { client: c.id, command, index: 0, multiPropagated: false, wasMaster };
  runQueued(redis, c, { ...exec, dirtyBefore: server.dirty });
  if (server.suspendedExec !== null) preventCommandPropagation(c);
}

/**
 * Takes up an EXEC that stopped because one of its commands blocked the process, and ends it: EXEC goes to the
 * replicas now, unless a SAVE in it has set the count of changes back. Then they are left in the middle of it (call).
 */
export function resumeExec(redis: Redis): void {
  const { server } = redis;
  const suspended = server.suspendedExec;
  if (suspended === null) return;
  const exec = { ...suspended };
  server.suspendedExec = null;
  const c = server.clients[exec.client];
  if (c === undefined) return;
  server.fixedTimeExpire++;
  server.inNestedCall++;
  const multiPropagated = runQueued(redis, c, exec);
  server.inNestedCall--;
  server.fixedTimeExpire--;
  if (server.suspendedExec !== null) return;
  if (redis.profile.collectsPropagation) propagatePendingCommands(redis, true);
  if (multiPropagated && server.dirty > exec.dirtyBefore) propagate(redis, c.db, exec.command);
  afterCommand(redis, c);
}

/** Runs queued commands from `exec.index` on; whether MULTI was sent to the replicas before one of them. */
function runQueued(redis: Redis, c: Client, exec: SuspendedExec): boolean {
  const { server } = redis;
  let { multiPropagated } = exec;
  for (let i = exec.index; i < c.mstate.length; i++) {
    if (i > exec.index && isBlocked(redis)) {
      server.suspendedExec = { ...exec, index: i, multiPropagated };
      return multiPropagated;
    }
    const { name, command } = c.mstate[i]!;
    const cmd = lookupCommand(name, redis.profile.name)!;
    c.argv = command.argv;
    c.cmd = name;
    const sendsMulti = !redis.profile.collectsPropagation;
    if (sendsMulti && !multiPropagated && (cmd.flags & (CMD_READONLY | CMD_ADMIN)) === 0) {
      execCommandPropagateMulti(redis, c.db);
      multiPropagated = true;
    }
    server.inExec = true;
    call(redis, c, cmd, command, server.loading ? 'none' : 'propagate');
    server.inExec = false;
  }
  c.argv = exec.command.argv;
  c.cmd = 'exec';
  discardTransaction(redis, c);
  if (multiPropagated) {
    server.dirty++;
    const isMasterNoMore = exec.wasMaster && server.masterhost !== null;
    if (server.replBacklog !== null && isMasterNoMore) redis.rules.closeTransactionOfBacklog(redis);
  }
  return multiPropagated;
}

/** A master that became a replica half-way has sent MULTI and can send no EXEC: its backlog gets one (part of execCommand). */
export function closeTransactionOfBacklog(redis: Redis): void {
  feedReplicationBacklog(redis, EXEC);
}

/** WATCH: lets EXEC fail if one of the keys changes before (multi.c watchCommand). */
export function watchCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  if ((c.flags & CLIENT_MULTI) !== 0) {
    addReplyError(redis, c, 'WATCH inside MULTI is not allowed');
    return;
  }
  if (!server.watchingClients.includes(c.id)) server.watchingClients.push(c.id);
  for (let i = 1; i < c.argv.length; i++) c.watchedKeys[dbKey(c.db, c.argv[i]!)] = true;
  addReply(redis, c, shared.ok);
}

/** UNWATCH. */
export function unwatchCommand(redis: Redis, c: Client): void {
  unwatchAllKeys(redis, c);
  c.flags &= ~CLIENT_DIRTY_CAS;
  addReply(redis, c, shared.ok);
}

/** Watches no key any longer (multi.c unwatchAllKeys). */
export function unwatchAllKeys(redis: Redis, c: Client): void {
  const { watchingClients } = redis.server;
  const at = watchingClients.indexOf(c.id);
  if (at === -1) return;
  watchingClients.splice(at, 1);
  c.watchedKeys = {};
}
