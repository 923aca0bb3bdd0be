import {
  type Client,
  SLAVE_STATE_ONLINE,
  SLAVE_STATE_SEND_BULK,
  SLAVE_STATE_WAIT_BGSAVE_END,
  SLAVE_STATE_WAIT_BGSAVE_START,
} from './networking/client.ts';
import type { Profile } from './profile.ts';
import { REPL_STATE_CONNECTED, REPL_STATE_TRANSFER, type RedisServer } from './server.ts';
import { type Redis, time } from './system.ts';

export type InfoValue = string | number;

/** INFO's fields that replication shows in, in INFO's order: persistence, stats and replication (server.c). */
export function infoFields(redis: Redis): Record<string, InfoValue> {
  const { server } = redis;
  return {
    ...persistenceInfo(redis),
    sync_full: server.statSyncFull,
    sync_partial_ok: server.statSyncPartialOk,
    sync_partial_err: server.statSyncPartialErr,
    expired_keys: server.statExpiredkeys,
    ...replicationInfo(redis),
  };
}

function persistenceInfo({ server, profile }: Redis): Record<string, InfoValue> {
  return {
    loading: server.loading && !server.asyncLoading ? 1 : 0,
    ...(profile.mayLoadFromSocket ? { async_loading: Number(server.asyncLoading) } : {}),
    rdb_changes_since_last_save: server.dirty,
    rdb_bgsave_in_progress: server.child !== null && server.child.type !== 'aof' ? 1 : 0,
    rdb_last_save_time: server.lastsave,
    rdb_last_bgsave_status: server.lastbgsaveStatus ? 'ok' : 'err',
    aof_rewrite_in_progress: server.child?.type === 'aof' ? 1 : 0,
  };
}

/**
 * One field by its name, or undefined where INFO gives none of that name now. A scenario may look at one after every
 * event, so those that it is likely to look at are not picked out of all.
 */
export function infoField(redis: Redis, name: string): InfoValue | undefined {
  const { server } = redis;
  switch (name) {
    case 'role':
      return server.masterhost === null ? 'master' : 'slave';
    case 'master_link_status':
      if (server.masterhost === null) return undefined;
      return server.replState === REPL_STATE_CONNECTED ? 'up' : 'down';
    case 'slave_repl_offset':
      return server.masterhost === null ? undefined : appliedOffset(server);
    case 'connected_slaves':
      return server.slaves.length;
    case 'master_replid':
      return server.replid;
    case 'master_repl_offset':
      return server.masterReplOffset;
    default:
      if (/^slave\d/.test(name)) return slaveLines(redis)[name];
      return persistenceInfo(redis)[name] ?? infoFields(redis)[name];
  }
}

/** What a replica has applied, or had when it lost its link. */
function appliedOffset({ master, cachedMaster, clients }: RedisServer): number {
  return (master === null ? cachedMaster : clients[master]!)?.reploff ?? 1;
}

/** INFO replication (server.c genRedisInfoString). */
export function replicationInfo(redis: Redis): Record<string, InfoValue> {
  const { server } = redis;
  // The numbers of a backlog that was freed are left standing, or not.
  const hidesBacklog = redis.profile.infoOfRedis7 && server.replBacklog === null;
  return {
    role: server.masterhost === null ? 'master' : 'slave',
    ...(server.masterhost === null ? {} : replicaInfo(redis)),
    connected_slaves: server.slaves.length,
    ...(server.replMinSlavesToWrite !== 0 && server.replMinSlavesMaxLag !== 0
      ? { min_slaves_good_slaves: server.replGoodSlavesCount }
      : {}),
    ...slaveLines(redis),
    ...(redis.profile.infoOfRedis7 ? { master_failover_state: FAILOVER_STATES[server.failoverState] } : {}),
    master_replid: server.replid,
    master_replid2: server.replid2,
    master_repl_offset: server.masterReplOffset,
    second_repl_offset: server.secondReplidOffset,
    repl_backlog_active: server.replBacklog === null ? 0 : 1,
    repl_backlog_size: server.replBacklogSize,
    repl_backlog_first_byte_offset: hidesBacklog ? 0 : server.replBacklogOff,
    repl_backlog_histlen: hidesBacklog ? 0 : server.replBacklogHistlen,
  };
}

/** What INFO calls the states of a failover (replication.c getFailoverStateString). */
const FAILOVER_STATES: Readonly<Record<RedisServer['failoverState'], string>> = {
  none: 'no-failover',
  'wait-for-sync': 'waiting-for-sync',
  'in-progress': 'failover-in-progress',
};

function replicaInfo({ server, profile }: Redis): Record<string, InfoValue> {
  const master = server.master === null ? null : server.clients[server.master]!;
  const transfer = server.replState === REPL_STATE_TRANSFER;
  const connected = server.replState === REPL_STATE_CONNECTED;
  return {
    master_host: server.masterhost!,
    master_port: server.masterport,
    master_link_status: connected ? 'up' : 'down',
    master_last_io_seconds_ago: master === null ? -1 : server.unixtime - master.lastinteraction,
    master_sync_in_progress: transfer ? 1 : 0,
    ...(profile.infoOfRedis7
      ? { slave_read_repl_offset: (master ?? server.cachedMaster)?.readReploff ?? 1 }
      : {}),
    slave_repl_offset: appliedOffset(server),
    ...(transfer
      ? {
          ...(profile.infoOfRedis7
            ? {
                master_sync_total_bytes: server.replTransferSize,
                master_sync_read_bytes: server.replTransferRead,
              }
            : {}),
          master_sync_left_bytes: server.replTransferSize - server.replTransferRead,
          ...(profile.infoOfRedis7 ? { master_sync_perc: transferPercent(server) } : {}),
          master_sync_last_io_seconds_ago: server.unixtime - server.replTransferLastio,
        }
      : {}),
    ...(connected ? {} : { master_link_down_since_seconds: secondsDown(server, profile) }),
    slave_priority: server.slavePriority,
    slave_read_only: server.replSlaveRo ? 1 : 0,
    ...(profile.infoOfRedis7
      ? { replica_announced: server.config['replica-announced'] === 'no' ? 0 : 1 }
      : {}),
  };
}

/** Of a transfer whose size is not known yet or never will be: what printf makes of that. */
function transferPercent({ replTransferSize, replTransferRead }: RedisServer): string {
  return (replTransferSize === 0 ? 0 : (replTransferRead / replTransferSize) * 100).toFixed(2);
}

function secondsDown({ replDownSince, unixtime }: RedisServer, profile: Profile): number {
  return profile.infoOfRedis7 && replDownSince === 0 ? -1 : unixtime - replDownSince;
}

const SLAVE_STATES: Readonly<Record<number, string>> = {
  [SLAVE_STATE_WAIT_BGSAVE_START]: 'wait_bgsave',
  [SLAVE_STATE_WAIT_BGSAVE_END]: 'wait_bgsave',
  [SLAVE_STATE_SEND_BULK]: 'send_bulk',
  [SLAVE_STATE_ONLINE]: 'online',
};

/** What the master says of one of its replicas. */
export interface SlaveInfo {
  readonly ip: string;
  readonly port: number;
  readonly state: string;
  readonly offset: number;
  readonly lag: number;
}

/** What INFO says of one replica; the lag is in whole seconds, 0 unless it is online. */
export function slaveInfo(redis: Redis, slave: Client): SlaveInfo {
  return {
    ip: slave.slaveIp === '' ? redis.system.peer(slave.fd).ip : slave.slaveIp,
    port: slave.slaveListeningPort,
    state: SLAVE_STATES[slave.replstate] ?? '',
    offset: slave.replAckOff,
    lag: slave.replstate === SLAVE_STATE_ONLINE ? time(redis) - slave.replAckTime : 0,
  };
}

function slaveLines(redis: Redis): Record<string, InfoValue> {
  const { server } = redis;
  const lines: Record<string, InfoValue> = {};
  let i = 0;
  for (const id of server.slaves) {
    // One that only wanted an RDB, and has it, has no state with a name.
    if (SLAVE_STATES[server.clients[id]!.replstate] === undefined) continue;
    const { ip, port, state, offset, lag } = slaveInfo(redis, server.clients[id]!);
    lines[`slave${i++}`] = `ip=${ip},port=${port},state=${state},offset=${offset},lag=${lag}`;
  }
  return lines;
}

/** The text of INFO for a section, `default` and `all` included (server.c genRedisInfoString). */
export function genRedisInfoString(redis: Redis, section: string): string {
  const { server } = redis;
  const sections: [string, string, Record<string, InfoValue>][] = [
    ['server', 'Server', serverInfo(redis)],
    ['clients', 'Clients', { connected_clients: Object.keys(server.clients).length - server.slaves.length }],
    ['persistence', 'Persistence', persistenceInfo(redis)],
    ['stats', 'Stats', statsInfo(redis)],
    ['replication', 'Replication', replicationInfo(redis)],
    ['keyspace', 'Keyspace', keyspaceInfo(server)],
  ];
  const all = section === 'all' || section === 'default';
  return sections
    .filter(([name]) => all || name === section)
    .map(
      ([, title, fields]) =>
        `# ${title}\r\n${Object.entries(fields)
          .map(([name, value]) => `${name}:${value}\r\n`)
          .join('')}`,
    )
    .join('\r\n');
}

function serverInfo(redis: Redis): Record<string, InfoValue> {
  const { server, profile, system } = redis;
  return {
    redis_version: profile.version,
    redis_mode: 'standalone',
    run_id: server.runid,
    tcp_port: server.port,
    uptime_in_seconds: Math.floor((system.now() - server.startedAt) / 1_000_000),
    hz: server.hz,
  };
}

function statsInfo({ server, profile }: Redis): Record<string, InfoValue> {
  const { statNetReplInputBytes, statNetReplOutputBytes } = server;
  return {
    total_connections_received: server.statNumconnections,
    total_commands_processed: server.statNumcommands,
    total_net_input_bytes: server.statNetInputBytes + statNetReplInputBytes,
    total_net_output_bytes: server.statNetOutputBytes + statNetReplOutputBytes,
    ...(profile.countsReplicationTraffic
      ? {
          total_net_repl_input_bytes: statNetReplInputBytes,
          total_net_repl_output_bytes: statNetReplOutputBytes,
        }
      : {}),
    sync_full: server.statSyncFull,
    sync_partial_ok: server.statSyncPartialOk,
    sync_partial_err: server.statSyncPartialErr,
    expired_keys: server.statExpiredkeys,
    ...(profile.logsEveryErrorToPeers ? { unexpected_error_replies: server.statUnexpectedErrorReplies } : {}),
  };
}

function keyspaceInfo(server: RedisServer): Record<string, InfoValue> {
  const lines: Record<string, InfoValue> = {};
  for (const id of Object.keys(server.dbs)) {
    const keyspace = server.dbs[Number(id)]!;
    if (keyspace.size === 0) continue;
    lines[`db${id}`] = `keys=${keyspace.size},expires=${keyspace.volatileKeys},avg_ttl=0`;
  }
  return lines;
}
