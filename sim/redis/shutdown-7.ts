import { blockClient, unblockClient } from './commands/blocked.ts';
import { GETACK } from './cron.ts';
import { slaveInfo } from './info.ts';
import { type Client, SLAVE_STATE_ONLINE } from './networking/client.ts';
import { pauseClientsFor, unpauseClients } from './networking/pause-7.ts';
import { addReply, addReplyError, shared } from './networking/reply.ts';
import { replicationFeedSlaves } from './replication/replication-feed.ts';
import { replicationGetSlaveName } from './replication/slave-name.ts';
import type { ShutdownFlags } from './server.ts';
import { endProcess } from './shutdown.ts';
import { type Redis, serverLog, time } from './system.ts';

/** SIGTERM's flags: save where save points ask for it, wait for the replicas. */
export const SHUTDOWN_NOFLAGS: ShutdownFlags = { save: 'default', now: false, force: false };

/** SHUTDOWN [NOSAVE|SAVE] [NOW] [FORCE] [ABORT]; the client waits until the process ends (db.c shutdownCommand). */
export function shutdownCommandOfRedis7(redis: Redis, c: Client): void {
  const options = c.argv.slice(1).map((option) => option.toLowerCase());
  const known = ['nosave', 'save', 'now', 'force', 'abort'];
  const has = (option: string): boolean => options.includes(option);
  const isAlone = options.every((option) => option === 'abort');
  const isWrong = options.some((option) => !known.includes(option)) || (has('save') && has('nosave'));
  if (isWrong || (has('abort') && !isAlone)) {
    addReply(redis, c, shared.syntaxerr);
  } else if (has('abort')) {
    if (abortShutdown(redis)) addReply(redis, c, shared.ok);
    else addReplyError(redis, c, 'No shutdown in progress.');
  } else {
    const save = has('save') ? 'save' : has('nosave') ? 'nosave' : 'default';
    blockClient(redis, c, 'shutdown');
    prepareForShutdownAndWait(redis, { save, now: has('now'), force: has('force') });
  }
}

/**
 * Begins to shut down: at once where every replica has acknowledged everything, else they are asked to, writes are
 * paused, and serverCron looks until shutdown-timeout is over (server.c prepareForShutdown).
 */
export function prepareForShutdownAndWait(redis: Redis, flags: ShutdownFlags): void {
  const { server } = redis;
  if (server.shutdownMstime !== 0) return;
  // A dataset half loaded must not replace the file it comes from.
  server.shutdownFlags = server.loading ? { ...flags, save: 'nosave' } : flags;
  serverLog(redis, 'warning', 'User requested shutdown...');
  const timeout = Number(server.config['shutdown-timeout']);
  if (flags.now || timeout === 0 || isReadyToShutdown(redis)) {
    finishShutdown(redis);
    return;
  }
  server.shutdownMstime = server.mstime + timeout * 1000;
  if (server.clientPauses.type === 'off') replicationFeedSlaves(redis, server.slaveseldb, GETACK);
  pauseClientsFor(redis, 'shutdown', Number.MAX_SAFE_INTEGER, 'write');
  serverLog(redis, 'notice', 'Waiting for replicas before shutting down.');
}

/** At each tick of a shutdown that waits: whether its time is over, or nobody has to be waited for (serverCron). */
export function lookAtShutdown(redis: Redis): void {
  const { server } = redis;
  if (server.mstime >= server.shutdownMstime || isReadyToShutdown(redis)) finishShutdown(redis);
}

function isReadyToShutdown({ server }: Redis): boolean {
  return server.slaves.every((id) => server.clients[id]!.replAckOff === server.masterReplOffset);
}

/** Says which replicas lag, and ends the process, unless its dataset cannot be saved (server.c finishShutdown). */
function finishShutdown(redis: Redis): void {
  const { server } = redis;
  let lagging = 0;
  for (const id of server.slaves) {
    const slave = server.clients[id]!;
    if (slave.replAckOff === server.masterReplOffset) continue;
    lagging++;
    const lag = slave.replstate === SLAVE_STATE_ONLINE ? time(redis) - slave.replAckTime : 0;
    serverLog(
      redis,
      'warning',
      `Lagging replica ${replicationGetSlaveName(redis, slave)} reported offset ` +
        `${server.masterReplOffset - slave.replAckOff} behind master, lag=${lag}, ` +
        `state=${slaveInfo(redis, slave).state}.`,
    );
  }
  const all = server.slaves.length;
  if (all > 0) {
    serverLog(redis, 'notice', `${all - lagging} of ${all} replicas are in sync when shutting down.`);
  }
  const { save, force } = server.shutdownFlags;
  if (endProcess(redis, save, force)) return;
  serverLog(redis, 'warning', 'Errors trying to shut down the server. Check the logs for more information.');
  cancelShutdown(redis);
}

/** Takes the shutdown back; those who asked for it are told (server.c cancelShutdown, replyToClientsBlockedOnShutdown). */
function cancelShutdown(redis: Redis): void {
  const { server } = redis;
  server.shutdownAsap = false;
  server.shutdownMstime = 0;
  for (const id of Object.keys(server.clients)) {
    const c = server.clients[Number(id)]!;
    if (c.btype !== 'shutdown') continue;
    addReplyError(redis, c, 'Errors trying to SHUTDOWN. Check logs.');
    unblockClient(redis, c);
  }
  unpauseClients(redis, 'shutdown');
}

/** SHUTDOWN ABORT; false where there is nothing to abort (server.c abortShutdown). */
function abortShutdown(redis: Redis): boolean {
  const { server } = redis;
  if (server.shutdownMstime !== 0) cancelShutdown(redis);
  else if (server.shutdownAsap) server.shutdownAsap = false;
  else return false;
  serverLog(redis, 'notice', 'Shutdown manually aborted.');
  return true;
}
