import {
  CLIENT_BLOCKED,
  CLIENT_CLOSE_AFTER_REPLY,
  CLIENT_CLOSE_ASAP,
  CLIENT_PROTOCOL_ERROR,
} from './networking/client.ts';
import { RULES, type Rules } from './replication/rules.ts';
import { REPL_STATE_NAMES, REPL_STATE_NAMES_7, type ReplStateName } from './server.ts';

/**
 * What differs between versions of Redis, as named rules. A rule is asked where the C code of that version
 * differs, and each says where; whole functions that differ stand in files of their own (`…-7.ts`).
 */
export interface Profile {
  readonly name: ProfileName;
  /** What replication promises in every version, in functions that a mutant can break. */
  readonly rules: Rules;
  /** The version whose behaviour it follows. */
  readonly version: string;
  /** Version of the RDB format it writes; it refuses newer ones (rdb.h RDB_VERSION). */
  readonly rdbVersion: number;
  /** The names of `repl_state`, by the numbers of server.ts; null where this version has no such state (server.h). */
  readonly replStateNames: readonly (ReplStateName | null)[];

  /* Connecting, as a replica */

  /**
   * Whether a replica connects in the event that gives it the reason, not in the next replicationCron
   * (replicationSetMaster, replicationHandleMasterDisconnection, cancelReplicationHandshake).
   */
  readonly reconnectsAtOnce: boolean;
  /** Whether AUTH and every REPLCONF go out together, their replies being read one by one (syncWithMaster). */
  readonly pipelinesHandshake: boolean;
  /** Whether one's own replicas stay when REPLICAOF names another master (replicationSetMaster). */
  readonly keepsSlavesOnReplicaof: boolean;
  /** Whether the id is shifted after the master is gone, not before (replicationUnsetMaster). */
  readonly shiftsIdAfterMasterIsGone: boolean;
  /** Whether INFO forgets since when the link was down (replicationUnsetMaster). */
  readonly forgetsDownTimeOnPromotion: boolean;
  /** How one's own history is called when it becomes a cached master (replicationCacheMasterUsingMyself). */
  readonly ownMasterParameters: string;
  /** Whether REPLICAOF refuses a number that is no port (replicaofCommand). */
  readonly checksMasterPort: boolean;

  /* Receiving a full synchronization */

  /**
   * Whether the cached master, the sub-replicas and the backlog are given up when the RDB has arrived
   * (replicationAttachToNewMaster), not when the master announces it (slaveTryPartialResynchronization).
   */
  readonly attachesWhenRdbArrived: boolean;
  /** Whether a replica acknowledges a streamed RDB as soon as it has loaded it (end of readSyncBulkPayload). */
  readonly acksStreamedRdbAtOnce: boolean;
  /** Bytes of an RDB taken by one read (readSyncBulkPayload's buffer). */
  readonly payloadReadBytes: number;
  /** What the log says of where a streamed and a sized RDB go (readSyncBulkPayload). */
  readonly rdbDestination: { readonly streamed: string; readonly sized: string };
  /** Whether `repl-diskless-load` can hand an RDB from the socket to the parser (replication.c useDisklessLoad). */
  readonly mayLoadFromSocket: boolean;
  /**
   * Whether a server without persistence can be told to remove the RDB files that replication made
   * (rdb-del-sync-files: removeRDBUsedToSyncReplicas, readSyncBulkPayload).
   */
  readonly maySpareSyncFiles: boolean;
  /** Whether the ticks of the timer that a load leaves out are counted, so that its second stays where it was (server.c whileBlockedCron). */
  readonly ticksWhileLoading: boolean;
  /** Whether the log says why the RDB could not be loaded (readSyncBulkPayload). */
  readonly namesLoadError: boolean;
  /** What the log says last where an RDB has other bytes in its middle, by where it is loaded from (rdb.c rdbReportError). */
  readonly corruptRdb: Readonly<Record<'disk' | 'socket', readonly string[]>>;
  /** Whether a replica stops its AOF before it lets go of its old master, not when it empties its data (readSyncBulkPayload). */
  readonly stopsAofFirst: boolean;
  /**
   * Whether a replica begins its AOF anew after an RDB that it could not load too, not first after the next success or
   * its promotion (readSyncBulkPayload, replicationUnsetMaster).
   */
  readonly restartsAofAfterFailedSync: boolean;
  /** How the log calls the child that has to end before an AOF can begin (aof.c startAppendOnly). */
  readonly childInTheWayOfAof: string;
  /** How BGSAVE’s error calls an AOF rewrite that is in its way. */
  readonly rewriteInTheWayOfSave: string;
  /** Whether the log tells of the RDB being loaded: writer, age, keys (rdbLoadRio). */
  readonly logsLoadedRdb: boolean;

  /* Giving a full synchronization, as a master */

  /** Whether a PSYNC whose offset is no number gets only an error (syncCommand, masterTryPartialResynchronization). */
  readonly refusesWrongOffset: boolean;
  /** Whether the log tells of a new backlog (syncCommand). */
  readonly logsBacklogCreation: boolean;
  /** Whether a diskless save without delay begins inside PSYNC (syncCommand, CASE 3). */
  readonly startsUndelayedSyncAtOnce: boolean;
  /** Whether the first waiting replica has waited long enough, in whole seconds (shouldStartChildReplication). */
  disklessDelayIsOver(idle: number, delay: number): boolean;
  /** What keeps a save from starting beside a save (syncCommand). */
  readonly otherChildName: string;
  /**
   * Whether the end of a child starts the save that replicas wait for by the rules of the cron, not in any case
   * (checkChildrenDone, updateSlavesWaitingBgsave).
   */
  readonly startsPendingForks: boolean;
  /** Whether a replica is online as soon as its RDB is out, and only its stream waits for the ACK (replicaPutOnline). */
  readonly putsOnlineBeforeAck: boolean;
  /** Whether a diskless RDB goes through a pipe to the parent, which writes to the sockets (rdbSaveToSlavesSockets). */
  readonly streamsRdbThroughParent: boolean;
  /** Whether a save to disk that no replica waits for any longer is killed (freeClient). */
  readonly killsUselessSaves: boolean;
  /**
   * Whether a replica can ask for an RDB without the stream, and for one with parts left out (replconfCommand's
   * rdb-only and rdb-filter-only).
   */
  readonly takesRdbOnlyReplicas: boolean;
  /** Whether the log says in which kind of synchronization a replica timed out (replicationCron). */
  readonly namesTimedoutSync: boolean;

  /* Saving and restarting */

  /** What a child that saved says of its memory; nothing is copied here (rdb.c, childinfo.c sendChildInfoGeneric). */
  readonly copyOnWrite: string;
  /** Whether a restarted master remembers the history of its RDB as its second one (server.c loadDataFromDisk). */
  readonly mastersKeepHistory: boolean;
  /** Whether an RDB for replicas holds the scripts of EVALSHA, and they are known once it is loaded (rdb.c). */
  readonly rdbHoldsScripts: boolean;
  /** The RDB's field that says whether an AOF follows (rdb.c rdbSaveInfoAuxFields). */
  readonly rdbAofField: string;
  /** Whether small lists and hashes stand in an RDB as listpacks, not as ziplists (rdb.c rdbSaveObject). */
  readonly savesListpacks: boolean;
  /** Whether the append only file is a directory, into which a file of older kind is moved (aof.c aofUpgradePrepare). */
  readonly aofIsDirectory: boolean;
  /** Directives that CONFIG REWRITE writes with their defaults too (config.c rewriteConfig). */
  readonly alwaysRewritten: readonly string[];

  /* Clients */

  /**
   * Whether EXEC is judged by what it would run, scripts by min-replicas too, and replicas are kept from the keyspace
   * (processCommand, scriptVerifyWriteCommandAllow).
   */
  readonly ordersGatesAnew: boolean;
  /**
   * Whether an expired key is missing to every command but those of the master's stream, which find none expired, and
   * a write to a writable replica deletes it (db.c lookupKey, expireIfNeeded).
   */
  readonly hidesExpiredKeys: boolean;
  /**
   * Whether a replica that cannot save refuses PING, and ends over a write of its master's unless it may ignore that
   * (processCommand, replica-ignore-disk-write-errors).
   */
  readonly watchesReplicasDisk: boolean;
  /**
   * Whether the log tells of every error for a master or replica, with the backlog's last bytes, and a replica may
   * end over one (networking.c afterErrorReply, propagation-error-behavior).
   */
  readonly logsEveryErrorToPeers: boolean;
  /** The error for a command a subscriber may not run, `{}` being the command (processCommand). */
  readonly pubsubContextError: string;
  /** Whether a pause keeps commands back after they were parsed, and can spare reads (networking.c pauseClients). */
  readonly postponesPausedCommands: boolean;
  /** Whether timeouts, closed clients and the backlog are seen to before the loop sleeps (server.c beforeSleep). */
  readonly freesClientsBeforeSleep: boolean;
  /** Whether the last to WAIT is looked at first (replication.c waitCommand, processClientsWaitingReplicas). */
  readonly waitersLastInFirstOut: boolean;
  /** Whether an inline command of the master's ends its link (networking.c processInlineBuffer). */
  readonly refusesInlineMaster: boolean;
  /** The flags with which a lost master is not cached (networking.c freeClient). */
  readonly uncachedMasterFlags: number;
  /** Whether a shutdown waits until replicas have everything (server.c prepareForShutdown). */
  readonly waitsForReplicasAtShutdown: boolean;

  /* The stream */

  /**
   * Whether backlog and replicas share one buffer, not each with a copy of its own (replication.c
   * feedReplicationBuffer); a link to a replica then carries nothing else.
   */
  readonly sharesReplicationBuffer: boolean;
  /** Whether a backlog size of the configuration file is raised to the least one too, not only CONFIG SET's (config.c). */
  readonly raisesBacklogSizeOfFile: boolean;
  /** Whether a replica passes the stream on after each command, not after each read (networking.c commandProcessed). */
  readonly feedsAfterEachCommand: boolean;
  /** The heartbeat as it stands in the stream (server.c createSharedObjects). */
  readonly ping: string;

  /* What commands put into the stream */

  /**
   * Whether what a command changes is collected and sent when the outermost one is over, wrapped in MULTI and EXEC
   * only where it is several commands; scripts go out as what they did (server.c propagatePendingCommands).
   */
  readonly collectsPropagation: boolean;
  /** Whether times to live go out as points in time (expire.c expireGenericCommand, t_string.c setGenericCommand). */
  readonly propagatesAbsoluteTimes: boolean;
  /** Whether what serves a waiting BRPOPLPUSH goes out as one command (t_list.c serveClientBlockedOnList). */
  readonly propagatesServedMoveAsOne: boolean;
  /** The error for a time to live that is none, `{}` being the command (t_string.c). */
  readonly invalidExpireTime: string;
  /** Whether FLUSHDB of an empty database goes out too, and takes SYNC (db.c flushdbCommand, getFlushCommandFlags). */
  readonly propagatesEmptyFlush: boolean;
  readonly flushTakesSync: boolean;
  /** Whether SET takes the options of Redis 6.0 to 7.0, and GETSET goes out as SET (t_string.c parseExtendedStringArgumentsOrReply). */
  readonly extendedSet: boolean;
  /** Whether each field that HSET sets, member that SPOP takes and item that LTRIM cuts off is one change, no more and no less (t_hash.c, t_set.c, t_list.c). */
  readonly countsEachMember: boolean;
  /** Whether sorted sets take the options of Redis 6.2: GT and LT, BYSCORE, BYLEX, REV and LIMIT (t_zset.c). */
  readonly extendedZset: boolean;
  /** Whether INCRBYFLOAT goes out with KEEPTTL, so that a replica keeps the time to live too (t_string.c incrbyfloatCommand). */
  readonly keepsTtlOfFloats: boolean;
  /** Whether a field that HINCRBYFLOAT changes must be a number as a whole, not up to its first NUL (util.c string2ld). */
  readonly readsWholeHashFloats: boolean;
  /** Whether SWAPDB lets the EXEC of those fail who watch a key that is there before or after (db.c dbSwapDatabases). */
  readonly swapTouchesWatchers: boolean;

  /* Arguments and errors */

  /** Whether a time to live that leaves 64 bits is refused, not taken as what is left of it (getExpireMillisecondsOrReply, expireGenericCommand). */
  readonly refusesOverflowingTimes: boolean;
  /** Whether the timeout of a blocking command may have decimals (timeout.c getTimeoutFromObjectOrReply). */
  readonly takesFractionalTimeouts: boolean;
  /** Whether subcommands are commands of their own, with an arity and flags (server.c lookupCommandLogic). */
  readonly hasSubcommands: boolean;
  /** Whether there are users: AUTH may name one, and a wrong password leaves a client as it was (acl.c authCommand). */
  readonly knowsUsers: boolean;
  /** Whether CONFIG SET sets several directives at once and says what is wrong with a value (config.c configSetCommand). */
  readonly explainsConfigErrors: boolean;
  /** Whether errors of arguments are worded as from Redis 6 on (addReplyErrorArity, addReplySubcommandSyntaxError, script.c). */
  readonly wordsErrorsAnew: boolean;

  /* INFO */

  /** Whether INFO counts by itself what replication reads and writes, headers of RDBs included (stat_net_repl_*_bytes). */
  readonly countsReplicationTraffic: boolean;
  /** Whether INFO tells of failovers, of a transfer's progress, of -1 for a link never up (genRedisInfoString). */
  readonly infoOfRedis7: boolean;
}

export type ProfileName = 'redis-5.0' | 'redis-7.0';

/** Which bytes of an RDB are read wrongly first depends on its content; these are what servers said most often. */
const CORRUPT_RDB_5 = [
  'Short read or OOM loading DB. Unrecoverable error, aborting now.',
  'Internal error in RDB reading function at rdb.c:2140 -> Unexpected EOF reading RDB file',
];
const CORRUPT_RDB_7 =
  'Internal error in RDB reading offset 0, function at rdb.c:413 -> Invalid LZF compressed string';
const TERMINATING = 'Terminating server after rdb file reading failure.';

export const redis50: Profile = {
  name: 'redis-5.0',
  rules: RULES,
  version: '5.0.14',
  rdbVersion: 9,
  replStateNames: REPL_STATE_NAMES,
  reconnectsAtOnce: false,
  pipelinesHandshake: false,
  keepsSlavesOnReplicaof: false,
  shiftsIdAfterMasterIsGone: false,
  forgetsDownTimeOnPromotion: false,
  ownMasterParameters: 'my master parameters',
  checksMasterPort: false,
  attachesWhenRdbArrived: false,
  acksStreamedRdbAtOnce: false,
  payloadReadBytes: 4096,
  rdbDestination: { streamed: '', sized: '' },
  mayLoadFromSocket: false,
  maySpareSyncFiles: false,
  ticksWhileLoading: false,
  namesLoadError: false,
  corruptRdb: { disk: CORRUPT_RDB_5, socket: CORRUPT_RDB_5 },
  stopsAofFirst: false,
  restartsAofAfterFailedSync: true,
  childInTheWayOfAof: 'a child process saving an RDB file on disk',
  rewriteInTheWayOfSave: 'An AOF log rewriting in progress',
  logsLoadedRdb: false,
  refusesWrongOffset: false,
  logsBacklogCreation: false,
  startsUndelayedSyncAtOnce: false,
  disklessDelayIsOver: (idle, delay) => idle > delay,
  otherChildName: 'an AOF rewrite',
  startsPendingForks: false,
  putsOnlineBeforeAck: false,
  streamsRdbThroughParent: false,
  killsUselessSaves: false,
  takesRdbOnlyReplicas: false,
  namesTimedoutSync: false,
  copyOnWrite: 'RDB: 0 MB of memory used by copy-on-write',
  mastersKeepHistory: false,
  rdbHoldsScripts: true,
  rdbAofField: 'aof-preamble',
  savesListpacks: false,
  aofIsDirectory: false,
  alwaysRewritten: [],
  ordersGatesAnew: false,
  hidesExpiredKeys: false,
  watchesReplicasDisk: false,
  logsEveryErrorToPeers: false,
  pubsubContextError: 'only (P)SUBSCRIBE / (P)UNSUBSCRIBE / PING / QUIT allowed in this context',
  postponesPausedCommands: false,
  freesClientsBeforeSleep: false,
  waitersLastInFirstOut: false,
  refusesInlineMaster: false,
  uncachedMasterFlags: CLIENT_CLOSE_AFTER_REPLY | CLIENT_CLOSE_ASAP | CLIENT_BLOCKED,
  waitsForReplicasAtShutdown: false,
  sharesReplicationBuffer: false,
  raisesBacklogSizeOfFile: true,
  feedsAfterEachCommand: false,
  ping: 'PING',
  collectsPropagation: false,
  propagatesAbsoluteTimes: false,
  propagatesServedMoveAsOne: false,
  invalidExpireTime: 'invalid expire time in {}',
  propagatesEmptyFlush: false,
  flushTakesSync: false,
  extendedSet: false,
  countsEachMember: false,
  extendedZset: false,
  keepsTtlOfFloats: false,
  readsWholeHashFloats: false,
  swapTouchesWatchers: false,
  refusesOverflowingTimes: false,
  takesFractionalTimeouts: false,
  hasSubcommands: false,
  knowsUsers: false,
  explainsConfigErrors: false,
  wordsErrorsAnew: false,
  countsReplicationTraffic: false,
  infoOfRedis7: false,
};

export const redis70: Profile = {
  name: 'redis-7.0',
  rules: RULES,
  version: '7.0.15',
  rdbVersion: 10,
  replStateNames: REPL_STATE_NAMES_7,
  reconnectsAtOnce: true,
  pipelinesHandshake: true,
  keepsSlavesOnReplicaof: true,
  shiftsIdAfterMasterIsGone: true,
  forgetsDownTimeOnPromotion: true,
  ownMasterParameters: 'my own master parameters',
  checksMasterPort: true,
  attachesWhenRdbArrived: true,
  acksStreamedRdbAtOnce: true,
  payloadReadBytes: 16 * 1024,
  rdbDestination: { streamed: ' with EOF to disk', sized: ' to disk' },
  mayLoadFromSocket: true,
  maySpareSyncFiles: true,
  ticksWhileLoading: true,
  namesLoadError: true,
  corruptRdb: {
    disk: [CORRUPT_RDB_7, TERMINATING],
    socket: [`${CORRUPT_RDB_7}. Failure loading rdb format`, TERMINATING],
  },
  stopsAofFirst: true,
  restartsAofAfterFailedSync: false,
  childInTheWayOfAof: 'another background operation',
  rewriteInTheWayOfSave: 'Another child process is active (AOF?)',
  logsLoadedRdb: true,
  refusesWrongOffset: true,
  logsBacklogCreation: true,
  startsUndelayedSyncAtOnce: true,
  disklessDelayIsOver: (idle, delay) => idle >= delay,
  otherChildName: 'another BG operation',
  startsPendingForks: true,
  putsOnlineBeforeAck: true,
  streamsRdbThroughParent: true,
  killsUselessSaves: true,
  takesRdbOnlyReplicas: true,
  namesTimedoutSync: true,
  copyOnWrite: 'Fork CoW for RDB: current 0 MB, peak 0 MB, average 0 MB',
  mastersKeepHistory: true,
  rdbHoldsScripts: false,
  rdbAofField: 'aof-base',
  savesListpacks: true,
  aofIsDirectory: true,
  alwaysRewritten: ['latency-tracking-info-percentiles'],
  ordersGatesAnew: true,
  hidesExpiredKeys: true,
  watchesReplicasDisk: true,
  logsEveryErrorToPeers: true,
  pubsubContextError:
    "Can't execute '{}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context",
  postponesPausedCommands: true,
  freesClientsBeforeSleep: true,
  waitersLastInFirstOut: true,
  refusesInlineMaster: true,
  uncachedMasterFlags: CLIENT_PROTOCOL_ERROR | CLIENT_BLOCKED,
  waitsForReplicasAtShutdown: true,
  sharesReplicationBuffer: true,
  raisesBacklogSizeOfFile: false,
  feedsAfterEachCommand: true,
  ping: 'ping',
  collectsPropagation: true,
  propagatesAbsoluteTimes: true,
  propagatesServedMoveAsOne: true,
  invalidExpireTime: "invalid expire time in '{}' command",
  propagatesEmptyFlush: true,
  flushTakesSync: true,
  extendedSet: true,
  countsEachMember: true,
  extendedZset: true,
  keepsTtlOfFloats: true,
  readsWholeHashFloats: true,
  swapTouchesWatchers: true,
  refusesOverflowingTimes: true,
  takesFractionalTimeouts: true,
  hasSubcommands: true,
  knowsUsers: true,
  explainsConfigErrors: true,
  wordsErrorsAnew: true,
  countsReplicationTraffic: true,
  infoOfRedis7: true,
};

/** The profiles that can be run, by name. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  'redis-5.0': redis50,
  'redis-7.0': redis70,
};
