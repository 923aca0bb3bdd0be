import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileName } from '../../sim/redis/profile.ts';
import { changedFile, configFile, type FileSettings, passwordIn, passwordSetBy } from './config-file.ts';
import { Control } from './control.ts';
import { type LogLine, ServerProcess } from './server-process.ts';
import type { Servers } from './servers.ts';

export type LiveState = 'down' | 'starting' | 'up' | 'frozen';

export interface NodeListener {
  line(line: LogLine): void;
  /** It came up, went down, was stopped or goes on. */
  changed(): void;
}

const CONFIG_FILE = 'redis.conf';
const READY = /^(The server is now ready to accept connections|Ready to accept connections)/;

/** One node on this machine: its directory, which is its disk, and the process on it while that runs. */
export class LiveNode {
  readonly #servers: Servers;
  readonly #settings: FileSettings;
  readonly #listener: NodeListener;
  /** Every process that ran here; each may have left a child that still saves. */
  readonly #processes: ServerProcess[] = [];
  #process: ServerProcess | null = null;
  #state: LiveState = 'down';
  #waiting: ((up: boolean) => void)[] = [];
  #control: Control | null = null;
  #savesFail = false;
  /** Those that clients set while it ran, the last one first. */
  readonly #passwords: string[] = [];
  #profile: ProfileName;
  /** The versions that ran here, a new one where it changed. */
  readonly versions: string[] = [];

  constructor(servers: Servers, settings: FileSettings, listener: NodeListener) {
    this.#servers = servers;
    this.#profile = settings.profile;
    this.#settings = settings;
    this.#listener = listener;
    mkdirSync(settings.directory, { recursive: true });
    writeFileSync(this.#path(CONFIG_FILE), configFile(settings));
  }

  get state(): LiveState {
    return this.#state;
  }

  /** Starts the process; it is up once it listens. An earlier one that is still dying is waited for. */
  start(): void {
    const before = this.#process?.exited;
    // Its end is then no longer this node's.
    this.#process = null;
    this.#become('starting');
    if (before === undefined) this.#spawn();
    else void before.then(() => this.#spawn());
  }

  /** Changes the configuration file, `masterPort` undefined leaves its master; and the version, where one is given. */
  configure(
    config: ReadonlyMap<string, readonly string[]>,
    masterPort: number | null | undefined,
    profile: ProfileName = this.#profile,
  ): void {
    this.#profile = profile;
    const text = readFileSync(this.#path(CONFIG_FILE), 'utf8');
    writeFileSync(this.#path(CONFIG_FILE), changedFile(text, profile, config, masterPort));
  }

  kill(): void {
    this.#process?.signal('SIGKILL');
    this.#ended();
  }

  freeze(): void {
    this.#process?.signal('SIGSTOP');
    this.#become('frozen');
  }

  thaw(): void {
    this.#process?.signal('SIGCONT');
    this.#become('up');
  }

  /** Everything but the configuration file goes. */
  wipe(): void {
    for (const name of readdirSync(this.#settings.directory)) {
      if (name !== CONFIG_FILE) rmSync(this.#path(name), { recursive: true, force: true });
    }
  }

  /**
   * Makes saves fail, or work again: a directory stands where the file is to be renamed to. It goes while the
   * process starts, which would else not get past loading it.
   */
  failSaves(fails: boolean): void {
    this.#savesFail = fails;
    if (fails) this.#block();
    else this.#unblock();
  }

  /** What its process said last beside its log. */
  get words(): string {
    return this.#process?.words ?? '';
  }

  /** Whether it listens, once that is known. */
  whenUp(): Promise<boolean> {
    if (this.#state !== 'starting') return Promise.resolve(this.#state !== 'down');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** A connection of the program's own. */
  control(): Control {
    if (this.#control === null || this.#control.closed) {
      this.#control = new Control(this.#settings.port, () => {
        const password = passwordIn(readFileSync(this.#path(CONFIG_FILE), 'utf8'));
        return password === null ? this.#passwords : [...this.#passwords, password];
      });
    }
    return this.#control;
  }

  /** A client sends it a command: what it will ask clients for may stand in it. */
  noteCommand(argv: readonly string[]): void {
    const password = passwordSetBy(argv);
    if (password !== null) this.#passwords.unshift(password);
  }

  /** Ends everything that was started here. */
  async stop(): Promise<void> {
    this.#control?.close();
    for (const process of this.#processes) process.destroy();
    await Promise.all(this.#processes.map((process) => process.exited));
  }

  #spawn(): void {
    if (this.#state !== 'starting') return;
    if (this.#savesFail) this.#unblock();
    const { program, version } = this.#servers.get(this.#profile)!;
    if (this.versions.at(-1) !== version) this.versions.push(version);
    const current: ServerProcess = new ServerProcess(
      program,
      this.#settings.directory,
      this.#path(CONFIG_FILE),
      {
        line: (line) => {
          if (this.#savesFail && READY.test(line.message)) this.#block();
          this.#listener.line(line);
        },
        listens: () => {
          if (this.#process === current && this.#state === 'starting') this.#become('up');
        },
        ended: () => {
          if (this.#process === current) this.#ended();
        },
      },
    );
    this.#process = current;
    this.#processes.push(current);
  }

  #ended(): void {
    this.#control?.close();
    this.#control = null;
    if (this.#state !== 'down') this.#become('down');
  }

  #become(state: LiveState): void {
    this.#state = state;
    if (state !== 'starting') for (const tell of this.#waiting.splice(0)) tell(state !== 'down');
    this.#listener.changed();
  }

  #block(): void {
    const file = this.#path(this.#rdbName());
    if (existsSync(file)) renameSync(file, `${file}.kept`);
    mkdirSync(join(file, 'in-the-way'), { recursive: true });
  }

  #unblock(): void {
    const file = this.#path(this.#rdbName());
    if (existsSync(join(file, 'in-the-way'))) rmSync(file, { recursive: true });
    if (existsSync(`${file}.kept`)) renameSync(`${file}.kept`, file);
  }

  #rdbName(): string {
    const found = /^\s*dbfilename\s+"?([^"\s]+)"?\s*$/m.exec(readFileSync(this.#path(CONFIG_FILE), 'utf8'));
    return found?.[1] ?? 'dump.rdb';
  }

  #path(name: string): string {
    return join(this.#settings.directory, name);
  }
}
