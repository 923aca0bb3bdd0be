import type { RdbFile } from '../rdb/rdb-file.ts';
import type { Fd } from '../system.ts';
import { type ByteQueue, byteQueue } from './byte-queue.ts';
import type { Command } from './bytes.ts';

/** A connection's number on its server, rising from 1; `server.clients` has each client under it. */
export type ClientId = number;

/** Client flags, with the bits of Redis 5's server.h. */
export const CLIENT_SLAVE = 1 << 0;
export const CLIENT_MASTER = 1 << 1;
export const CLIENT_MONITOR = 1 << 2;
export const CLIENT_MULTI = 1 << 3;
export const CLIENT_BLOCKED = 1 << 4;
export const CLIENT_DIRTY_CAS = 1 << 5;
export const CLIENT_CLOSE_AFTER_REPLY = 1 << 6;
export const CLIENT_UNBLOCKED = 1 << 7;
export const CLIENT_LUA = 1 << 8;
export const CLIENT_CLOSE_ASAP = 1 << 10;
export const CLIENT_DIRTY_EXEC = 1 << 12;
export const CLIENT_MASTER_FORCE_REPLY = 1 << 13;
export const CLIENT_FORCE_AOF = 1 << 14;
export const CLIENT_FORCE_REPL = 1 << 15;
export const CLIENT_PRE_PSYNC = 1 << 16;
export const CLIENT_PUBSUB = 1 << 18;
export const CLIENT_PREVENT_AOF_PROP = 1 << 19;
export const CLIENT_PREVENT_REPL_PROP = 1 << 20;
export const CLIENT_PENDING_WRITE = 1 << 21;
/** The link broke the protocol; a bit of its own here, as Redis 7's lies beyond 32. */
export const CLIENT_PROTOCOL_ERROR = 1 << 30;
export const CLIENT_PREVENT_PROP = CLIENT_PREVENT_AOF_PROP | CLIENT_PREVENT_REPL_PROP;

/** What a replica can do, announced with REPLCONF capa. */
export const SLAVE_CAPA_NONE = 0;
export const SLAVE_CAPA_EOF = 1 << 0;
export const SLAVE_CAPA_PSYNC2 = 1 << 1;

/** The master's view of a replica (`replstate`); 0 where the client is none. */
export const SLAVE_STATE_WAIT_BGSAVE_START = 6;
export const SLAVE_STATE_WAIT_BGSAVE_END = 7;
export const SLAVE_STATE_SEND_BULK = 8;
export const SLAVE_STATE_ONLINE = 9;
/** It has the RDB, which is all it asked for (Redis 7). */
export const SLAVE_STATE_RDB_TRANSMITTED = 10;

/** What a replica wants left out of its RDB (`slave_req`, Redis 7). */
export const SLAVE_REQ_NONE = 0;
export const SLAVE_REQ_RDB_EXCLUDE_DATA = 1 << 0;
export const SLAVE_REQ_RDB_EXCLUDE_FUNCTIONS = 1 << 1;
export const SLAVE_REQ_RDB_MASK = SLAVE_REQ_RDB_EXCLUDE_DATA | SLAVE_REQ_RDB_EXCLUDE_FUNCTIONS;

/** The value of `refReplBufNode` where a replica has no place in the shared replication buffer. */
export const NO_BLOCK = -1;

export type BlockingType = 'none' | 'list' | 'wait' | 'postpone' | 'shutdown';

/** What a blocked client waits for (`blockingState`). */
export interface BlockingState {
  /** Absolute mstime, 0 for no timeout. */
  timeout: number;
  keys: readonly string[];
  /** Which end BLPOP, BRPOP take; where BRPOPLPUSH puts it. */
  where: 'left' | 'right';
  target: string | null;
  numreplicas: number;
  reploffset: number;
}

/** A command queued inside MULTI. */
export interface MultiCommand {
  readonly name: string;
  readonly command: Command;
}

/** One node of the reply list: how much it can hold and how much it holds (`clientReplyBlock`). */
export interface ReplyBlock {
  size: number;
  used: number;
}

/** A connection as the server knows it. Field names are Redis's, in camel case. */
export interface Client {
  readonly id: ClientId;
  /** `NO_FD` for the cached master and for clients without a socket. */
  fd: Fd;
  name: string;
  /** The selected database. */
  db: number;
  flags: number;
  authenticated: boolean;
  /** Whole seconds. */
  readonly ctime: number;
  lastinteraction: number;

  querybuf: ByteQueue;
  /** The master's stream as read and not yet passed on to the sub-replicas. */
  pendingQuerybuf: ByteQueue;
  argv: readonly string[];
  /** The command being run and the last one that was, by their names in the command table. */
  cmd: string;
  lastcmd: string;
  /** What is propagated instead of the command being run (`rewriteClientCommandVector`). */
  rewritten: Command | null;

  /** What waits to be written; Redis accounts for it in a static buffer and a list of blocks. */
  output: ByteQueue;
  bufpos: number;
  sentlen: number;
  reply: ReplyBlock[];
  replyBytes: number;
  /** Whether AE_WRITABLE is installed, and for which handler. */
  writeHandler: 'none' | 'sendReplyToClient' | 'sendBulkToSlave' | 'rdbPipeWriteHandler';
  /** Whole seconds, 0 if the soft limit is not reached. */
  obufSoftLimitReachedTime: number;

  btype: BlockingType;
  bpop: BlockingState;
  /** The commands of an open MULTI. */
  mstate: MultiCommand[];
  /** The command that a pause keeps back (CLIENT_PENDING_COMMAND). */
  postponed: Command | null;
  /** Flags of all of them together (`mstate.cmd_flags`). */
  mstateFlags: number;
  /** Keys watched, as `db:key`. */
  watchedKeys: Record<string, true>;
  /** `master_repl_offset` after this client's last command. */
  woff: number;
  subscriptions: string[];

  replstate: number;
  /** Whether the stream is held back until the replica acknowledges (in Redis 7 `repl_start_cmd_stream_on_ack`). */
  replPutOnlineOnAck: boolean;
  /** When it took only a part of a diskless RDB (whole seconds), 0 while it keeps up. */
  replLastPartialWrite: number;
  /** The RDB being sent, how far it is, its size, and the preamble still to go. */
  repldb: RdbFile | null;
  repldboff: number;
  repldbsize: number;
  replpreamble: string | null;
  /** On the client that is our master: the history, what was applied, what was read. */
  replid: string;
  reploff: number;
  readReploff: number;
  /** On a replica: what it acknowledged and when (whole seconds). */
  replAckOff: number;
  replAckTime: number;
  psyncInitialOffset: number;
  /**
   * A replica's place in the shared replication buffer: the id of a block, bytes of it already sent, and the same
   * as the number of a piece and bytes of that.
   */
  refReplBufNode: number;
  refBlockPos: number;
  refPiece: number;
  refPieceSent: number;
  slaveListeningPort: number;
  slaveIp: string;
  slaveCapa: number;
  slaveReq: number;
  /** Whether it wants an RDB and nothing of the stream (CLIENT_REPL_RDBONLY, in Redis a flag beyond 32 bits). */
  rdbOnly: boolean;
}

/** A client with every field at its boot value (networking.c createClient). */
export function newClient(id: ClientId, fd: Fd, unixtime: number): Client {
  return {
    id,
    fd,
    name: '',
    db: 0,
    flags: 0,
    authenticated: false,
    ctime: unixtime,
    lastinteraction: unixtime,
    querybuf: byteQueue(),
    pendingQuerybuf: byteQueue(),
    argv: [],
    cmd: '',
    lastcmd: '',
    rewritten: null,
    output: byteQueue(),
    bufpos: 0,
    sentlen: 0,
    reply: [],
    replyBytes: 0,
    writeHandler: 'none',
    obufSoftLimitReachedTime: 0,
    btype: 'none',
    bpop: { timeout: 0, keys: [], where: 'left', target: null, numreplicas: 0, reploffset: 0 },
    mstate: [],
    postponed: null,
    mstateFlags: 0,
    watchedKeys: {},
    woff: 0,
    subscriptions: [],
    replstate: 0,
    replPutOnlineOnAck: false,
    replLastPartialWrite: 0,
    repldb: null,
    repldboff: 0,
    repldbsize: 0,
    replpreamble: null,
    replid: '',
    reploff: 0,
    readReploff: 0,
    replAckOff: 0,
    replAckTime: 0,
    psyncInitialOffset: 0,
    refReplBufNode: NO_BLOCK,
    refBlockPos: 0,
    refPiece: 0,
    refPieceSent: 0,
    slaveListeningPort: 0,
    slaveIp: '',
    slaveCapa: SLAVE_CAPA_NONE,
    slaveReq: SLAVE_REQ_NONE,
    rdbOnly: false,
  };
}
