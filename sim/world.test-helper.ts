import { NOWHERE } from './network/address.ts';
import type { LinkSettings } from './network/link.ts';
import type { ConnectionId, DecisionRecord, Observer } from './observer.ts';
import { type Bytes, Command, Text } from './redis/networking/bytes.ts';
import { type Profile, redis50 } from './redis/profile.ts';
import type { RedisServer } from './redis/server.ts';
import { REPL_STATE_NAMES } from './redis/server.ts';
import type { LogLevel } from './redis/system.ts';
import type { NodeSetup, StartChanges } from './simulated-world.ts';
import { Simulation } from './simulation.ts';

export const MS = 1000;
export const SECOND = 1_000_000;
export const LAN: LinkSettings = { latency: 100, jitter: 0, loss: 0, bandwidth: 1_250_000_000 };

/** A node as a test writes it; what is not given is the simulator's default. */
export interface NodeSpec {
  readonly config?: Readonly<Record<string, string | readonly string[]>>;
  readonly replicaof?: string;
  readonly dataset?: number;
  /** Bytes a second. */
  readonly save?: number;
  readonly load?: number;
  /** Milliseconds before time 0. */
  readonly boot?: number;
  readonly profile?: Profile;
  readonly forkMicrosPerGigabyte?: number;
}

export interface LogLine {
  readonly at: number;
  readonly node: string;
  readonly level: LogLevel;
  readonly text: string;
}

export interface WorldOptions {
  readonly seed?: string;
  readonly link?: Partial<LinkSettings>;
  readonly record?: boolean;
}

/** A client beside a node: it sends what it likes and keeps what it got. */
export class TestClient {
  received = '';
  state: 'connecting' | 'open' | 'refused' | 'closed' = 'connecting';
  readonly id: ConnectionId;
  readonly #world: World;

  constructor(world: World, id: ConnectionId) {
    this.#world = world;
    this.id = id;
  }

  /** Sends commands, words separated by blanks, in one piece each. */
  send(...commands: string[]): void {
    for (const command of commands) this.sendBytes(new Command(command.split(' ')));
  }

  sendText(text: string): void {
    this.sendBytes(new Text(text));
  }

  sendBytes(bytes: Bytes): void {
    this.#world.sim.send(this.id, bytes);
  }

  /** What was received since the last call. */
  take(): string {
    const { received } = this;
    this.received = '';
    return received;
  }

  close(): void {
    this.state = 'closed';
    this.#world.sim.disconnect(this.id);
  }
}

/** A simulation with everything that an observer is told written down. */
export class World {
  readonly sim: Simulation;
  readonly lines: LogLine[] = [];
  readonly decisions: DecisionRecord[] = [];
  /** `outcome/reason` of each decision, and who asked whom. */
  readonly syncsEnded: DecisionRecord[] = [];
  readonly attempts: { readonly replica: string; readonly master: string | null; readonly ended: string }[] =
    [];
  readonly propagated: { readonly node: string; readonly text: string; readonly offset: number }[] = [];
  readonly #clients = new Map<ConnectionId, TestClient>();
  readonly #operators = new Map<string, TestClient>();
  readonly #names: readonly string[];

  constructor(nodes: Readonly<Record<string, NodeSpec>>, options: WorldOptions = {}) {
    this.#names = Object.keys(nodes);
    const observer: Observer = {
      timer: () => {},
      connected: (id) => {
        this.#clients.get(id)!.state = 'open';
      },
      refused: (id) => {
        this.#clients.get(id)!.state = 'refused';
      },
      received: (id, bytes) => {
        this.#clients.get(id)!.received += bytes.text();
      },
      closed: (id) => {
        this.#clients.get(id)!.state = 'closed';
      },
      logged: (node, level, text) => {
        this.lines.push({ at: this.sim?.now ?? 0, node: this.#names[node]!, level, text });
      },
      decided: (decision) => this.decisions.push(decision),
      syncEnded: (decision) => this.syncsEnded.push(decision),
      attemptEnded: (replica, master, _startedAt, ended) => {
        this.attempts.push({
          replica: this.#names[replica]!,
          master: master === null ? null : this.#names[master]!,
          ended,
        });
      },
      propagated: (node, command, _replid, offset) => {
        this.propagated.push({ node: this.#names[node]!, text: command.text(), offset });
      },
      processChanged: () => {},
    };
    const setup = {
      seed: options.seed ?? '1',
      nodes: this.#names.map((name) => nodeSetup(name, nodes[name]!)),
      link: () => ({ ...LAN, ...options.link }),
      record: options.record ?? false,
    };
    this.sim = new Simulation(setup, observer);
  }

  /** Milliseconds since time 0. */
  get now(): number {
    return this.sim.now / MS;
  }

  node(name: string): number {
    const node = this.#names.indexOf(name);
    if (node === -1) throw new Error(`there is no node ${name}`);
    return node;
  }

  server(name: string): RedisServer {
    const server = this.sim.server(this.node(name));
    if (server === null) throw new Error(`${name} is down`);
    return server;
  }

  state(name: string): string {
    return REPL_STATE_NAMES[this.server(name).replState]!;
  }

  info(name: string, field: string): string | number | undefined {
    return this.sim.infoField(this.node(name), field);
  }

  /** Runs everything up to a time in milliseconds. */
  to(ms: number): this {
    const end = Math.round(ms * MS);
    // Without an event of its own the clock would stand still where nothing happens.
    this.sim.schedule(end, 0);
    while (this.sim.step(end));
    return this;
  }

  /** Runs for so many milliseconds. */
  wait(ms: number): this {
    return this.to(this.now + ms);
  }

  /** Runs until something holds, after an event; throws when it did not within so many milliseconds. */
  until(holds: () => boolean, withinMs = 30_000): this {
    const end = this.sim.now + withinMs * MS;
    while (!holds()) {
      if (!this.sim.step(end)) throw new Error(`it never held: ${holds} (at ${this.now} ms)\n${this.tail()}`);
    }
    return this;
  }

  untilState(name: string, state: string, withinMs?: number): this {
    return this.until(
      () => this.sim.server(this.node(name)) !== null && this.state(name) === state,
      withinMs,
    );
  }

  /** Runs until a line that contains a text has been logged by a node, from now on. */
  untilLog(name: string, text: string, withinMs?: number): this {
    let from = this.lines.length;
    return this.until(() => {
      while (from < this.lines.length) {
        const line = this.lines[from++]!;
        if (line.node === name && line.text.includes(text)) return true;
      }
      return false;
    }, withinMs);
  }

  client(name: string): TestClient {
    const id = this.sim.connect(this.node(name));
    const client = new TestClient(this, id);
    this.#clients.set(id, client);
    this.until(() => client.state !== 'connecting', 1000);
    return client;
  }

  /** Sends a command over a node's operator connection and waits for one reply. */
  command(name: string, command: string | readonly string[], withinMs = 10_000): string {
    let client = this.#operators.get(name);
    if (client === undefined || client.state !== 'open') {
      client = this.client(name);
      this.#operators.set(name, client);
    }
    const operator = client;
    operator.take();
    operator.sendBytes(new Command(typeof command === 'string' ? command.split(' ') : command));
    this.until(() => operator.received !== '' || operator.state !== 'open', withinMs);
    return operator.take().replace(/\r\n$/, '');
  }

  /** A node's address by its name, or one that refuses. */
  private addressOf(name: string): { ip: string; port: number } {
    return name === 'nowhere' ? NOWHERE : this.sim.address(this.node(name));
  }

  replicaof(name: string, master: string): string {
    if (master === 'NO ONE') return this.command(name, 'REPLICAOF NO ONE');
    const { ip, port } = this.addressOf(master);
    return this.command(name, `REPLICAOF ${ip} ${port}`);
  }

  start(name: string, changes: StartChanges = {}): void {
    this.sim.start(this.node(name), changes);
  }

  /** Where the log of a node stands now, for `log(name, from)`. */
  mark(): number {
    return this.lines.length;
  }

  /** A node's lines of level notice and warning. */
  log(name: string, from = 0): string[] {
    const shown = this.lines
      .slice(from)
      .filter(({ node, level }) => node === name && (level === 'notice' || level === 'warning'));
    return shown.map(({ text }) => text);
  }

  /** When a node first logged a line with this text after a mark, in milliseconds. */
  loggedAt(name: string, text: string, from = 0): number {
    const line = this.lines.slice(from).find((l) => l.node === name && l.text.includes(text));
    if (line === undefined) throw new Error(`${name} never logged ${text}\n${this.tail()}`);
    return line.at / MS;
  }

  /** The decisions on one link as `outcome/reason`. */
  psyncs(replica: string, master: string): string[] {
    const [r, m] = [this.node(replica), this.node(master)];
    return this.decisions
      .filter((d) => d.replica === r && d.master === m)
      .map(({ decision }) => `${decision.outcome}/${decision.reason}`);
  }

  /** How a node names another in its log. */
  name(of: string): string {
    const { ip, port } = this.addressOf(of);
    return `${ip}:${port}`;
  }

  tail(): string {
    return this.lines
      .slice(-15)
      .map(({ at, node, text }) => `${at / MS} ${node} ${text}`)
      .join('\n');
  }
}

function nodeSetup(name: string, spec: NodeSpec): NodeSetup {
  const config = new Map<string, readonly string[]>([['save', ['']]]);
  for (const [key, value] of Object.entries(spec.config ?? {})) {
    config.set(key, typeof value === 'string' ? [value] : value);
  }
  return {
    name,
    profile: spec.profile ?? redis50,
    config,
    replicaof: spec.replicaof ?? null,
    dataset: spec.dataset ?? 0,
    machine: {
      saveBytesPerSecond: spec.save ?? 200 * 1024 * 1024,
      loadBytesPerSecond: spec.load ?? 300 * 1024 * 1024,
      forkMicrosPerGigabyte: spec.forkMicrosPerGigabyte ?? 10_000,
    },
    boot: spec.boot === undefined ? null : spec.boot * MS,
  };
}

/** A master A and a replica B that are in sync and quiet. */
export function pair(a: NodeSpec = {}, b: NodeSpec = {}, options: WorldOptions = {}): World {
  const world = new World({ A: { boot: -2000, ...a }, B: { boot: -700, replicaof: 'A', ...b } }, options);
  return world.untilState('B', 'CONNECTED').wait(1500);
}

/** Log lines with what differs from run to run left out: ids, pids, sizes. */
export function masked(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line
      .replace(/[0-9a-f]{40}/g, '<id>')
      .replace(/by pid \d+/, 'by pid N')
      .replace(/receiving \d+ bytes/, 'receiving N bytes')
      .replace(/user request from '[^']*'/, "user request from '<client>'"),
  );
}

/** A client that has introduced itself as a replica on port 7000 and asks for nothing yet. */
export function fakeReplica(world: World, master: string, ...capa: string[]): TestClient {
  const client = world.client(master);
  client.send('REPLCONF listening-port 7000', ...capa.map((one) => `REPLCONF capa ${one}`));
  world.until(() => client.received === '+OK\r\n'.repeat(1 + capa.length), 1000);
  client.take();
  return client;
}
