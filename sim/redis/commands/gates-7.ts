import {
  CLIENT_MASTER,
  CLIENT_MULTI,
  CLIENT_PUBSUB,
  CLIENT_SLAVE,
  type Client,
} from '../networking/client.ts';
import { REPL_STATE_CONNECTED } from '../server.ts';
import { type Redis, serverLog, serverPanic } from '../system.ts';
import {
  CMD_LOADING,
  CMD_MAY_REPLICATE,
  CMD_NO_ASYNC_LOADING,
  CMD_NO_AUTH,
  CMD_NO_MULTI,
  CMD_READONLY,
  CMD_STALE,
  CMD_WRITE,
  lookupCommand,
  type RedisCommand,
} from './command-table.ts';
import { type Gate, RUN_INSIDE_PUBSUB, writeCommandsDeniedByDiskError } from './execute.ts';
import { flagsOf } from './subcommands-7.ts';

/**
 * The first gate in front of a command that is closed, in the order of Redis 7; null where it may pass. EXEC is
 * judged by what it would run (server.c processCommand).
 */
export function closedGateBeforeExec(redis: Redis, c: Client, cmd: RedisCommand): Gate | null {
  const { server } = redis;
  const flags = cmd.name === 'exec' ? cmd.flags | c.mstateFlags : cmd.flags;
  const isWrite = (flags & CMD_WRITE) !== 0;
  const mayReplicate = (flags & (CMD_WRITE | CMD_MAY_REPLICATE)) !== 0;
  const obeys = (c.flags & CLIENT_MASTER) !== 0;
  const isReplica = server.masterhost !== null;
  if (server.requirepass !== null && !c.authenticated && (cmd.flags & CMD_NO_AUTH) === 0) return 'noauth';
  if ((c.flags & CLIENT_MULTI) !== 0 && (cmd.flags & CMD_NO_MULTI) !== 0) return 'no-multi';
  const watchesDisk = !isReplica || redis.profile.watchesReplicasDisk;
  if (watchesDisk && (isWrite || cmd.name === 'ping') && writeCommandsDeniedByDiskError(redis)) {
    if (!obeys) return 'disk-error';
    if (!appliesWithoutDisk(redis, cmd)) return 'panic';
  }
  if (isWrite && redis.rules.notEnoughGoodSlaves(redis)) return 'noreplicas';
  if (isWrite && isReplica && server.replSlaveRo && !obeys) return 'readonly';
  if ((c.flags & CLIENT_PUBSUB) !== 0 && !RUN_INSIDE_PUBSUB.has(cmd.name)) return 'pubsub';
  const linkDown = isReplica && server.replState !== REPL_STATE_CONNECTED;
  if (linkDown && !server.replServeStaleData && lacks(redis, c, cmd, CMD_STALE)) return 'masterdown';
  if (server.loading && !server.asyncLoading && lacks(redis, c, cmd, CMD_LOADING)) return 'loading';
  if (server.asyncLoading && (flags & CMD_NO_ASYNC_LOADING) !== 0) return 'loading';
  const isSlave = (c.flags & CLIENT_SLAVE) !== 0;
  if (isSlave) return mayReplicate || (flags & CMD_READONLY) !== 0 ? 'replica' : null;
  const { type } = server.clientPauses;
  return type === 'all' || (type === 'write' && mayReplicate) ? 'paused' : null;
}

/** How often the log says that writes are applied although saves fail, at most (milliseconds). */
const DISK_ERROR_LOG_INTERVAL = 10_000;

/** A command of the master's on a replica that cannot save: applied all the same, or the end (part of processCommand). */
function appliesWithoutDisk(redis: Redis, { name }: RedisCommand): boolean {
  const { server } = redis;
  if (server.config['replica-ignore-disk-write-errors'] !== 'yes' && name !== 'ping') {
    serverPanic(redis, 'Replica was unable to write command to disk.');
    return false;
  }
  if (server.mstime > server.lastDiskErrorLog + DISK_ERROR_LOG_INTERVAL) {
    server.lastDiskErrorLog = server.mstime;
    const message = 'Replica is applying a command even though it is unable to write to disk.';
    serverLog(redis, 'warning', message);
  }
  return true;
}

/** Whether a command, or one of those that EXEC would run, lacks a flag. */
function lacks({ profile }: Redis, c: Client, cmd: RedisCommand, flag: number): boolean {
  if ((flagsOf(profile, cmd, c.argv) & flag) === 0) return true;
  if (cmd.name !== 'exec') return false;
  return c.mstate.some(({ name, command }) => {
    const queued = lookupCommand(name, profile.name)!;
    return (flagsOf(profile, queued, command.argv) & flag) === 0;
  });
}
