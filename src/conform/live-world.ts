import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { RandomStreams } from '../../sim/kernel/random.ts';
import type { Scheduler } from '../../sim/kernel/scheduler.ts';
import { LOCALHOST } from '../../sim/network/address.ts';
import type { LinkSettings } from '../../sim/network/link.ts';
import type { ConnectionId } from '../../sim/observer.ts';
import { type Bytes, Command, Text } from '../../sim/redis/networking/bytes.ts';
import type { Profile } from '../../sim/redis/profile.ts';
import { REPL_STATE_CONNECT, REPL_STATE_NONE, type RedisServer } from '../../sim/redis/server.ts';
import type {
  ProcessState,
  SimulatedWorld,
  SimulationSetup,
  StartChanges,
} from '../../sim/simulated-world.ts';
import type { AddressBook } from './address-book.ts';
import { type Info, parseInfo } from './info-reply.ts';
import { LinkDirection } from './link-direction.ts';
import { LinkProxy } from './link-proxy.ts';
import { LiveNode } from './live-node.ts';
import { replStateAfter } from './repl-state.ts';
import type { LogLine } from './server-process.ts';
import type { Servers } from './servers.ts';

/** So long an entry of the timeline waits for the replies to the one before it that stands at the same time. */
const SETTLE_MS = 5;

/** What the world tells whoever drives it. */
export interface LiveListener {
  timer(): void;
  connected(connection: ConnectionId): void;
  refused(connection: ConnectionId): void;
  received(connection: ConnectionId, bytes: Bytes): void;
  closed(connection: ConnectionId): void;
  logged(node: number, line: LogLine): void;
  processChanged(node: number): void;
}

export interface LiveSetup {
  /** One for each version that a node runs. */
  readonly servers: Servers;
  /** An empty directory of this run's own. */
  readonly directory: string;
  readonly simulation: SimulationSetup;
  readonly book: AddressBook;
  /** `proxies[x][m]` is the port on which x finds m. */
  readonly proxies: readonly (readonly number[])[];
}

/**
 * Real servers behind the interface of the simulated world: whatever drives the one drives the other, so that
 * a timeline means the same in both. Time is real; what only a simulation can tell is absent.
 */
export class LiveWorld implements SimulatedWorld {
  readonly nodeNames: readonly string[];
  readonly touched = -1;
  readonly events = 0;
  readonly nodes: readonly LiveNode[];
  /** What each node's INFO said when it was last asked, in the simulation's addresses. */
  readonly infos: (Info | null)[];

  readonly #book: AddressBook;
  readonly #listener: LiveListener;
  readonly #streams: RandomStreams;
  readonly #directions: readonly (readonly LinkDirection[])[];
  readonly #proxies: readonly (readonly LinkProxy[])[];
  readonly #replStates: number[];
  /** What each node runs, or will once it is started. */
  readonly #profiles: Profile[];
  readonly #sockets = new Map<ConnectionId, { node: number; socket: Socket | null }>();
  /** When the command was sent that has no reply yet. */
  readonly #unanswered = new Map<ConnectionId, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #nextConnection = 0;
  #zero = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(setup: LiveSetup, listener: LiveListener) {
    const { simulation, book, proxies, servers, directory } = setup;
    this.#book = book;
    this.#listener = listener;
    this.#streams = new RandomStreams(simulation.seed);
    this.nodeNames = simulation.nodes.map(({ name }) => name);
    this.infos = simulation.nodes.map(() => null);
    this.#profiles = simulation.nodes.map(({ profile }) => profile);
    this.#replStates = simulation.nodes.map((node) =>
      node.replicaof === null ? REPL_STATE_NONE : REPL_STATE_CONNECT,
    );
    this.#directions = simulation.nodes.map((_, from) =>
      simulation.nodes.map((_, to) => new LinkDirection(simulation.link(from, to))),
    );
    this.#proxies = proxies.map((row, from) =>
      row.map(
        (port, to) =>
          new LinkProxy(port, book.port(to), this.#direction(from, to), this.#direction(to, from)),
      ),
    );
    this.nodes = simulation.nodes.map((node, i) => {
      const settings = {
        profile: node.profile.name,
        port: book.port(i),
        directory: join(directory, node.name),
        masterPort: this.#masterPort(i, node.replicaof),
        config: node.config,
      };
      return new LiveNode(servers, settings, {
        line: (line) => this.#logged(i, line),
        changed: () => this.#changed(i),
      });
    });
  }

  /* Time */

  /** Time 0 is at this reading of `performance.now`. */
  begin(zero: number): void {
    this.#zero = zero;
  }

  get now(): number {
    return Math.floor((performance.now() - this.#zero) * 1000);
  }

  /** The driver asks only whether all that was caused at this moment has happened. */
  get scheduler(): Scheduler {
    const since = performance.now() - SETTLE_MS;
    let nextTime = Number.POSITIVE_INFINITY;
    for (const sent of this.#unanswered.values()) if (sent > since) nextTime = Number.NEGATIVE_INFINITY;
    return { nextTime } as unknown as Scheduler;
  }

  step(): boolean {
    return false;
  }

  schedule(time: number): void {
    if (this.#stopped) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#listener.timer();
      },
      Math.max(0, (time - this.now) / 1000),
    );
    this.#timers.add(timer);
  }

  random(name: string): { next(): number; integer(below: number): number } {
    return this.#streams.stream(name);
  }

  traceHash(): string {
    return '';
  }

  /* Looking */

  server(node: number): RedisServer | null {
    const { state } = this.nodes[node]!;
    if (state === 'down' || state === 'starting') return null;
    return { replState: this.#replStates[node]! } as unknown as RedisServer;
  }

  profile(node: number): Profile {
    return this.#profiles[node]!;
  }

  processState(node: number): ProcessState {
    const { state } = this.nodes[node]!;
    return state === 'starting' ? 'down' : state;
  }

  infoField(node: number, field: string): string | number | undefined {
    return this.infos[node]?.[field];
  }

  info(node: number): Info {
    return this.infos[node] ?? {};
  }

  digest(): string {
    return '';
  }

  /** Asks a node for INFO; null where it does not answer within so many milliseconds. */
  async askInfo(node: number, withinMs: number): Promise<Info | null> {
    const reply = await within(this.nodes[node]!.control().ask('INFO'), withinMs);
    if (reply === null || reply.kind !== 'bulk') return null;
    this.infos[node] = parseInfo(this.#book.text(reply.text!));
    return this.infos[node]!;
  }

  /** Asks a node for DEBUG DIGEST; null where it cannot say. */
  async askDigest(node: number, withinMs: number): Promise<string | null> {
    const reply = await within(this.nodes[node]!.control().ask('DEBUG', 'DIGEST'), withinMs);
    return reply !== null && reply.kind === 'simple' ? reply.text!.slice(1) : null;
  }

  nodeAt(ip: string, port: number): number | null {
    return this.#book.nodeAt(ip, port);
  }

  address(node: number): { ip: string; port: number } {
    return this.#book.simulated(node);
  }

  /* Clients beside the nodes */

  connect(node: number): ConnectionId {
    const id = this.#nextConnection++;
    const entry: { node: number; socket: Socket | null } = { node, socket: null };
    this.#sockets.set(id, entry);
    this.#busy(id);
    void this.nodes[node]!.whenUp().then((up) => {
      if (!this.#sockets.has(id)) return;
      if (up) this.#dial(id, entry);
      else setImmediate(() => this.#end(id, 'refused'));
    });
    return id;
  }

  send(connection: ConnectionId, bytes: Bytes): void {
    const entry = this.#sockets.get(connection);
    if (entry === undefined) return;
    this.#busy(connection);
    if (bytes instanceof Command) this.nodes[entry.node]!.noteCommand(bytes.argv);
    const real = bytes instanceof Command ? this.#book.command(entry.node, bytes) : bytes;
    entry.socket!.write(real.text(), 'latin1');
  }

  disconnect(connection: ConnectionId): void {
    const entry = this.#sockets.get(connection);
    this.#sockets.delete(connection);
    this.#unanswered.delete(connection);
    entry?.socket?.destroy();
  }

  #dial(id: ConnectionId, entry: { node: number; socket: Socket | null }): void {
    const socket = connect({ port: this.#book.port(entry.node), host: LOCALHOST, noDelay: true });
    entry.socket = socket;
    socket.setEncoding('latin1');
    let opened = false;
    socket.on('connect', () => {
      opened = true;
      if (this.#sockets.has(id)) this.#listener.connected(id);
    });
    socket.on('data', (text) => {
      this.#unanswered.delete(id);
      if (this.#sockets.has(id)) this.#listener.received(id, new Text(this.#book.reply(String(text))));
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#end(id, opened ? 'closed' : 'refused'));
  }

  #end(id: ConnectionId, how: 'closed' | 'refused'): void {
    this.#unanswered.delete(id);
    if (this.#sockets.delete(id)) this.#listener[how](id);
  }

  #busy(connection: ConnectionId): void {
    this.#unanswered.set(connection, performance.now());
  }

  /* Faults */

  partition(from: number, to: number): void {
    this.#direction(from, to).setCut(true);
    this.#lookAtProxies(from, to);
  }

  heal(from: number, to: number): boolean {
    const direction = this.#direction(from, to);
    if (!direction.cut) return false;
    direction.setCut(false);
    this.#lookAtProxies(from, to);
    return true;
  }

  reset(a: number, b: number): number {
    return this.#proxies[a]![b]!.reset() + this.#proxies[b]![a]!.reset();
  }

  setLink(from: number, to: number, settings: Partial<LinkSettings>): void {
    this.#direction(from, to).change(settings);
  }

  packets(): { sent: number; cut: number } {
    return { sent: 0, cut: 0 };
  }

  kill(node: number): boolean {
    if (this.nodes[node]!.state === 'down') return false;
    this.nodes[node]!.kill();
    return true;
  }

  poweroff(): boolean {
    throw new Error('no process can be made to lose its power');
  }

  start(node: number, changes: StartChanges): boolean {
    const live = this.nodes[node]!;
    if (live.state !== 'down') return false;
    const { config, replicaof, profile } = changes;
    if (config !== undefined || replicaof !== undefined || profile !== undefined) {
      const master = replicaof === undefined ? undefined : this.#masterPort(node, replicaof);
      live.configure(config ?? new Map(), master, profile?.name);
    }
    if (profile !== undefined) this.#profiles[node] = profile;
    live.start();
    return true;
  }

  wipe(node: number): void {
    this.nodes[node]!.wipe();
  }

  freeze(node: number): boolean {
    if (this.nodes[node]!.state !== 'up') return false;
    this.nodes[node]!.freeze();
    return true;
  }

  thaw(node: number): boolean {
    if (this.nodes[node]!.state !== 'frozen') return false;
    this.nodes[node]!.thaw();
    return true;
  }

  heldBack(): number {
    return 0;
  }

  failSaves(node: number, fails: boolean): void {
    this.nodes[node]!.failSaves(fails);
  }

  failedSaves(): number {
    return 0;
  }

  cost(): { forks: number; fullBytes: number; unreadable: number } {
    return { forks: 0, fullBytes: 0, unreadable: 0 };
  }

  /** Ends every process, connection and timer. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const connection of [...this.#sockets.keys()]) this.disconnect(connection);
    for (const row of this.#proxies) for (const proxy of row) proxy.stop();
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  #direction(from: number, to: number): LinkDirection {
    return this.#directions[from]![to]!;
  }

  #lookAtProxies(a: number, b: number): void {
    this.#proxies[a]![b]!.look();
    this.#proxies[b]![a]!.look();
  }

  #masterPort(node: number, master: string | null): number | null {
    if (master === null) return null;
    const index = this.nodeNames.indexOf(master);
    if (index === -1) return this.#book.portFor(node, '', 0);
    const { ip, port } = this.#book.simulated(index);
    return this.#book.portFor(node, ip, port);
  }

  #logged(node: number, line: LogLine): void {
    const message = this.#book.text(line.message);
    const state = replStateAfter(message, this.#profiles[node]!);
    if (state !== undefined) this.#replStates[node] = state;
    if (!this.#stopped) this.#listener.logged(node, { ...line, message });
  }

  #changed(node: number): void {
    if (this.#stopped) return;
    const { state } = this.nodes[node]!;
    const listens = state === 'up' || state === 'frozen';
    for (const row of this.#proxies) row[node]!.targetListens = listens;
    if (state === 'starting') this.infos[node] = null;
    this.#listener.processChanged(node);
  }
}

/** The value, or null after so many milliseconds. */
function within<T>(promise: Promise<T | null>, ms: number): Promise<T | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms);
    void promise.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
