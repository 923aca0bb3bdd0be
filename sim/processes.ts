import { History } from './kernel/history.ts';
import type { RandomStreams } from './kernel/random.ts';
import type { Scheduler } from './kernel/scheduler.ts';
import type { TraceHash } from './kernel/trace-hash.ts';
import { Machine, type MachineHost } from './machine.ts';
import { hostIp, NOWHERE } from './network/address.ts';
import type { Network } from './network/network.ts';
import type { Observer } from './observer.ts';
import { type Input, ProcessLoop } from './process-loop.ts';
import { crash } from './redis/crash.ts';
import { populate } from './redis/data/db.ts';
import type { Bytes } from './redis/networking/bytes.ts';
import type { RdbFile } from './redis/rdb/rdb-file.ts';
import type { PsyncDecision } from './redis/replication/psync-decision.ts';
import { RULES } from './redis/replication/rules.ts';
import { NO_TIME, type RedisServer } from './redis/server.ts';
import type { Fd, LogLevel, SyncEnd } from './redis/system.ts';
import { RunCost } from './run-cost.ts';
import type { SimulationSetup, StartChanges } from './simulated-world.ts';
import { SyncRecords } from './sync-records.ts';

/** Kinds of events of the processes. */
const BOOT = 1;
const CRON = 2;
const RESUME = 3;
const CHILD = 4;
const SAVE_ENDS = 5;
const EXIT = 6;

const SECOND = 1_000_000;
/** 2026-01-01T00:00:00Z: what every wall clock reads at time 0, plus a fraction of a second. */
const EPOCH_SECONDS = 1_767_225_600;
/** DEBUG POPULATE's value size for `dataset`, and its prefix. */
const DATASET_VALUE_BYTES = 1000;
const DATASET_PREFIX = 'd';

/**
 * The Redis processes of a run, each on its machine with its event loop: what starts them, wakes them up and
 * ends them, and what they say.
 */
export class Processes implements MachineHost {
  readonly machines: readonly Machine[];
  readonly epochMicros: number;
  readonly network: Network;
  readonly cost: RunCost;
  /** The node whose process the event being handled touched, or -1. */
  touched = -1;

  readonly #scheduler: Scheduler;
  readonly #trace: TraceHash;
  readonly #observer: Observer;
  readonly #setup: SimulationSetup;
  readonly #loops: readonly ProcessLoop[];
  readonly #records: SyncRecords;
  /** The states each node's process went through, where the run is recorded. */
  readonly #histories: History<RedisServer>[][] | null;

  constructor(
    setup: SimulationSetup,
    observer: Observer,
    scheduler: Scheduler,
    network: Network,
    streams: RandomStreams,
    trace: TraceHash,
  ) {
    this.#setup = setup;
    this.#observer = observer;
    this.#scheduler = scheduler;
    this.#trace = trace;
    this.network = network;
    this.epochMicros = EPOCH_SECONDS * SECOND + streams.stream('clock').integer(SECOND);
    this.machines = setup.nodes.map(
      (node, i) => new Machine(i, node, this, streams.stream(`node/${node.name}`)),
    );
    this.#loops = this.machines.map((machine) => new ProcessLoop(machine, network));
    this.cost = new RunCost(setup.nodes.length);
    this.#records = new SyncRecords(this, observer);
    this.#histories = setup.record ? setup.nodes.map(() => []) : null;
  }

  /** Puts the first start of every process on the schedule, at these times. */
  schedule(boots: readonly number[]): void {
    for (const [node, time] of boots.entries()) this.#scheduler.schedule(time, BOOT, node, 0);
  }

  get now(): number {
    return this.#scheduler.now;
  }

  /* Events */

  /** Handles an event of the processes' own: `a` is the node, `b` the incarnation it is meant for. */
  handle(kind: number, a: number, b: number): void {
    const machine = this.machines[a]!;
    if (kind === BOOT) {
      this.#boot(machine, true);
    } else if (kind === SAVE_ENDS) {
      machine.saveEnded(b);
    } else if (b !== machine.incarnation || machine.redis === null) {
      return;
    } else if (kind === CRON) {
      this.input(a, 'timer', 0);
    } else if (kind === RESUME) {
      this.touched = a;
      this.#change(machine, () => this.#loops[a]!.resume());
    } else if (kind === CHILD) {
      this.touched = a;
      this.#change(machine, () => this.#loops[a]!.child());
    } else if (kind === EXIT) {
      this.#end(machine);
    }
  }

  /** Hands an input to a node's process, which may have to wait for it; lost where none runs. */
  input(node: number, input: Input, fd: Fd): void {
    const machine = this.machines[node]!;
    if (machine.redis === null) return;
    this.touched = node;
    const loop = this.#loops[node]!;
    if (this.#histories === null && machine.redis.rules === RULES) loop.input(input, fd);
    else this.#change(machine, () => loop.input(input, fd));
  }

  /** Runs what changes a process's state, on the state itself or on a draft of it. */
  #change(machine: Machine, run: () => void): void {
    const redis = machine.redis!;
    const history = this.#histories?.[machine.index]?.at(-1);
    if (history === undefined) {
      this.#survive(machine, run);
      return;
    }
    redis.server = history.record(this.#scheduler.events, this.now, (draft) => {
      redis.server = draft;
      this.#survive(machine, run);
    });
  }

  /** A server that is sound never crashes: an error of its code is one of ours. One with a broken rule may. */
  #survive(machine: Machine, run: () => void): void {
    const redis = machine.redis!;
    if (redis.rules === RULES) {
      run();
      return;
    }
    try {
      run();
    } catch (error) {
      const message = crash(redis, error);
      if (message === null) throw error;
      this.#observer.crashed?.(machine.index, message);
    }
  }

  /** What follows from what a process did in this event: its timer, the end of its block, what it costs. */
  afterEvent(node: number): void {
    const machine = this.machines[node]!;
    const { redis } = machine;
    this.cost.look(node, redis?.server ?? null, this.now);
    if (redis === null) return;
    const { server } = redis;
    this.#trace.mix(server.masterReplOffset);
    this.#trace.mix(server.replState);
    const loop = this.#loops[node]!;
    if (loop.nextCron !== NO_TIME) {
      this.#scheduler.schedule(loop.nextCron, CRON, node, machine.incarnation);
      loop.nextCron = NO_TIME;
    }
    if (server.blockedUntil !== NO_TIME && loop.resumeAt !== server.blockedUntil) {
      loop.resumeAt = server.blockedUntil;
      this.#scheduler.schedule(Math.max(server.blockedUntil, this.now), RESUME, node, machine.incarnation);
    }
  }

  /** The states of each process that ran on a node, in order; empty unless the run is recorded. */
  histories(node: number): readonly History<RedisServer>[] {
    return this.#histories?.[node] ?? [];
  }

  /* Fate: each returns whether it changed anything. */

  /** Starts a node's process with its configuration file, changed before. */
  start(node: number, changes: StartChanges): boolean {
    const machine = this.machines[node]!;
    if (machine.redis !== null) return false;
    machine.configure(changes);
    this.#boot(machine, false);
    return true;
  }

  /** The process dies; its kernel closes its sockets. */
  kill(node: number): boolean {
    const machine = this.machines[node]!;
    if (machine.redis === null) return false;
    this.#end(machine);
    return true;
  }

  /** The machine dies, and nobody is told. */
  poweroff(node: number): boolean {
    const machine = this.machines[node]!;
    if (!machine.powered || machine.redis === null) return false;
    machine.powered = false;
    machine.loseChildren();
    this.network.powerOff(node);
    this.#forget(machine);
    return true;
  }

  /** The process is stopped; its kernel goes on. */
  freeze(node: number): boolean {
    const machine = this.machines[node]!;
    if (machine.redis === null || machine.frozen) return false;
    machine.frozen = true;
    this.#observer.processChanged(node);
    return true;
  }

  thaw(node: number): boolean {
    const machine = this.machines[node]!;
    if (machine.redis === null || !machine.frozen) return false;
    machine.frozen = false;
    this.#scheduler.schedule(this.now, RESUME, node, machine.incarnation);
    this.#observer.processChanged(node);
    return true;
  }

  #boot(machine: Machine, isFirst: boolean): void {
    const node = machine.index;
    if (!machine.powered) {
      machine.powered = true;
      this.network.powerOn(node);
    }
    this.touched = node;
    this.network.listen(node, machine.port);
    const redis = machine.start();
    this.#loops[node]!.begin();
    const { dataset } = this.#setup.nodes[node]!;
    if (isFirst && dataset > 0) {
      populate(redis, 0, Math.floor(dataset / DATASET_VALUE_BYTES), DATASET_PREFIX, DATASET_VALUE_BYTES);
    }
    this.#histories?.[node]?.push(new History(redis.server));
    this.#observer.processChanged(node);
    this.afterEvent(node);
  }

  #end(machine: Machine): void {
    this.touched = machine.index;
    this.network.closeAll(machine.index);
    this.#forget(machine);
  }

  #forget(machine: Machine): void {
    this.#records.processEnded(machine.index);
    machine.keepAof();
    this.cost.look(machine.index, null, this.now);
    machine.redis = null;
    machine.incarnation++;
    machine.frozen = false;
    this.#observer.processChanged(machine.index);
  }

  /* What the machines ask and say */

  addressOf(name: string): { ip: string; port: number } {
    const machine = this.machines.find((candidate) => candidate.name === name);
    return machine === undefined ? NOWHERE : { ip: hostIp(machine.index), port: machine.port };
  }

  nodeAt(ip: string, port: number): number | null {
    const machine = this.machines.find(({ index, port: own }) => hostIp(index) === ip && own === port);
    return machine?.index ?? null;
  }

  exiting(node: number): void {
    const machine = this.machines[node]!;
    const at = Math.max(this.now, machine.redis?.server.blockedUntil ?? NO_TIME);
    this.#scheduler.schedule(at, EXIT, node, machine.incarnation);
  }

  wakeChild(node: number, time: number): void {
    this.#scheduler.schedule(time, CHILD, node, this.machines[node]!.incarnation);
  }

  saveEnds(node: number, time: number, pid: number): void {
    this.#scheduler.schedule(time, SAVE_ENDS, node, pid);
  }

  forked(): void {
    this.cost.forks++;
  }

  rdbSent(bytes: number): void {
    this.cost.fullBytes += bytes;
  }

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
}
