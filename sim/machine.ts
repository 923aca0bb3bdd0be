import type { RandomStream } from './kernel/random.ts';
import type { Network } from './network/network.ts';
import type { Bytes } from './redis/networking/bytes.ts';
import { boot } from './redis/process.ts';
import type { Profile } from './redis/profile.ts';
import { snapshot } from './redis/rdb/rdb.ts';
import type { RdbFile } from './redis/rdb/rdb-file.ts';
import type { PsyncDecision } from './redis/replication/psync-decision.ts';
import type {
  Errno,
  Fd,
  LogLevel,
  Machine as MachineSpeed,
  ReadResult,
  Redis,
  SyncEnd,
  System,
} from './redis/system.ts';
import type { NodeSetup, StartChanges } from './simulated-world.ts';

/** What a machine needs of the world around it, told by number of the node. */
export interface MachineHost {
  readonly now: number;
  readonly epochMicros: number;
  readonly network: Network;
  addressOf(node: string): { ip: string; port: number };
  wakeChild(node: number, time: number): void;
  /** A save's child ends at this time, whether the process that forked it lives or not. */
  saveEnds(node: number, time: number, pid: number): void;
  exiting(node: number): void;
  logged(node: number, level: LogLevel, message: string): void;
  decided(node: number, fd: Fd, decision: PsyncDecision): void;
  syncEnded(node: number, fd: Fd, end: SyncEnd, rdbBytes: number): void;
  attemptEnded(node: number, fd: Fd, ended: string): void;
  connecting(node: number, fd: Fd): void;
  propagated(node: number, command: Bytes, replid: string, offset: number): void;
  rdbSent(bytes: number): void;
  snapshotTaken(node: number, file: RdbFile): void;
  snapshotRead(node: number, file: RdbFile): void;
  forked(): void;
}

/**
 * One node's machine: its disk, its configuration file, its entropy, and the Redis process on it while that
 * runs. To the process it is the operating system.
 */
export class Machine implements System {
  readonly index: number;
  readonly name: string;
  readonly machine: MachineSpeed;
  readonly timerSlip: number;
  readonly exitMicros: number;
  profile: Profile;
  powered = true;
  frozen = false;
  redis: Redis | null = null;
  /** Counts the processes that ran here: what is scheduled for an earlier one is void. */
  incarnation = 0;
  /** Inputs held back while the process was stopped or blocked. */
  heldBack = 0;
  failedSaves = 0;
  savesFail = false;

  readonly #world: MachineHost;
  readonly #entropy: RandomStream;
  #config: ReadonlyMap<string, readonly string[]>;
  #replicaof: string | null;
  #rdb: RdbFile | undefined;
  /** The append only file, and the directory of such files of a version that has one. */
  #aof: RdbFile | undefined;
  #aofDirectory: RdbFile | undefined;
  #nextPid = 1000;
  readonly #saves = new Map<number, RdbFile | null>();

  constructor(index: number, setup: NodeSetup, world: MachineHost, entropy: RandomStream) {
    this.index = index;
    this.name = setup.name;
    this.machine = setup.machine;
    this.timerSlip = setup.timerSlip ?? 0;
    this.exitMicros = setup.exitMicros ?? 0;
    this.profile = setup.profile;
    this.#world = world;
    this.#entropy = entropy;
    this.#config = setup.config;
    this.#replicaof = setup.replicaof;
  }

  /** The port that its configuration file says. */
  get port(): number {
    return Number(this.#config.get('port')?.at(-1) ?? 6379);
  }

  /** Starts the process with the configuration file and what the disk holds. */
  start(): Redis {
    this.incarnation++;
    this.frozen = false;
    this.redis = boot(this, this.profile, this.#directives());
    return this.redis;
  }

  /** Changes the configuration file before a start. */
  configure(changes: StartChanges): void {
    const config = new Map(this.#config);
    for (const [name, values] of changes.config ?? []) config.set(name, values);
    if (changes.replicaof !== undefined) {
      config.delete('replicaof');
      config.delete('slaveof');
      this.#replicaof = changes.replicaof;
    }
    this.#config = config;
    if (changes.profile !== undefined) this.profile = changes.profile;
  }

  #directives(): ReadonlyMap<string, readonly string[]> {
    if (this.#replicaof === null) return this.#config;
    const { ip, port } = this.#world.addressOf(this.#replicaof);
    return new Map(this.#config).set('replicaof', [`${ip} ${port}`]);
  }

  /** What the process has appended to its file stands on the disk when it ends. */
  keepAof(): void {
    if (!this.redis?.server.appendonly) return;
    const file = snapshot(this.redis, null);
    if (this.redis.profile.aofIsDirectory) this.#aofDirectory = file;
    else this.#aof = file;
  }

  wipe(): void {
    this.#rdb = undefined;
    this.#aof = undefined;
    this.#aofDirectory = undefined;
    for (const pid of this.#saves.keys()) this.#saves.set(pid, null);
  }

  /** The machine lost its power: children die with it. */
  loseChildren(): void {
    this.#saves.clear();
  }

  /** A save's child is done: its file takes the place of the old one, unless it failed or was killed. */
  saveEnded(pid: number): void {
    const file = this.#saves.get(pid);
    this.#saves.delete(pid);
    if (file === undefined || file === null) return;
    this.#rdb = file;
    this.log('notice', 'DB saved on disk');
    this.log('notice', this.profile.copyOnWrite);
  }

  /* What the process may ask of its system. */

  get epochMicros(): number {
    return this.#world.epochMicros;
  }

  now(): number {
    return this.#world.now;
  }

  connect(host: string, port: number): Fd {
    const fd = this.#world.network.connect(this.index, host, port);
    this.#world.connecting(this.index, fd);
    return fd;
  }

  read(fd: Fd, max: number): ReadResult {
    return this.#world.network.read(fd, max) as ReadResult;
  }

  write(fd: Fd, bytes: Bytes): number | Errno {
    return this.#world.network.write(fd, bytes);
  }

  socketError(fd: Fd): Errno | undefined {
    return this.#world.network.socketError(fd);
  }

  close(fd: Fd): void {
    this.#world.network.close(fd);
  }

  watchWritable(fd: Fd, on: boolean): void {
    this.#world.network.watchWritable(fd, on);
  }

  watchReadable(fd: Fd, on: boolean): void {
    this.#world.network.watchReadable(fd, on);
  }

  hasPeer(fd: Fd): boolean {
    return this.#world.network.hasPeer(fd);
  }

  peer(fd: Fd): { ip: string; port: number } {
    return this.#world.network.peer(fd);
  }

  wakeChild(time: number): void {
    this.#world.wakeChild(this.index, time);
  }

  forkSave(file: RdbFile, doneAt: number, ok: boolean): number {
    const pid = this.#nextPid++;
    this.#saves.set(pid, ok ? file : null);
    this.#world.snapshotTaken(this.index, file);
    this.#world.forked();
    this.#world.saveEnds(this.index, doneAt, pid);
    return pid;
  }

  fork(saves: boolean): number {
    if (saves) this.#world.forked();
    return this.#nextPid++;
  }

  killChild(pid: number): void {
    this.#saves.delete(pid);
  }

  exit(): void {
    this.#world.exiting(this.index);
  }

  random(): number {
    return this.#entropy.next();
  }

  randomHex(digits: number): string {
    return this.#entropy.hex(digits);
  }

  readRdb(): RdbFile | undefined {
    if (this.#rdb !== undefined) this.#world.snapshotRead(this.index, this.#rdb);
    return this.#rdb;
  }

  readAof(): RdbFile | undefined {
    if (!this.profile.aofIsDirectory) return this.#aof;
    if (this.#aofDirectory === undefined) {
      this.#aofDirectory = this.#aof;
      this.#aof = undefined;
    }
    return this.#aofDirectory;
  }

  writeRdb(file: RdbFile): void {
    this.#world.snapshotTaken(this.index, file);
    this.#rdb = file;
  }

  removeRdb(): void {
    this.#rdb = undefined;
  }

  rewriteConfig(directives: ReadonlyMap<string, readonly string[]>): void {
    this.#config = directives;
    this.#replicaof = null;
  }

  saveFails(): boolean {
    if (this.savesFail) this.failedSaves++;
    return this.savesFail;
  }

  log(level: LogLevel, message: string): void {
    this.#world.logged(this.index, level, message);
  }

  decided(fd: Fd, decision: PsyncDecision): void {
    this.#world.decided(this.index, fd, decision);
  }

  syncEnded(fd: Fd, end: SyncEnd, rdbBytes: number): void {
    this.#world.syncEnded(this.index, fd, end, rdbBytes);
  }

  rdbSent(bytes: number): void {
    this.#world.rdbSent(bytes);
  }

  attemptEnded(fd: Fd, ended: string): void {
    this.#world.attemptEnded(this.index, fd, ended);
  }

  propagated(command: Bytes, offset: number): void {
    const { server } = this.redis!;
    this.#world.propagated(this.index, command, server.replid, offset);
  }
}
