import { clientsHandleBlockedTimeout, processUnblockedClients } from './commands/blocked.ts';
import { GETACK } from './cron.ts';
import { activeExpireCycle } from './data/expire.ts';
import { freeClientsInAsyncFreeQueue } from './networking/networking.ts';
import { checkClientPauseTimeoutAndReturnIfPaused } from './networking/pause-7.ts';
import { handleClientsWithPendingWrites } from './networking/write-to-client.ts';
import { updateFailoverStatus } from './replication/failover-7.ts';
import {
  incrementalTrimReplicationBacklog,
  TRIM_BLOCKS_PER_CALL,
} from './replication/replication-buffer-7.ts';
import { replicationFeedSlaves } from './replication/replication-feed.ts';
import { processClientsWaitingReplicas } from './replication/wait.ts';
import { NO_TIME } from './server.ts';
import { mstime, type Redis } from './system.ts';

/** How many times more blocks go before the loop sleeps than elsewhere (server.c beforeSleep). */
const TRIM_FACTOR = 10;

/**
 * What Redis 7 does before its loop sleeps: timeouts are looked at in every iteration, replicas are asked for
 * acknowledgements after those who waited went on, clients to be closed go at the end (server.c beforeSleep).
 */
export function beforeSleepOfRedis7(redis: Redis): void {
  const { server } = redis;
  if (server.blockedClients > 0 && !handleBlockedClientsTimeout(redis)) return;
  if (server.activeExpireEnabled && server.masterhost === null) activeExpireCycle(redis, 'fast');
  if (server.clientsWaitingAcks.length > 0) processClientsWaitingReplicas(redis);
  if (server.unblockedClients.length > 0) processUnblockedClients(redis);
  if (server.getAckFromSlaves && !checkClientPauseTimeoutAndReturnIfPaused(redis)) {
    replicationFeedSlaves(redis, server.slaveseldb, GETACK);
    server.getAckFromSlaves = false;
  }
  updateFailoverStatus(redis);
  if (server.clientsPendingWrite.length > 0) handleClientsWithPendingWrites(redis);
  freeClientsInAsyncFreeQueue(redis);
  if (server.replBacklog !== null)
    incrementalTrimReplicationBacklog(redis, TRIM_FACTOR * TRIM_BLOCKS_PER_CALL);
}

/**
 * Ends the blocking of clients whose time is up, the earliest first; false where the process came to its end by that
 * (timeout.c handleBlockedClientsTimeout).
 */
function handleBlockedClientsTimeout(redis: Redis): boolean {
  const { server } = redis;
  const now = mstime(redis);
  const due: { readonly id: number; readonly timeout: number }[] = [];
  for (const id of Object.keys(server.clients)) {
    const { bpop, btype } = server.clients[Number(id)]!;
    if (btype !== 'none' && bpop.timeout !== 0 && bpop.timeout < now) {
      due.push({ id: Number(id), timeout: bpop.timeout });
    }
  }
  due.sort((a, b) => a.timeout - b.timeout || a.id - b.id);
  for (const { id } of due) {
    const c = server.clients[id];
    if (c !== undefined) clientsHandleBlockedTimeout(redis, c, now);
    if (server.blockedUntil !== NO_TIME) return false;
  }
  return true;
}
