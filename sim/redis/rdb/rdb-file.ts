import type { Keyspace } from '../data/keyspace.ts';
import { Bytes } from '../networking/bytes.ts';

/** The AUX fields repl-stream-db, repl-id and repl-offset. */
export interface RdbReplication {
  readonly streamDb: number;
  readonly id: string;
  readonly offset: number;
}

export interface RdbContents {
  readonly dbs: Readonly<Record<number, Keyspace>>;
  /** Null where the file says nothing of replication. */
  readonly repl: RdbReplication | null;
  readonly scripts: readonly string[];
  /** Version of the RDB format, and of the server that wrote it. */
  readonly rdbVersion: number;
  readonly redisVersion: string;
  readonly ctime: number;
}

/**
 * A snapshot of a dataset as an RDB file: what it holds, the replication history it names and its size. The
 * size follows the RDB format without compression. Immutable; on the wire it is `length` bytes whose content
 * is this object.
 */
export class RdbFile extends Bytes {
  readonly length: number;
  /** Its length as it would really be stored: with `rdbcompression` a good deal less. */
  readonly storedLength: number;
  readonly dbs: Readonly<Record<number, Keyspace>>;
  readonly repl: RdbReplication | null;
  readonly scripts: readonly string[];
  readonly rdbVersion: number;
  readonly redisVersion: string;
  /** Whole seconds since the epoch. */
  readonly ctime: number;

  constructor(contents: RdbContents, length: number, storedLength = length) {
    super();
    this.length = length;
    this.storedLength = storedLength;
    this.dbs = contents.dbs;
    this.repl = contents.repl;
    this.scripts = contents.scripts;
    this.rdbVersion = contents.rdbVersion;
    this.redisVersion = contents.redisVersion;
    this.ctime = contents.ctime;
  }

  /** A stand-in of the right length: the magic, then zeros. */
  text(): string {
    return `REDIS${String(this.rdbVersion).padStart(4, '0')}`.padEnd(this.length, '\0').slice(0, this.length);
  }
}
