import type { ClientId } from '../networking/client.ts';
import type { Errno, Fd } from '../system.ts';
import type { RdbFile } from './rdb-file.ts';

/** The background child: a save to disk, a save to replicas' sockets, or an AOF rewrite. */
export type ChildProcess = DiskChild | SocketChild;

interface AnyChild {
  readonly pid: number;
  /** Microseconds of the virtual clock; a socket child serialises until `doneAt` and then writes on. */
  readonly startedAt: number;
  readonly doneAt: number;
  readonly ok: boolean;
  /** The signal that killed it, or 0. */
  killedBy: number;
}

export interface DiskChild extends AnyChild {
  readonly type: 'disk' | 'aof';
}

/** The child of a diskless synchronization: it writes the RDB to the replicas' sockets, itself or through us. */
export interface SocketChild extends AnyChild {
  readonly type: 'socket';
  readonly rdb: RdbFile;
  readonly eofMark: string;
  /** One per replica, in the order of the list of replicas. */
  targets: SocketTarget[];
  /** Whether everything was written or given up, so that serverCron can reap it. */
  finished: boolean;
  /** The pipe through which the parent gets the stream, null where the child writes to the sockets itself. */
  readonly pipe: RdbPipe | null;
}

/** The pipe from a child that saves to its parent, which writes to the replicas' sockets (`rdb_pipe_read`). */
export interface RdbPipe {
  /** Bytes of the stream the parent has read. */
  read: number;
  /** When the child, told that it may, has exited; Infinity until then. */
  exitedAt: number;
  /** Replicas that have not taken all of it yet; the pipe is not read meanwhile. */
  writing: number;
  /** How far the child had serialised when it last had to wait, and when that was (microseconds). */
  base: number;
  since: number;
}

export interface PipeChild extends SocketChild {
  readonly pipe: RdbPipe;
}

export interface SocketTarget {
  readonly client: ClientId;
  readonly fd: Fd;
  /** Bytes of the stream written to this socket. */
  written: number;
  /** When it last took a byte (microseconds). */
  lastProgress: number;
  /** The error that ended it, or null. */
  error: Errno | null;
}
