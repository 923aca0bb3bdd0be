import { type Bytes, Command } from './networking/bytes.ts';
import { boot, onAccept, onReadable, onResume, onTimer } from './process.ts';
import { type Profile, redis50 } from './profile.ts';
import type { RdbFile } from './rdb/rdb-file.ts';
import { createReplicationBacklog } from './replication/backlog.ts';
import type { Errno, Fd, LogLevel, Machine, ReadResult, Redis, System } from './system.ts';

/** A system in memory: sockets are arrays, the clock stands still until it is moved. */
export class FakeSystem implements System {
  /** Microseconds since time 0. */
  clock = 0;
  readonly epochMicros = 1_767_225_600_000_000;
  readonly machine: Machine = {
    saveBytesPerSecond: 200 * 1024 * 1024,
    loadBytesPerSecond: 300 * 1024 * 1024,
    forkMicrosPerGigabyte: 10_000,
  };
  readonly logs: string[] = [];
  readonly incoming = new Map<Fd, Bytes[]>();
  readonly outgoing = new Map<Fd, string>();
  readonly closed = new Set<Fd>();
  rewritten: ReadonlyMap<string, readonly string[]> | null = null;
  disk: RdbFile | undefined = undefined;
  private lastFd = 10;
  private draws = 0;

  now(): number {
    return this.clock;
  }

  open(): Fd {
    const fd = ++this.lastFd;
    this.incoming.set(fd, []);
    this.outgoing.set(fd, '');
    return fd;
  }

  connect(): Fd {
    return this.open();
  }

  read(fd: Fd): ReadResult {
    return this.incoming.get(fd)!.shift() ?? 'EAGAIN';
  }

  write(fd: Fd, bytes: Bytes): number | Errno {
    this.outgoing.set(fd, this.outgoing.get(fd)! + bytes.text());
    return bytes.length;
  }

  socketError(): undefined {
    return undefined;
  }

  close(fd: Fd): void {
    this.closed.add(fd);
  }

  watchWritable(): void {}
  watchReadable(): void {}

  hasPeer(): boolean {
    return true;
  }

  peer(): { ip: string; port: number } {
    return { ip: '127.0.0.1', port: 50000 };
  }

  wakeChild(): void {}

  forkSave(): number {
    return 100;
  }

  fork(): number {
    return 101;
  }

  killChild(): void {}
  readonly exitMicros = 0;

  exited = false;
  exit(): void {
    this.exited = true;
  }

  /** A fixed sequence in [0, 1). */
  random(): number {
    this.draws = (this.draws * 16807 + 12345) % 2147483647;
    return this.draws / 2147483647;
  }

  randomHex(digits: number): string {
    return Array.from({ length: digits }, () => Math.floor(this.random() * 16).toString(16)).join('');
  }

  readAof(): undefined {
    return undefined;
  }

  readRdb(): RdbFile | undefined {
    return this.disk;
  }

  writeRdb(file: RdbFile): void {
    this.disk = file;
  }

  removeRdb(): void {
    this.disk = undefined;
  }

  rewriteConfig(directives: ReadonlyMap<string, readonly string[]>): void {
    this.rewritten = directives;
  }

  saveFails(): boolean {
    return false;
  }

  log(level: LogLevel, message: string): void {
    this.logs.push(`${level} ${message}`);
  }

  decided(): void {}
  syncEnded(): void {}
  rdbSent(): void {}
  attemptEnded(): void {}

  propagated(): void {}
}

/** A server on a fake system, and commands sent to it. */
export class Lab {
  readonly system = new FakeSystem();
  readonly redis: Redis;
  private streamRead = 0;

  constructor(config: Record<string, readonly string[]> = {}, profile: Profile = redis50) {
    this.redis = boot(this.system, profile, new Map(Object.entries(config)));
  }

  get server(): Redis['server'] {
    return this.redis.server;
  }

  /** A master whose stream is written down from now on. */
  withBacklog(): this {
    createReplicationBacklog(this.redis);
    return this;
  }

  connect(): Fd {
    const fd = this.system.open();
    onAccept(this.redis, fd);
    return fd;
  }

  /** Sends one command, split at blanks unless given as words; what the server answers, without the last CRLF. */
  run(fd: Fd, command: string | readonly string[]): string {
    return this.runAll(fd, [command]);
  }

  /** Sends commands in one piece each, all before the server reads. */
  runAll(fd: Fd, commands: readonly (string | readonly string[])[]): string {
    for (const command of commands) {
      const words = typeof command === 'string' ? command.split(' ') : command;
      this.system.incoming.get(fd)!.push(new Command(words));
    }
    this.system.outgoing.set(fd, '');
    onReadable(this.redis, fd);
    return this.output(fd);
  }

  /** What was written to a socket since the last command on it. */
  output(fd: Fd): string {
    return this.system.outgoing.get(fd)!.replace(/\r\n$/, '');
  }

  /** The bytes that entered the stream since this was last asked. */
  streamBytes(): string {
    const { replBacklog, masterReplOffset } = this.server;
    const pieces = replBacklog!.blocks.flatMap((block) => block.pieces);
    const text = pieces.map((piece) => piece.text()).join('');
    const fresh = masterReplOffset - this.streamRead;
    this.streamRead = masterReplOffset;
    return fresh === 0 ? '' : text.slice(-fresh);
  }

  /** The same as commands, their words joined by blanks. */
  stream(): string[] {
    const commands = this.streamBytes()
      .split(/\*\d+\r\n/)
      .slice(1);
    return commands.map((command) =>
      [...command.matchAll(/\$\d+\r\n([^\r]*)\r\n/g)].map((m) => m[1]).join(' '),
    );
  }

  /** Lets milliseconds pass; the timer does not run. */
  wait(milliseconds: number): void {
    this.system.clock += milliseconds * 1000;
  }

  /** Lets time pass up to the end of a block, and goes on. */
  resume(): void {
    this.system.clock = Math.max(this.system.clock, this.server.blockedUntil);
    onResume(this.redis);
  }

  tick(): void {
    onTimer(this.redis);
  }
}
