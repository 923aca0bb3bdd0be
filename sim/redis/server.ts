import type { Keyspace } from './data/keyspace.ts';
import type { ByteQueue } from './networking/byte-queue.ts';
import type { Command } from './networking/bytes.ts';
import type { Client, ClientId } from './networking/client.ts';
import type { ChildProcess } from './rdb/child-process.ts';
import type { RdbFile } from './rdb/rdb-file.ts';
import type { ReplBacklog } from './replication/backlog.ts';
import type { Fd } from './system.ts';

/** `repl_state` of a replica, with Redis 5's numbers; each version has names of its own for them. */
export const REPL_STATE_NONE = 0;
export const REPL_STATE_CONNECT = 1;
export const REPL_STATE_CONNECTING = 2;
export const REPL_STATE_RECEIVE_PONG = 3;
export const REPL_STATE_SEND_AUTH = 4;
export const REPL_STATE_RECEIVE_AUTH = 5;
export const REPL_STATE_SEND_PORT = 6;
export const REPL_STATE_RECEIVE_PORT = 7;
export const REPL_STATE_SEND_IP = 8;
export const REPL_STATE_RECEIVE_IP = 9;
export const REPL_STATE_SEND_CAPA = 10;
export const REPL_STATE_RECEIVE_CAPA = 11;
export const REPL_STATE_SEND_PSYNC = 12;
export const REPL_STATE_RECEIVE_PSYNC = 13;
export const REPL_STATE_TRANSFER = 14;
export const REPL_STATE_CONNECTED = 15;

/** The states' names in Redis 5, by number, as scenarios and reports say them. */
export const REPL_STATE_NAMES = [
  'NONE',
  'CONNECT',
  'CONNECTING',
  'RECEIVE_PONG',
  'SEND_AUTH',
  'RECEIVE_AUTH',
  'SEND_PORT',
  'RECEIVE_PORT',
  'SEND_IP',
  'RECEIVE_IP',
  'SEND_CAPA',
  'RECEIVE_CAPA',
  'SEND_PSYNC',
  'RECEIVE_PSYNC',
  'TRANSFER',
  'CONNECTED',
] as const;

/** The same in Redis 7, which waits for the PONG, sends the rest of the handshake at once and reads its replies. */
export const REPL_STATE_NAMES_7 = [
  'NONE',
  'CONNECT',
  'CONNECTING',
  'RECEIVE_PING_REPLY',
  'SEND_HANDSHAKE',
  'RECEIVE_AUTH_REPLY',
  null,
  'RECEIVE_PORT_REPLY',
  null,
  'RECEIVE_IP_REPLY',
  null,
  'RECEIVE_CAPA_REPLY',
  'SEND_PSYNC',
  'RECEIVE_PSYNC_REPLY',
  'TRANSFER',
  'CONNECTED',
] as const;
export type ReplStateName = NonNullable<
  (typeof REPL_STATE_NAMES)[number] | (typeof REPL_STATE_NAMES_7)[number]
>;
/** Every name of a state, of all versions. */
export const ALL_REPL_STATE_NAMES: readonly ReplStateName[] = [
  ...new Set([...REPL_STATE_NAMES, ...REPL_STATE_NAMES_7].filter((name) => name !== null)),
];

/** A state's number by its name in any version. */
export function replStateNumber(name: ReplStateName): number {
  const number = (REPL_STATE_NAMES as readonly string[]).indexOf(name);
  return number === -1 ? (REPL_STATE_NAMES_7 as readonly (string | null)[]).indexOf(name) : number;
}

/** The value of a time that stands for none; the virtual clock begins before 0. */
export const NO_TIME = Number.MIN_SAFE_INTEGER;

/** Length of a replication id (CONFIG_RUN_ID_SIZE). */
export const CONFIG_RUN_ID_SIZE = 40;
/** The value of a cleared `replid2`. */
export const NO_REPLID = '0'.repeat(CONFIG_RUN_ID_SIZE);

/** Classes of clients for client-output-buffer-limit. */
export type ClientClass = 'normal' | 'replica' | 'pubsub';

export interface OutputBufferLimit {
  hardLimitBytes: number;
  softLimitBytes: number;
  softLimitSeconds: number;
}

/** One `save <seconds> <changes>` line. */
export interface SaveParam {
  readonly seconds: number;
  readonly changes: number;
}

/** An EXEC that stopped before its command number `index`, because the one before blocked the process. */
export interface SuspendedExec {
  readonly client: ClientId;
  readonly command: Command;
  readonly index: number;
  readonly multiPropagated: boolean;
  readonly wasMaster: boolean;
  /** `dirty` when it began. */
  readonly dirtyBefore: number;
}

/** What commands a pause keeps back, and what it is for (`pause_type`, `pause_purpose`). */
export type PauseType = 'off' | 'write' | 'all';
export type PausePurpose = 'command' | 'shutdown' | 'failover';

/** The pauses there are, each with its end in mstime, and what follows from all of them. */
export type ClientPauses = { type: PauseType; endTime: number } & Record<
  PausePurpose,
  { type: PauseType; end: number } | null
>;

/** What SHUTDOWN was asked to do: save or not, without waiting, in spite of errors. */
export interface ShutdownFlags {
  readonly save: 'default' | 'save' | 'nosave';
  readonly now: boolean;
  readonly force: boolean;
}

/** A command to be propagated after the one that runs (`also_propagate`). */
export interface RedisOp {
  readonly db: number;
  readonly command: Command;
}

/**
 * One Redis server: `struct redisServer`, as far as replication can see it. A tree of plain data; each client
 * stands once, in `clients`, and is named by its id elsewhere. Times ending in `At` are microseconds of the
 * virtual clock; times with Redis's names are whole seconds since the epoch, as in Redis.
 */
export interface RedisServer {
  /* General */
  runid: string;
  port: number;
  hz: number;
  cronloops: number;
  /** Cached clocks: whole seconds and milliseconds. */
  unixtime: number;
  mstime: number;
  /** Nesting of commands during which keys do not expire half-way (`fixed_time_expire`). */
  fixedTimeExpire: number;
  /** Depth of commands that run inside others: EXEC's, a script's (`in_nested_call`). */
  inNestedCall: number;
  startedAt: number;
  shutdownAsap: boolean;
  /** Until when a shutdown waits for replicas (mstime, 0: none does), and what it was asked to do (Redis 7). */
  shutdownMstime: number;
  shutdownFlags: ShutdownFlags;

  /* Networking */
  clients: Record<ClientId, Client>;
  /** The client behind each socket. */
  clientOfFd: Record<Fd, ClientId>;
  nextClientId: ClientId;
  currentClient: ClientId | null;
  clientsToClose: ClientId[];
  clientsPendingWrite: ClientId[];
  unblockedClients: ClientId[];
  clientsWaitingAcks: ClientId[];
  /** How many clients are blocked in BLPOP and its kin or in WAIT (`blocked_clients`). */
  blockedClients: number;
  clientsCronIndex: number;
  clientsPaused: boolean;
  clientsPauseEndTime: number;
  /** The pauses of Redis 7, and whose commands wait for their end. */
  clientPauses: ClientPauses;
  postponedClients: ClientId[];
  clientObufLimits: Record<ClientClass, OutputBufferLimit>;
  maxclients: number;
  requirepass: string | null;
  /**
   * Until when a blocking call keeps the process from handling any event (microseconds of the virtual clock,
   * `NO_TIME` for not at all), and the socket whose bytes end the block early, or `NO_FD`.
   */
  blockedUntil: number;
  blockedOnFd: Fd;
  /** Clients whose buffered commands wait for the end of the block. */
  interruptedClients: ClientId[];
  /** Work that a blocking call (DEBUG SLEEP inside EXEC) left to be taken up again. */
  suspendedExec: SuspendedExec | null;
  /** Whether the commands of a transaction are running (`in_exec`). */
  inExec: boolean;

  /* Data */
  dbs: Record<number, Keyspace>;
  dbnum: number;
  dirty: number;
  dirtyBeforeBgsave: number;
  activeExpireEnabled: boolean;
  alsoPropagate: RedisOp[];
  readyKeys: { db: number; key: string }[];
  /** Who waits for a list, under `db:key`, in the order they came (`blocking_keys`). */
  blockingKeys: Record<string, ClientId[]>;
  /** Clients that watch keys. */
  watchingClients: ClientId[];
  /** Clients subscribed to channels, in the order of their first subscription. */
  pubsubClients: ClientId[];
  /** Keys that clients of a writable replica gave a TTL, under `db:key` (`slaveKeysWithExpire`). */
  slaveKeysWithExpire: Record<string, { readonly db: number; readonly key: string }>;
  lazyfreeLazyExpire: boolean;
  /** The client whose script runs, when the script began (ms), and what it did so far. */
  luaCaller: ClientId | null;
  luaTimeStart: number;
  luaWriteDirty: boolean;
  luaRandomDirty: boolean;
  luaMultiEmitted: boolean;
  scripts: Record<string, string>;
  luaReplicateCommands: boolean;
  /** EVALSHA's replication script cache: digests that every replica knows, newest first. */
  replScriptcacheFifo: string[];
  replScriptcacheSize: number;

  /* Persistence */
  loading: boolean;
  /** Whether the old data is served meanwhile (Redis 7). */
  asyncLoading: boolean;
  /**
   * The load under way: what is read (from a socket it is known once it has begun to come), when it began, how far
   * it is (bytes), whether it is to replace the old data as a whole, whether sockets are looked at before the next
   * step, and until when a blocking read of a socket waits (microseconds).
   */
  load: {
    rdb: RdbFile | null;
    readonly startedAt: number;
    read: number;
    readonly purpose: 'boot' | 'sync';
    readonly swaps: boolean;
    readonly fromSocket: boolean;
    servesSockets: boolean;
    deadline: number;
    /** Up to when ticks were counted (`blocked_last_cron`, mstime). */
    lastCron: number;
  } | null;
  child: ChildProcess | null;
  saveparams: SaveParam[];
  lastsave: number;
  lastbgsaveTry: number;
  lastbgsaveStatus: boolean;
  rdbBgsaveScheduled: boolean;
  aofRewriteScheduled: boolean;
  stopWritesOnBgsaveErr: boolean;
  /** Whether the configuration asks for an AOF, and whether there is one now (`aof_enabled`, `aof_state`). */
  aofEnabled: boolean;
  appendonly: boolean;

  /* Replication: the history */
  replid: string;
  replid2: string;
  masterReplOffset: number;
  secondReplidOffset: number;
  slaveseldb: number;

  /* Replication: as a master */
  slaves: ClientId[];
  replPingSlavePeriod: number;
  replBacklog: ReplBacklog | null;
  replBacklogSize: number;
  replBacklogHistlen: number;
  replBacklogIdx: number;
  replBacklogOff: number;
  replBacklogTimeLimit: number;
  replNoSlavesSince: number;
  replMinSlavesToWrite: number;
  replMinSlavesMaxLag: number;
  replGoodSlavesCount: number;
  replDisklessSync: boolean;
  replDisklessSyncDelay: number;
  /** How many waiting replicas start a diskless save before its delay is over; 0: however many (Redis 7). */
  replDisklessSyncMaxReplicas: number;
  replicationCronLoops: number;
  getAckFromSlaves: boolean;

  /* Replication: as a replica */
  masteruser: string | null;
  masterauth: string | null;
  masterhost: string | null;
  masterport: number;
  replTimeout: number;
  master: ClientId | null;
  /** The master we lost, kept whole outside `clients`: PSYNC offers what it knows. */
  cachedMaster: Client | null;
  replState: number;
  /** -1 until the bulk header was read, 0 in EOF mode. */
  replTransferSize: number;
  replTransferRead: number;
  replTransferLastFsyncOff: number;
  replTransferS: Fd;
  replTransferLastio: number;
  /** A line of the handshake or the bulk header as far as it has come, and until when its next byte must. */
  replTransferLine: string;
  replTransferLineDeadline: number;
  /** What has been received of the RDB. */
  replTransferPayload: ByteQueue;
  /** The mark that ends a streamed RDB, null for a sized one; and the last bytes received. */
  replTransferEofMark: string | null;
  replTransferLastbytes: string;
  /** The true second in which the last newline went to the master (`newline_sent`). */
  replNewlineSent: number;
  masterReplid: string;
  masterInitialOffset: number;
  replDownSince: number;
  replServeStaleData: boolean;
  replSlaveRo: boolean;
  slavePriority: number;
  /** Whether the RDB file on disk was made for replicas, and for nothing else (RDBGeneratedByReplication). */
  rdbGeneratedByReplication: boolean;
  slaveAnnouncePort: number;
  slaveAnnounceIp: string | null;

  /* Replication: FAILOVER */
  failoverState: 'none' | 'wait-for-sync' | 'in-progress';
  /** When it is given up or forced (mstime, 0: never), and to whom it goes (null: to any replica). */
  failoverEndTime: number;
  forceFailover: boolean;
  targetReplicaHost: string | null;
  targetReplicaPort: number;

  /* Statistics */
  statSyncFull: number;
  statSyncPartialOk: number;
  statSyncPartialErr: number;
  statNumconnections: number;
  statNumcommands: number;
  statExpiredkeys: number;
  /** Errors that its master or a replica got (Redis 7). */
  statUnexpectedErrorReplies: number;
  /** Bytes read and written, those of replication by themselves. */
  statNetInputBytes: number;
  statNetOutputBytes: number;
  statNetReplInputBytes: number;
  statNetReplOutputBytes: number;
  /** When the log last said that writes are applied without a disk (mstime, Redis 7). */
  lastDiskErrorLog: number;

  /** Every directive's current value as CONFIG GET tells it, by its name in this profile. */
  config: Record<string, string>;
}
