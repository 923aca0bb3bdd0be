import { beforeSleepOfRedis7 } from './before-sleep-7.ts';
import { clientsHandleBlockedTimeout, processUnblockedClients } from './commands/blocked.ts';
import { activeExpireCycle, databasesCron } from './data/expire.ts';
import { Command } from './networking/bytes.ts';
import {
  clientsArePaused,
  closeClientOnOutputBufferLimitReached,
  freeClientsInAsyncFreeQueue,
} from './networking/networking.ts';
import { handleClientsWithPendingWrites } from './networking/write-to-client.ts';
import { rdbSaveBackground } from './rdb/rdb.ts';
import { checkChildrenDone, rewriteAppendOnlyFileBackground } from './rdb/rdb-child.ts';
import { replicationCron } from './replication/replication-cron.ts';
import { replicationFeedSlaves } from './replication/replication-feed.ts';
import { processClientsWaitingReplicas } from './replication/wait.ts';
import { prepareForShutdown } from './shutdown.ts';
import { lookAtShutdown, prepareForShutdownAndWait, SHUTDOWN_NOFLAGS } from './shutdown-7.ts';
import { mstime, type Redis, serverLog, time } from './system.ts';

/** Seconds before a save that failed is tried again (CONFIG_BGSAVE_RETRY_DELAY). */
const CONFIG_BGSAVE_RETRY_DELAY = 5;
/** Clients that each tick looks at, at least (CLIENTS_CRON_MIN_ITERATIONS). */
const CLIENTS_CRON_MIN_ITERATIONS = 5;

/** What asks every replica to acknowledge. */
export const GETACK = new Command(['REPLCONF', 'GETACK', '*']);

/** Refreshes the cached clocks (server.c updateCachedTime). */
export function updateCachedTime(redis: Redis): void {
  redis.server.unixtime = time(redis);
  redis.server.mstime = mstime(redis);
}

/** The timer of the event loop; returns after how many milliseconds it is due again (server.c serverCron). */
export function serverCron(redis: Redis): number {
  const { server } = redis;
  updateCachedTime(redis);
  if (redis.profile.waitsForReplicasAtShutdown) {
    if (server.shutdownMstime !== 0) lookAtShutdown(redis);
    else if (server.shutdownAsap) prepareForShutdownAndWait(redis, SHUTDOWN_NOFLAGS);
  } else if (server.shutdownAsap) {
    if (prepareForShutdown(redis, 'default')) return 1000 / server.hz;
    server.shutdownAsap = false;
  }
  clientsCron(redis);
  databasesCron(redis);
  if (server.child === null && server.aofRewriteScheduled) rewriteAppendOnlyFileBackground(redis);
  if (server.child !== null) checkChildrenDone(redis);
  else saveIfDue(redis);
  if (!redis.profile.freesClientsBeforeSleep) freeClientsInAsyncFreeQueue(redis);
  clientsArePaused(redis);
  // A failover goes on at every tick.
  const period = server.failoverState === 'none' ? 1000 : 100;
  if (runWithPeriod(redis, period)) replicationCron(redis);
  if (server.child === null && server.rdbBgsaveScheduled && mayTrySave(redis)) {
    if (rdbSaveBackground(redis, redis.rules.rdbPopulateSaveInfo(redis))) server.rdbBgsaveScheduled = false;
  }
  server.cronloops++;
  return Math.floor(1000 / server.hz);
}

/** Whether something done every so many milliseconds is due at this tick (the macro run_with_period). */
function runWithPeriod(redis: Redis, milliseconds: number): boolean {
  const { hz, cronloops } = redis.server;
  const tick = Math.floor(1000 / hz);
  return milliseconds <= tick || cronloops % Math.floor(milliseconds / tick) === 0;
}

/**
 * Looks at some clients at each tick, at all of them within a second: for blocked ones whose time is up, in
 * Redis 7 for those over their output buffer limits (server.c clientsCron).
 */
function clientsCron(redis: Redis): void {
  const { server } = redis;
  const { freesClientsBeforeSleep } = redis.profile;
  if (server.blockedClients === 0 && !freesClientsBeforeSleep) return;
  const ids = Object.keys(server.clients);
  if (ids.length === 0) return;
  let iterations = Math.floor(ids.length / server.hz);
  if (iterations < CLIENTS_CRON_MIN_ITERATIONS)
    iterations = Math.min(ids.length, CLIENTS_CRON_MIN_ITERATIONS);
  for (let i = 0; i < iterations; i++) {
    const id = Number(ids[server.clientsCronIndex++ % ids.length]);
    const c = server.clients[id];
    if (c === undefined) continue;
    if (freesClientsBeforeSleep) closeClientOnOutputBufferLimitReached(redis, c);
    else clientsHandleBlockedTimeout(redis, c, server.mstime);
  }
}

/** Starts a save when a `save` line asks for one. */
function saveIfDue(redis: Redis): void {
  const { server } = redis;
  for (const { seconds, changes } of server.saveparams) {
    if (server.dirty < changes || server.unixtime - server.lastsave <= seconds || !mayTrySave(redis))
      continue;
    serverLog(redis, 'notice', `${changes} changes in ${seconds} seconds. Saving...`);
    rdbSaveBackground(redis, redis.rules.rdbPopulateSaveInfo(redis));
    return;
  }
}

function mayTrySave(redis: Redis): boolean {
  const { server } = redis;
  return server.lastbgsaveStatus || server.unixtime - server.lastbgsaveTry > CONFIG_BGSAVE_RETRY_DELAY;
}

/** What happens before the event loop sleeps: after every event here (server.c beforeSleep). */
export function beforeSleep(redis: Redis): void {
  const { server, profile } = redis;
  if (profile.freesClientsBeforeSleep) {
    beforeSleepOfRedis7(redis);
    return;
  }
  if (server.activeExpireEnabled && server.masterhost === null) activeExpireCycle(redis, 'fast');
  if (server.getAckFromSlaves) {
    replicationFeedSlaves(redis, server.slaveseldb, GETACK);
    server.getAckFromSlaves = false;
  }
  if (server.clientsWaitingAcks.length > 0) processClientsWaitingReplicas(redis);
  if (server.unblockedClients.length > 0) processUnblockedClients(redis);
  if (server.clientsPendingWrite.length > 0) handleClientsWithPendingWrites(redis);
}
