import type { Bytes } from './networking/bytes.ts';
import type { Profile } from './profile.ts';
import type { RdbFile } from './rdb/rdb-file.ts';
import type { PsyncDecision } from './replication/psync-decision.ts';
import type { Rules } from './replication/rules.ts';
import type { RedisServer } from './server.ts';

/** A socket or other handle of the process, never reused within a run. `NO_FD` where there is none. */
export type Fd = number;
export const NO_FD: Fd = -1;

/** Why a socket call did not work, by the name and the text that strerror gives. */
export type Errno = 'EAGAIN' | 'ECONNREFUSED' | 'ECONNRESET' | 'ETIMEDOUT' | 'EPIPE';

/** What a read gives: bytes, nothing for now, the peer's end, or an error. */
export type ReadResult = Bytes | 'EAGAIN' | 'EOF' | Errno;

/** The levels of Redis's log, in rising order. */
export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning';

/**
 * The operating system as a Redis process sees it: sockets, a clock, a disk, entropy, and the places where
 * what it says and decides is written down. A call takes effect at once or is queued by the system; none of
 * them calls back into the process.
 */
export interface System {
  /** The true clock: integer microseconds since the scenario's time 0 (negative before it). */
  now(): number;
  /** The wall clock at time 0, in microseconds since the epoch. */
  readonly epochMicros: number;

  /** Begins a non-blocking connect; the result is reported as writable (or an error) on the handle. */
  connect(host: string, port: number): Fd;
  /** Takes at most `max` bytes from the socket's receive buffer, in one piece. */
  read(fd: Fd, max: number): ReadResult;
  /** Hands bytes to the socket's send buffer; returns how many it took, or an error. */
  write(fd: Fd, bytes: Bytes): number | Errno;
  /** The pending error of a socket (SO_ERROR), cleared by asking. */
  socketError(fd: Fd): Errno | undefined;
  close(fd: Fd): void;
  /** Asks for a writable event once the send buffer has room (AE_WRITABLE), or no longer. */
  watchWritable(fd: Fd, on: boolean): void;
  /** Asks for readable events (AE_READABLE), on for every new socket. */
  watchReadable(fd: Fd, on: boolean): void;
  /** The address of the other end. */
  peer(fd: Fd): { ip: string; port: number };
  /** Whether getpeername would find one: not any more once the connection was reset. */
  hasPeer(fd: Fd): boolean;

  /** Asks for a `childEvent` at this time: the child that writes to sockets has a step to take. */
  wakeChild(time: number): void;
  /**
   * Forks a child that saves to disk; unless it is killed the file stands on the disk at `doneAt`, whether this
   * process still lives or not. Returns the child's pid.
   */
  forkSave(file: RdbFile, doneAt: number, ok: boolean): number;
  /** Forks any other child, which may be one that saves; returns its pid. */
  fork(saves: boolean): number;
  killChild(pid: number): void;
  /** Microseconds from where a child may exit until it has: waitpid finds it only then. */
  readonly exitMicros: number;
  /** Ends the process after this event. */
  exit(code: number): void;

  /** A number in [0, 1) from the process's own entropy. */
  random(): number;
  /** Lower-case hex digits from the process's own entropy. */
  randomHex(digits: number): string;

  /** The disk: what stands under dbfilename and in the configuration file. */
  readRdb(): RdbFile | undefined;
  /** The dataset that the append only file spells; undefined where there is none. */
  readAof(): RdbFile | undefined;
  writeRdb(file: RdbFile): void;
  removeRdb(): void;
  rewriteConfig(directives: ReadonlyMap<string, readonly string[]>): void;
  /** Whether background saves are made to fail (`bgsave: A` with `set: fail`); asking counts as a try. */
  saveFails(): boolean;
  /** How fast this machine saves and loads (bytes a second) and forks (microseconds a gigabyte). */
  readonly machine: Machine;

  log(level: LogLevel, message: string): void;
  /** A PSYNC or SYNC was answered on this connection. */
  decided(fd: Fd, decision: PsyncDecision): void;
  /** The full synchronization begun by this connection's last full decision came to its end. */
  syncEnded(fd: Fd, end: SyncEnd, rdbBytes: number): void;
  /** Bytes of an RDB handed to a replica's socket. */
  rdbSent(bytes: number): void;
  /** This replica's attempt to synchronize with its master came to its end. */
  attemptEnded(fd: Fd, ended: string): void;
  /** A command's effect entered the replication stream here, at the master: bytes up to and with `offset`. */
  propagated(command: Bytes, offset: number): void;
}

export interface Machine {
  readonly saveBytesPerSecond: number;
  readonly loadBytesPerSecond: number;
  readonly forkMicrosPerGigabyte: number;
}

/** How a full synchronization ended (CONTRACT: `sync.ended`). */
export type SyncEnd =
  | 'online'
  | 'output-limit'
  | 'transfer-timeout'
  | 'transfer-broken'
  | 'bgsave-failed'
  | 'load-failed'
  | 'superseded';

/** One Redis process: its state, the system it runs on and the version whose rules it follows. */
export interface Redis {
  server: RedisServer;
  readonly system: System;
  readonly profile: Profile;
  /** The profile's, at hand for whoever calls one of them. */
  readonly rules: Rules;
}

/** Whole seconds of the true clock, as `time(NULL)`. */
export function time(redis: Redis): number {
  return Math.floor((redis.system.epochMicros + redis.system.now()) / 1_000_000);
}

/** Milliseconds of the true clock, as `mstime()`. */
export function mstime(redis: Redis): number {
  return mstimeAt(redis, redis.system.now());
}

/** What `mstime()` was or will be at a time of the virtual clock (microseconds). */
export function mstimeAt(redis: Redis, at: number): number {
  return Math.floor((redis.system.epochMicros + at) / 1000);
}

/** Writes a line to the log of the server (server.c serverLog). */
export function serverLog(redis: Redis, level: LogLevel, message: string): void {
  redis.system.log(level, message);
}

/** The process finds itself in a state that cannot be, says so and aborts (debug.c _serverPanic). */
export function serverPanic(redis: Redis, message: string): void {
  serverLog(redis, 'warning', '------------------------------------------------');
  serverLog(redis, 'warning', '!!! Software Failure. Press left mouse button to continue');
  serverLog(redis, 'warning', `Guru Meditation: ${message}`);
  redis.system.exit(134);
  // abort(3) does not return.
  redis.server.blockedUntil = Number.MAX_SAFE_INTEGER;
}

/** The text that strerror(3) gives for an error number. */
export function strerror(errno: Errno): string {
  return STRERROR[errno];
}

const STRERROR: Record<Errno, string> = {
  EAGAIN: 'Resource temporarily unavailable',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  ETIMEDOUT: 'Connection timed out',
  EPIPE: 'Broken pipe',
};
