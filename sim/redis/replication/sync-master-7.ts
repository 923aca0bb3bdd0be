import {
  type Client,
  SLAVE_STATE_ONLINE,
  SLAVE_STATE_RDB_TRANSMITTED,
  SLAVE_STATE_WAIT_BGSAVE_END,
} from '../networking/client.ts';
import { freeClientAsync } from '../networking/output-buffer.ts';
import { clientInstallWriteHandler } from '../networking/reply.ts';
import { type Redis, serverLog } from '../system.ts';
import { refreshGoodSlavesCount } from './good-slaves.ts';
import { replicationGetSlaveName } from './slave-name.ts';
import { sendFile } from './sync-master.ts';

/**
 * The save has ended: replicas that waited for it get the file, or are online, their stream held back until they
 * acknowledge, or are dropped. Nobody is freed here, as an acknowledgement may have brought us here
 * (replication.c updateSlavesWaitingBgsave).
 */
export function updateSlavesWaitingBgsaveAsync(redis: Redis, ok: boolean, type: 'disk' | 'socket'): void {
  const { server, system } = redis;
  for (const id of server.slaves) {
    const slave = server.clients[id]!;
    if (slave.replstate !== SLAVE_STATE_WAIT_BGSAVE_END) continue;
    if (!ok) {
      system.syncEnded(slave.fd, 'bgsave-failed', 0);
      freeClientAsync(redis, slave);
      serverLog(redis, 'warning', 'SYNC failed. BGSAVE child returned an error');
    } else if (type === 'disk') {
      sendFile(redis, slave);
    } else {
      serverLog(
        redis,
        'notice',
        `Streamed RDB transfer with replica ${replicationGetSlaveName(redis, slave)} succeeded (socket). ` +
          'Waiting for REPLCONF ACK from slave to enable streaming',
      );
      if (replicaPutOnline(redis, slave)) slave.replPutOnlineOnAck = true;
      else freeClientAsync(redis, slave);
    }
  }
}

/**
 * A replica has its RDB: it counts as online. False where it asked for no more than that and is to be closed
 * (replication.c replicaPutOnline).
 */
export function replicaPutOnline(redis: Redis, slave: Client): boolean {
  const name = replicationGetSlaveName(redis, slave);
  redis.system.syncEnded(slave.fd, 'online', slave.repldbsize);
  if (slave.rdbOnly) {
    slave.replstate = SLAVE_STATE_RDB_TRANSMITTED;
    const message = `RDB transfer completed, rdb only replica (${name}) should be disconnected asap`;
    serverLog(redis, 'notice', message);
    return false;
  }
  slave.replstate = SLAVE_STATE_ONLINE;
  slave.replAckTime = redis.server.unixtime;
  refreshGoodSlavesCount(redis);
  serverLog(redis, 'notice', `Synchronization with replica ${name} succeeded`);
  return true;
}

/** From now on the stream flows to a replica that is online (replication.c replicaStartCommandStream). */
export function replicaStartCommandStream(redis: Redis, slave: Client): void {
  slave.replPutOnlineOnAck = false;
  clientInstallWriteHandler(redis, slave);
}
