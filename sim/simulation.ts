import { bootTimes } from './boot-times.ts';
import type { History } from './kernel/history.ts';
import { RandomStreams } from './kernel/random.ts';
import { Scheduler } from './kernel/scheduler.ts';
import { TraceHash } from './kernel/trace-hash.ts';
import { BESIDE, hostIp } from './network/address.ts';
import { NETWORK_EVENT_KINDS, type NetworkUpcalls, type SegmentTap } from './network/core.ts';
import type { LinkSettings } from './network/link.ts';
import { Network } from './network/network.ts';
import type { ConnectionId, Observer } from './observer.ts';
import { Processes } from './processes.ts';
import { datasetDigest } from './redis/data/keyspace.ts';
import { infoField, infoFields } from './redis/info.ts';
import type { Bytes } from './redis/networking/bytes.ts';
import type { Profile } from './redis/profile.ts';
import type { RedisServer } from './redis/server.ts';
import type { Errno, Fd } from './redis/system.ts';
import type { ProcessState, SimulatedWorld, SimulationSetup, StartChanges } from './simulated-world.ts';

/** Kinds of events: the driver's timers, then those of the processes, then the network's. */
const DRIVER_TIMER = 0;
const FIRST_NETWORK_KIND = 8;

/** Redis processes on machines, machines on a network, all on one scheduler: the simulated world. */
export class Simulation implements SimulatedWorld, NetworkUpcalls {
  readonly scheduler: Scheduler;
  readonly nodeNames: readonly string[];
  readonly #streams: RandomStreams;
  readonly #network: Network;
  readonly #processes: Processes;
  readonly #observer: Observer;
  readonly #trace = new TraceHash();
  /** What clients have to say and their kernels did not take yet: commands longer than a send buffer. */
  readonly #unsent = new Map<ConnectionId, Bytes[]>();

  constructor(setup: SimulationSetup, observer: Observer) {
    this.#observer = observer;
    this.#streams = new RandomStreams(setup.seed);
    this.nodeNames = setup.nodes.map((node) => node.name);
    const boots = bootTimes(setup.nodes, this.#streams);
    this.scheduler = new Scheduler(Math.min(0, ...boots));
    this.#network = new Network(
      this.scheduler,
      this.#streams,
      setup.link,
      this,
      FIRST_NETWORK_KIND,
      this.nodeNames,
    );
    this.#processes = new Processes(
      setup,
      observer,
      this.scheduler,
      this.#network,
      this.#streams,
      this.#trace,
    );
    this.#processes.schedule(boots);
  }

  /* Running */

  get now(): number {
    return this.scheduler.now;
  }

  get events(): number {
    return this.scheduler.events;
  }

  get touched(): number {
    return this.#processes.touched;
  }

  step(until: number): boolean {
    const { scheduler } = this;
    const processes = this.#processes;
    if (!scheduler.next(until)) return false;
    const { kind, a, b } = scheduler;
    processes.touched = -1;
    this.#trace.mix(scheduler.now);
    this.#trace.mix(kind);
    this.#trace.mix(a);
    if (kind >= FIRST_NETWORK_KIND && kind < FIRST_NETWORK_KIND + NETWORK_EVENT_KINDS) {
      this.#network.handle(kind, a, b);
    } else if (kind === DRIVER_TIMER) {
      this.#observer.timer(a);
    } else {
      processes.handle(kind, a, b);
    }
    if (processes.touched >= 0) processes.afterEvent(processes.touched);
    return true;
  }

  schedule(time: number, token: number): void {
    this.scheduler.schedule(Math.max(time, this.now), DRIVER_TIMER, token, 0);
  }

  random(name: string): { next(): number; integer(below: number): number } {
    return this.#streams.stream(name);
  }

  /** From now on all chance comes from another seed: one of the futures that this moment has. */
  branch(seed: string): void {
    this.#streams.branch(seed);
  }

  traceHash(): string {
    return this.#trace.digest();
  }

  /* Looking */

  server(node: number): RedisServer | null {
    return this.#processes.machines[node]!.redis?.server ?? null;
  }

  profile(node: number): Profile {
    return this.#processes.machines[node]!.profile;
  }

  processState(node: number): ProcessState {
    const machine = this.#processes.machines[node]!;
    if (machine.redis === null) return 'down';
    return machine.frozen ? 'frozen' : 'up';
  }

  /** The states of each process that ran on a node, in order; empty unless the run is recorded. */
  histories(node: number): readonly History<RedisServer>[] {
    return this.#processes.histories(node);
  }

  /** Lets somebody see every segment on the network from now on; it changes nothing of what happens. */
  watchSegments(tap: SegmentTap): void {
    this.#network.watch(tap);
  }

  infoField(node: number, field: string): string | number | undefined {
    const { redis } = this.#processes.machines[node]!;
    return redis === null ? undefined : infoField(redis, field);
  }

  info(node: number): Record<string, string | number> {
    const { redis } = this.#processes.machines[node]!;
    return redis === null ? {} : infoFields(redis);
  }

  digest(node: number): string {
    const { redis } = this.#processes.machines[node]!;
    return redis === null ? '' : datasetDigest(redis.server.dbs);
  }

  nodeAt(ip: string, port: number): number | null {
    return this.#processes.nodeAt(ip, port);
  }

  address(node: number): { ip: string; port: number } {
    return { ip: hostIp(node), port: this.#processes.machines[node]!.port };
  }

  cost(): { forks: number; fullBytes: number; unreadable: number } {
    const { cost } = this.#processes;
    return { forks: cost.forks, fullBytes: cost.fullBytes, unreadable: cost.unreadable(this.now) };
  }

  /* Clients beside the nodes */

  connect(node: number): ConnectionId {
    return this.#network.connectLocal(node, this.#processes.machines[node]!.port);
  }

  send(connection: ConnectionId, bytes: Bytes): void {
    const waiting = this.#unsent.get(connection);
    if (waiting === undefined) this.#clientWrites(connection, [bytes]);
    else waiting.push(bytes);
  }

  disconnect(connection: ConnectionId): void {
    this.#unsent.delete(connection);
    this.#network.close(connection);
  }

  /* Faults */

  partition(from: number, to: number): void {
    this.#network.partition(from, to);
  }

  heal(from: number, to: number): boolean {
    return this.#network.heal(from, to);
  }

  reset(a: number, b: number): number {
    return this.#network.reset(a, b);
  }

  setLink(from: number, to: number, settings: Partial<LinkSettings>): void {
    this.#network.setLink(from, to, settings);
  }

  packets(from: number, to: number): { sent: number; cut: number } {
    return this.#network.packets(from, to);
  }

  kill(node: number): boolean {
    return this.#processes.kill(node);
  }

  poweroff(node: number): boolean {
    return this.#processes.poweroff(node);
  }

  start(node: number, changes: StartChanges): boolean {
    return this.#processes.start(node, changes);
  }

  wipe(node: number): void {
    this.#processes.machines[node]!.wipe();
  }

  freeze(node: number): boolean {
    return this.#processes.freeze(node);
  }

  thaw(node: number): boolean {
    return this.#processes.thaw(node);
  }

  heldBack(node: number): number {
    return this.#processes.machines[node]!.heldBack;
  }

  failSaves(node: number, fails: boolean): void {
    this.#processes.machines[node]!.savesFail = fails;
  }

  failedSaves(node: number): number {
    return this.#processes.machines[node]!.failedSaves;
  }

  /* What the network says */

  accepted(host: number, fd: Fd): void {
    this.#processes.input(host, 'accept', fd);
  }

  connected(host: number, fd: Fd): void {
    if (host === BESIDE) this.#observer.connected(fd);
    else this.#processes.input(host, 'writable', fd);
  }

  connectFailed(host: number, fd: Fd, _errno: Errno): void {
    if (host === BESIDE) {
      this.#network.close(fd);
      this.#observer.refused(fd);
    } else this.#processes.input(host, 'writable', fd);
  }

  readable(host: number, fd: Fd): void {
    if (host === BESIDE) this.#clientReads(fd);
    else this.#processes.input(host, 'readable', fd);
  }

  writable(host: number, fd: Fd): void {
    if (host !== BESIDE) this.#processes.input(host, 'writable', fd);
    else this.#clientWrites(fd, this.#unsent.get(fd) ?? []);
  }

  /** Sends what a client has to say; what its kernel does not take now waits for room. */
  #clientWrites(fd: ConnectionId, bytes: Bytes[]): void {
    while (bytes.length > 0) {
      const [first] = bytes as [Bytes];
      const taken = this.#network.write(fd, first);
      // An error comes up once more when the client reads.
      if (typeof taken === 'string') bytes.length = 0;
      else if (taken === first.length) bytes.shift();
      else {
        bytes[0] = first.slice(taken, first.length);
        break;
      }
    }
    const waits = bytes.length > 0;
    if (waits === this.#unsent.has(fd)) return;
    if (waits) this.#unsent.set(fd, bytes);
    else this.#unsent.delete(fd);
    this.#network.watchWritable(fd, waits);
  }

  #clientReads(fd: ConnectionId): void {
    while (true) {
      const got = this.#network.read(fd, Number.MAX_SAFE_INTEGER);
      if (got === 'EAGAIN') return;
      if (typeof got === 'string') {
        this.disconnect(fd);
        this.#observer.closed(fd);
        return;
      }
      this.#trace.mix(got.length);
      this.#observer.received(fd, got as Bytes);
    }
  }
}
