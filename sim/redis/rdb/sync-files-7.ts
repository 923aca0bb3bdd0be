import {
  SLAVE_STATE_SEND_BULK,
  SLAVE_STATE_WAIT_BGSAVE_END,
  SLAVE_STATE_WAIT_BGSAVE_START,
} from '../networking/client.ts';
import { type Redis, serverLog } from '../system.ts';

/** Whether this server may keep no RDB that only replication made. */
function sparesSyncFiles({ server, profile }: Redis): boolean {
  return profile.maySpareSyncFiles && server.config['rdb-del-sync-files'] === 'yes';
}

/** Neither save points nor an AOF (server.c allPersistenceDisabled). */
function allPersistenceDisabled({ server }: Redis): boolean {
  return server.saveparams.length === 0 && !server.appendonly;
}

/** Remembers that the file a save makes is for replicas only (part of startBgsaveForReplication). */
export function noteRdbForReplicas(redis: Redis): void {
  if (sparesSyncFiles(redis)) redis.server.rdbGeneratedByReplication = true;
}

/** The file of the last full synchronization goes once no replica needs it (replication.c removeRDBUsedToSyncReplicas). */
export function removeRDBUsedToSyncReplicas(redis: Redis): void {
  const { server, system } = redis;
  if (!sparesSyncFiles(redis)) {
    server.rdbGeneratedByReplication = false;
    return;
  }
  if (!server.rdbGeneratedByReplication || !allPersistenceDisabled(redis)) return;
  for (const id of server.slaves) {
    const { replstate } = server.clients[id]!;
    if (replstate === SLAVE_STATE_WAIT_BGSAVE_START || replstate === SLAVE_STATE_WAIT_BGSAVE_END) return;
    if (replstate === SLAVE_STATE_SEND_BULK) return;
  }
  if (system.readRdb() === undefined) return;
  server.rdbGeneratedByReplication = false;
  const message = 'Removing the RDB file used to feed replicas in a persistence-less instance';
  serverLog(redis, 'notice', message);
  system.removeRdb();
}

/** The file that came from the master goes once it was loaded, or could not be (part of readSyncBulkPayload). */
export function removeReceivedRdb(redis: Redis): void {
  if (!sparesSyncFiles(redis) || !allPersistenceDisabled(redis)) return;
  const message = 'Removing the RDB file obtained from the master. This replica has persistence disabled';
  serverLog(redis, 'notice', message);
  redis.system.removeRdb();
}
