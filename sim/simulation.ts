import { History } from './kernel/history.ts';
import { RandomStreams } from './kernel/random.ts';
import { Scheduler } from './kernel/scheduler.ts';
import { TraceHash } from './kernel/trace-hash.ts';
import { Machine, type MachineHost } from './machine.ts';
import { BESIDE, hostIp, NOWHERE } from './network/address.ts';
import { NETWORK_EVENT_KINDS, type NetworkUpcalls } from './network/core.ts';
import type { LinkSettings } from './network/link.ts';
import { Network } from './network/network.ts';
import type { ConnectionId, Observer } from './observer.ts';
import { type Input, ProcessLoop } from './process-loop.ts';
import type { Bytes } from './redis/bytes.ts';
import { populate } from './redis/db.ts';
import { infoField, infoFields } from './redis/info.ts';
import { datasetDigest } from './redis/keyspace.ts';
import type { PsyncDecision } from './redis/psync-decision.ts';
import { NO_TIME, REPL_STATE_CONNECTED, type RedisServer } from './redis/server.ts';
import type { RdbFile } from './redis/rdb-file.ts';
import type { Errno, Fd, LogLevel, SyncEnd } from './redis/system.ts';
import type { ProcessState, SimulatedWorld, SimulationSetup, StartChanges } from './simulated-world.ts';
import { SyncRecords } from './sync-records.ts';

/** Kinds of events; the network's come after them. */
const DRIVER_TIMER = 0;
const BOOT = 1;
const CRON = 2;
const RESUME = 3;
const CHILD = 4;
const SAVE_ENDS = 5;
const EXIT = 6;
const FIRST_NETWORK_KIND = 8;

const SECOND = 1_000_000;
/** 2026-01-01T00:00:00Z: what every wall clock reads at time 0, plus a fraction of a second. */
const EPOCH_SECONDS = 1_767_225_600;
/** DEBUG POPULATE's value size for `dataset`, and its prefix. */
const DATASET_VALUE_BYTES = 1000;
const DATASET_PREFIX = 'd';

/** Redis servers on machines, machines on a network, all on one scheduler: the simulated world. */
export class Simulation implements SimulatedWorld, MachineHost, NetworkUpcalls {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly nodeNames: readonly string[];
  readonly epochMicros: number;
  touched = -1;

  readonly #streams: RandomStreams;
  readonly #trace = new TraceHash();
  readonly #observer: Observer;
  readonly #setup: SimulationSetup;
  readonly #machines: Machine[];
  readonly #loops: ProcessLoop[];
  readonly #records: SyncRecords;
  readonly #cost = { forks: 0, fullBytes: 0, unreadable: 0 };
  /** The states each node's process went through, where the run is recorded. */
  readonly #histories: History<RedisServer>[][] | null;
  /** Since when each node's process cannot serve reads, or null. */
  readonly #unreadableSince: (number | null)[];

  constructor(setup: SimulationSetup, observer: Observer) {
    this.#setup = setup;
    this.#observer = observer;
    this.#streams = new RandomStreams(setup.seed);
    this.nodeNames = setup.nodes.map((node) => node.name);
    this.epochMicros = EPOCH_SECONDS * SECOND + this.#streams.stream('clock').integer(SECOND);
    const boots = this.#bootTimes();
    this.scheduler = new Scheduler(Math.min(0, ...boots));
    this.network = new Network(
      this.scheduler,
      this.#streams,
      setup.link,
      this,
      FIRST_NETWORK_KIND,
      this.nodeNames,
    );
    this.#machines = setup.nodes.map(
      (node, i) => new Machine(i, node, this, this.#streams.stream(`node/${node.name}`)),
    );
    this.#loops = this.#machines.map((machine) => new ProcessLoop(machine, this.network));
    this.#unreadableSince = setup.nodes.map(() => null);
    this.#records = new SyncRecords(this, observer);
    this.#histories = setup.record ? setup.nodes.map(() => []) : null;
    for (const [i, time] of boots.entries()) this.scheduler.schedule(time, BOOT, i, 0);
  }

  /** Masters start in the second-last second before time 0, replicas in the last, each group in the file's order. */
  #bootTimes(): number[] {
    const { nodes } = this.#setup;
    const times = nodes.map(() => 0);
    for (const [begin, isReplica] of [
      [-2 * SECOND, false],
      [-SECOND, true],
    ] as const) {
      const group = nodes.map((_, i) => i).filter((i) => (nodes[i]!.replicaof !== null) === isReplica);
      group.forEach((i, slot) => {
        const draw = this.#streams.stream(`boot/${nodes[i]!.name}`).next();
        times[i] = nodes[i]!.boot ?? begin + Math.floor(((slot + draw) * SECOND) / group.length);
      });
    }
    return times;
  }

  /* Running */

  get now(): number {
    return this.scheduler.now;
  }

  get events(): number {
    return this.scheduler.events;
  }

  step(until: number): boolean {
    const { scheduler } = this;
    if (!scheduler.next(until)) return false;
    this.touched = -1;
    this.#trace.mix(scheduler.now);
    this.#trace.mix(scheduler.kind);
    this.#trace.mix(scheduler.a);
    this.#dispatch(scheduler.kind, scheduler.a, scheduler.b);
    if (this.touched >= 0) this.#afterEvent(this.touched);
    return true;
  }

  #dispatch(kind: number, a: number, b: number): void {
    if (kind >= FIRST_NETWORK_KIND && kind < FIRST_NETWORK_KIND + NETWORK_EVENT_KINDS) {
      this.network.handle(kind, a, b);
      return;
    }
    if (kind === DRIVER_TIMER) {
      this.#observer.timer(a);
      return;
    }
    const machine = this.#machines[a]!;
    if (kind === BOOT) {
      this.#boot(machine, true);
    } else if (kind === SAVE_ENDS) {
      machine.saveEnded(b);
    } else if (b !== machine.incarnation || machine.redis === null) {
      return;
    } else if (kind === CRON) {
      this.#input(machine, 'timer', 0);
    } else if (kind === RESUME) {
      this.touched = a;
      this.#change(machine, () => this.#loops[a]!.resume());
    } else if (kind === CHILD) {
      this.touched = a;
      this.#change(machine, () => this.#loops[a]!.child());
    } else if (kind === EXIT) {
      this.#endProcess(machine);
    }
  }

  /** Hands an input to a node's process, which may have to wait for it. */
  #input(machine: Machine, input: Input, fd: Fd): void {
    this.touched = machine.index;
    const loop = this.#loops[machine.index]!;
    if (this.#histories === null) loop.input(input, fd);
    else this.#change(machine, () => loop.input(input, fd));
  }

  /** Runs what changes a process's state, on the state itself or on a draft of it. */
  #change(machine: Machine, run: () => void): void {
    const redis = machine.redis!;
    const history = this.#histories?.[machine.index]!.at(-1);
    if (history === undefined) {
      run();
      return;
    }
    redis.server = history.record(this.events, this.now, (draft) => {
      redis.server = draft;
      run();
    });
  }

  /** What follows from what the process did: its timer, the end of its block, what it costs. */
  #afterEvent(node: number): void {
    const machine = this.#machines[node]!;
    const { redis } = machine;
    this.#trackUnreadable(node, redis?.server ?? null);
    if (redis === null) return;
    const { server } = redis;
    this.#trace.mix(server.masterReplOffset);
    this.#trace.mix(server.replState);
    const loop = this.#loops[node]!;
    if (loop.nextCron !== NO_TIME) {
      this.scheduler.schedule(loop.nextCron, CRON, node, machine.incarnation);
      loop.nextCron = NO_TIME;
    }
    if (server.blockedUntil !== NO_TIME && loop.resumeAt !== server.blockedUntil) {
      loop.resumeAt = server.blockedUntil;
      this.scheduler.schedule(Math.max(server.blockedUntil, this.now), RESUME, node, machine.incarnation);
    }
  }

  #trackUnreadable(node: number, server: RedisServer | null): void {
    const unreadable =
      server !== null &&
      (server.loading ||
        (server.masterhost !== null && server.replState !== REPL_STATE_CONNECTED && !server.replServeStaleData));
    const since = this.#unreadableSince[node] ?? null;
    if (unreadable === (since !== null)) return;
    if (since !== null) this.#cost.unreadable += Math.max(this.now, 0) - since;
    this.#unreadableSince[node] = unreadable ? Math.max(this.now, 0) : null;
  }

  schedule(time: number, token: number): void {
    this.scheduler.schedule(Math.max(time, this.now), DRIVER_TIMER, token, 0);
  }

  random(name: string): { next(): number; integer(below: number): number } {
    return this.#streams.stream(name);
  }

  traceHash(): string {
    return this.#trace.digest();
  }

  /* Looking */

  server(node: number): RedisServer | null {
    return this.#machines[node]!.redis?.server ?? null;
  }

  processState(node: number): ProcessState {
    const machine = this.#machines[node]!;
    if (machine.redis === null) return 'down';
    return machine.frozen ? 'frozen' : 'up';
  }

  /** The states of each process that ran on a node, in order; empty unless the run is recorded. */
  histories(node: number): readonly History<RedisServer>[] {
    return this.#histories?.[node] ?? [];
  }

  infoField(node: number, field: string): string | number | undefined {
    const { redis } = this.#machines[node]!;
    return redis === null ? undefined : infoField(redis, field);
  }

  info(node: number): Record<string, string | number> {
    const { redis } = this.#machines[node]!;
    return redis === null ? {} : infoFields(redis);
  }

  digest(node: number): string {
    const { redis } = this.#machines[node]!;
    return redis === null ? '' : datasetDigest(redis.server.dbs);
  }

  nodeAt(ip: string, port: number): number | null {
    const node = this.#machines.findIndex((machine) => hostIp(machine.index) === ip && machine.port === port);
    return node === -1 ? null : node;
  }

  address(node: number): { ip: string; port: number } {
    return { ip: hostIp(node), port: this.#machines[node]!.port };
  }

  addressOf(name: string): { ip: string; port: number } {
    const node = this.nodeNames.indexOf(name);
    return node === -1 ? NOWHERE : this.address(node);
  }

  cost(): { forks: number; fullBytes: number; unreadable: number } {
    let open = 0;
    for (const since of this.#unreadableSince) if (since !== null) open += Math.max(this.now - since, 0);
    return { ...this.#cost, unreadable: this.#cost.unreadable + open };
  }

  /* Clients beside the nodes */

  connect(node: number): ConnectionId {
    return this.network.connectLocal(node, this.#machines[node]!.port);
  }

  send(connection: ConnectionId, bytes: Bytes): void {
    this.network.write(connection, bytes);
  }

  disconnect(connection: ConnectionId): void {
    this.network.close(connection);
  }

  /* Faults */

  partition(from: number, to: number): void {
    this.network.partition(from, to);
  }

  heal(from: number, to: number): boolean {
    return this.network.heal(from, to);
  }

  reset(a: number, b: number): number {
    return this.network.reset(a, b);
  }

  setLink(from: number, to: number, settings: Partial<LinkSettings>): void {
    this.network.setLink(from, to, settings);
  }

  packets(from: number, to: number): { sent: number; cut: number } {
    return this.network.packets(from, to);
  }

  kill(node: number): boolean {
    const machine = this.#machines[node]!;
    if (machine.redis === null) return false;
    this.#endProcess(machine);
    return true;
  }

  poweroff(node: number): boolean {
    const machine = this.#machines[node]!;
    if (!machine.powered || machine.redis === null) return false;
    machine.powered = false;
    machine.loseChildren();
    this.network.powerOff(node);
    this.#forgetProcess(machine);
    return true;
  }

  start(node: number, changes: StartChanges): boolean {
    const machine = this.#machines[node]!;
    if (machine.redis !== null) return false;
    machine.configure(changes);
    this.#boot(machine, false);
    return true;
  }

  wipe(node: number): void {
    this.#machines[node]!.wipe();
  }

  freeze(node: number): boolean {
    const machine = this.#machines[node]!;
    if (machine.redis === null || machine.frozen) return false;
    machine.frozen = true;
    this.#observer.processChanged(node);
    return true;
  }

  thaw(node: number): boolean {
    const machine = this.#machines[node]!;
    if (machine.redis === null || !machine.frozen) return false;
    machine.frozen = false;
    this.scheduler.schedule(this.now, RESUME, node, machine.incarnation);
    this.#observer.processChanged(node);
    return true;
  }

  heldBack(node: number): number {
    return this.#machines[node]!.heldBack;
  }

  failSaves(node: number, fails: boolean): void {
    this.#machines[node]!.savesFail = fails;
  }

  failedSaves(node: number): number {
    return this.#machines[node]!.failedSaves;
  }

  /* Processes */

  #boot(machine: Machine, first: boolean): void {
    if (!machine.powered) {
      machine.powered = true;
      this.network.powerOn(machine.index);
    }
    const node = machine.index;
    this.touched = node;
    this.network.listen(node, machine.port);
    const redis = machine.start();
    this.#loops[node]!.begin();
    const { dataset } = this.#setup.nodes[node]!;
    if (first && dataset > 0) {
      populate(redis, 0, Math.floor(dataset / DATASET_VALUE_BYTES), DATASET_PREFIX, DATASET_VALUE_BYTES);
    }
    this.#histories?.[node]!.push(new History(redis.server));
    this.#observer.processChanged(node);
    this.#afterEvent(node);
  }

  #endProcess(machine: Machine): void {
    this.touched = machine.index;
    this.network.closeAll(machine.index);
    this.#forgetProcess(machine);
  }

  #forgetProcess(machine: Machine): void {
    this.#records.processEnded(machine.index);
    this.#trackUnreadable(machine.index, null);
    machine.redis = null;
    machine.incarnation++;
    machine.frozen = false;
    this.#observer.processChanged(machine.index);
  }

  exiting(node: number): void {
    const machine = this.#machines[node]!;
    const at = Math.max(this.now, machine.redis?.server.blockedUntil ?? 0);
    this.scheduler.schedule(at, EXIT, node, machine.incarnation);
  }

  wakeChild(node: number, time: number): void {
    this.scheduler.schedule(time, CHILD, node, this.#machines[node]!.incarnation);
  }

  saveEnds(node: number, time: number, pid: number): void {
    this.scheduler.schedule(time, SAVE_ENDS, node, pid);
  }

  /* What processes say */

  snapshotTaken(node: number, file: RdbFile): void {
    this.#observer.snapshotTaken?.(node, file);
  }

  snapshotRead(node: number, file: RdbFile): void {
    this.#observer.snapshotRead?.(node, file);
  }

  logged(node: number, level: LogLevel, message: string): void {
    if (level === 'notice' || level === 'warning') this.#trace.mixText(message);
    this.#observer.logged(node, level, message);
  }

  decided(node: number, fd: Fd, decision: PsyncDecision): void {
    this.#records.decided(node, fd, decision);
  }

  syncEnded(_node: number, fd: Fd, end: SyncEnd, rdbBytes: number): void {
    this.#records.syncEnded(fd, end, rdbBytes);
  }

  connecting(node: number, fd: Fd): void {
    this.#records.connecting(node, fd);
  }

  attemptEnded(_node: number, fd: Fd, ended: string): void {
    this.#records.attemptEnded(fd, ended);
  }

  propagated(node: number, command: Bytes, replid: string, offset: number): void {
    this.#observer.propagated(node, command, replid, offset);
  }

  rdbSent(bytes: number): void {
    this.#cost.fullBytes += bytes;
  }

  forked(): void {
    this.#cost.forks++;
  }

  /* What the network says */

  accepted(host: number, fd: Fd): void {
    this.#socketInput(host, 'accept', fd);
  }

  connected(host: number, fd: Fd): void {
    if (host === BESIDE) this.#observer.connected(fd);
    else this.#socketInput(host, 'writable', fd);
  }

  connectFailed(host: number, fd: Fd, _errno: Errno): void {
    if (host === BESIDE) {
      this.network.close(fd);
      this.#observer.refused(fd);
    } else this.#socketInput(host, 'writable', fd);
  }

  readable(host: number, fd: Fd): void {
    if (host === BESIDE) this.#clientReads(fd);
    else this.#socketInput(host, 'readable', fd);
  }

  writable(host: number, fd: Fd): void {
    if (host !== BESIDE) this.#socketInput(host, 'writable', fd);
  }

  #socketInput(host: number, input: Input, fd: Fd): void {
    const machine = this.#machines[host]!;
    if (machine.redis !== null) this.#input(machine, input, fd);
  }

  #clientReads(fd: ConnectionId): void {
    while (true) {
      const got = this.network.read(fd, Number.MAX_SAFE_INTEGER);
      if (got === 'EAGAIN') return;
      if (typeof got === 'string') {
        this.network.close(fd);
        this.#observer.closed(fd);
        return;
      }
      this.#trace.mix(got.length);
      this.#observer.received(fd, got as Bytes);
    }
  }
}

