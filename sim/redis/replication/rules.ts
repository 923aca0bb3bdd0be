import { copyClientOutputBuffer, disconnectSlaves } from '../networking/networking.ts';
import { decidePsync } from './psync-decision.ts';
import { changeReplicationId, shiftReplicationId } from './replication-id.ts';
import { replicationUnsetMaster } from './replication-role.ts';
import { replicationSetupSlaveForFullResync } from './sync-master.ts';

/**
 * The functions in which the promises of replication stand, as the rest of it calls them. They are the same in
 * every version of Redis; a mutant is a server in which one of them is as it must not be.
 */
export const RULES = {
  decidePsync,
  shiftReplicationId,
  changeReplicationId,
  disconnectSlaves,
  copyClientOutputBuffer,
  replicationSetupSlaveForFullResync,
  replicationUnsetMaster,
};

export type Rules = Readonly<typeof RULES>;
