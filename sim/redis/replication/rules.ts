import { disconnectAllBlockedClients } from '../commands/blocked.ts';
import { notEnoughGoodSlaves } from '../commands/execute.ts';
import { closeTransactionOfBacklog } from '../commands/multi.ts';
import { hidesExpired } from '../data/db.ts';
import { expireSlaveKeys } from '../data/expire.ts';
import {
  commandProcessed,
  copyClientOutputBuffer,
  disconnectSlaves,
  processInputBufferAndReplicate,
} from '../networking/networking.ts';
import { leastHardLimit } from '../networking/output-buffer.ts';
import { parseCommand } from '../networking/resp.ts';
import { installDataset, killRdbChild, rdbPopulateSaveInfo } from '../rdb/rdb.ts';
import { dropExpired, finishBootLoad } from '../rdb/rdb-load.ts';
import { childSendTimedOut } from '../rdb/rdb-socket.ts';
import {
  createReplicationBacklog,
  feedReplicationBacklogWithObject,
  freeReplicationBacklog,
} from './backlog.ts';
import { decidePsync } from './psync-decision.ts';
import { masterTryPartialResynchronization } from './psync-master.ts';
import { blockLimit, canFeedReplicaReplBuffer, copyReplicaOutputBuffer } from './replication-buffer-7.ts';
import { feedPing, handshakeTimedOut, isPresync, pingIsDue, timedOutSync } from './replication-cron.ts';
import { cancelReplicationHandshake, isTransientError, isUsablePong } from './replication-handshake.ts';
import { changeReplicationId, clearReplicationId2, shiftReplicationId } from './replication-id.ts';
import {
  replicationCacheMaster,
  replicationResurrectCachedMaster,
  replicationSetMaster,
  replicationUnsetMaster,
} from './replication-role.ts';
import { replicationSendNewlineToMaster } from './replication-transfer.ts';
import { isMasterAlready } from './role-commands.ts';
import {
  hasRepliesInTheWay,
  isBgsaveDelayed,
  muteUntilAck,
  replicationSetupSlaveForFullResync,
  sendBulkToSlave,
} from './sync-master.ts';
import { updateSlavesWaitingBgsaveAsync } from './sync-master-7.ts';
import { isWaitRefused } from './wait.ts';

/**
 * The functions in which the promises of replication stand, as the rest of it calls them. They are the same in
 * every version of Redis; a mutant is a server in which one of them is as it must not be.
 */
export const RULES = {
  /* Histories, their names, and the role */
  decidePsync,
  masterTryPartialResynchronization,
  shiftReplicationId,
  changeReplicationId,
  clearReplicationId2,
  replicationSetMaster,
  replicationUnsetMaster,
  isMasterAlready,
  cancelReplicationHandshake,
  disconnectSlaves,

  /* The stream and the backlog */
  createReplicationBacklog,
  freeReplicationBacklog,
  feedReplicationBacklogWithObject,
  canFeedReplicaReplBuffer,
  blockLimit,
  leastHardLimit,
  pingIsDue,
  feedPing,
  isPresync,
  timedOutSync,
  closeTransactionOfBacklog,

  /* The link to the master */
  isUsablePong,
  isTransientError,
  handshakeTimedOut,
  replicationCacheMaster,
  replicationResurrectCachedMaster,
  parseCommand,
  processInputBufferAndReplicate,
  commandProcessed,
  replicationSendNewlineToMaster,

  /* Full synchronizations */
  hasRepliesInTheWay,
  isBgsaveDelayed,
  copyClientOutputBuffer,
  copyReplicaOutputBuffer,
  replicationSetupSlaveForFullResync,
  sendBulkToSlave,
  muteUntilAck,
  childSendTimedOut,
  updateSlavesWaitingBgsaveAsync,
  killRdbChild,

  /* RDB files and restarts */
  rdbPopulateSaveInfo,
  installDataset,
  dropExpired,
  finishBootLoad,

  /* Commands */
  notEnoughGoodSlaves,
  disconnectAllBlockedClients,
  isWaitRefused,
  hidesExpired,
  expireSlaveKeys,
};

export type Rules = Readonly<typeof RULES>;
