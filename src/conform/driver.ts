import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulationSetup } from '../../sim/simulated-world.ts';
import { Actions } from '../run/actions.ts';
import { WORKLOAD_ORDER } from '../run/agenda.ts';
import { Faults } from '../run/faults.ts';
import { beginWorkload, makeScope } from '../run/make-scope.ts';
import type { RunScope } from '../run/scope.ts';
import { simulationSetup } from '../run/setup.ts';
import { toMs } from '../run/time.ts';
import { Sequence, type TimelineScope, timelineScope } from '../run/timeline.ts';
import type { Condition, Scenario, TimelineEntry } from '../scenario/scenario.ts';
import { AddressBook } from './address-book.ts';
import { leftovers } from './leftovers.ts';
import { LiveWorld } from './live-world.ts';
import { bootsInLogs, decisionsInLogs, type TimedLine } from './log-parser.ts';
import { END, type Moment, type NodeView, type Observation, snapshotName } from './observation.ts';
import { releasePorts, takePorts } from './ports.ts';
import type { Versions } from './recording.ts';
import type { LogLine } from './server-process.ts';
import type { Servers } from './servers.ts';

/** How long a server may take to answer what the program itself asks it. */
const ANSWER_MS = 1_000;
/** What a node that sleeps, or a client that is paused, answers later tells of another moment than the snapshot's. */
const SNAPSHOT_MS = 200;
const DIGEST_MS = 10_000;
const POPULATE_MS = 120_000;
const START_MS = 10_000;
/** How often the nodes that a `when` asks about are asked. */
const POLL_MS = 10;

const SECOND_MS = 1_000;

/** What a live run gave: what happened, and every server's log. */
export interface LiveOutcome {
  readonly observation: Observation;
  readonly logs: Readonly<Record<string, readonly TimedLine[]>>;
  /** The versions of Redis that each node ran, in order. */
  readonly versions: Versions;
}

/** The run was given up because somebody asked for it. */
export class LiveStopped extends Error {}

/**
 * Plays a scenario in real time on redis-server processes of its own, with the timeline's own code in a world
 * that is real. Everything started is stopped and removed, however it ends. Throws LiveStopped if `signal` says
 * so, and an Error where the servers cannot be started.
 */
export async function playLive(
  scenario: Scenario,
  servers: Servers,
  signal: AbortSignal,
): Promise<LiveOutcome> {
  const directory = await mkdtemp(join(tmpdir(), 'psynclab-conform-'));
  leftovers.addDirectory(directory);
  const count = scenario.nodes.length;
  const ports = await takePorts(count * (count + 1));
  let run: LiveRun | null = null;
  try {
    const proxies = scenario.nodes.map((_, from) => ports.slice(count * (from + 1), count * (from + 2)));
    const simulation = simulationSetup(scenario, scenario.seed, false);
    const simPorts = simulation.nodes.map(({ config }) => Number(config.get('port')?.at(-1) ?? 6379));
    const book = new AddressBook(simPorts, ports.slice(0, count), proxies);
    run = new LiveRun(scenario, simulation, signal, (listener) => {
      return new LiveWorld({ servers, directory, simulation, book, proxies }, listener);
    });
    return await run.play();
  } finally {
    await run?.stop();
    releasePorts(ports);
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    leftovers.removeDirectory(directory);
  }
}

/** One run of one scenario in real time. */
class LiveRun {
  readonly #scenario: Scenario;
  readonly #simulation: SimulationSetup;
  readonly #signal: AbortSignal;
  readonly #world: LiveWorld;
  readonly #scope: RunScope;
  readonly #actions: Actions;
  readonly #timeline: TimelineScope;
  readonly #changed = new Set<number>();
  readonly #lines: { readonly node: number; readonly line: LogLine }[] = [];
  readonly #moments: Promise<Moment>[] = [];
  #pumping = false;
  #playing = false;
  #poll: NodeJS.Timeout | null = null;

  constructor(
    scenario: Scenario,
    simulation: SimulationSetup,
    signal: AbortSignal,
    makeWorld: (listener: ConstructorParameters<typeof LiveWorld>[1]) => LiveWorld,
  ) {
    this.#scenario = scenario;
    this.#simulation = simulation;
    this.#signal = signal;
    this.#scope = makeScope(scenario, () => this.#world, false, true);
    const { hub, hand, logbook } = this.#scope;
    this.#actions = new Actions(this.#scope, new Faults(this.#scope, (node) => this.#look(node)));
    this.#timeline = timelineScope(this.#scope, this.#actions);
    const then = (act: () => void): void => {
      act();
      this.#pump();
    };
    this.#world = makeWorld({
      timer: () => then(() => hand.woke()),
      connected: (connection) => then(() => hub.connected(connection)),
      refused: (connection) => then(() => hub.refused(connection)),
      received: (connection, bytes) => then(() => hub.received(connection, bytes)),
      closed: (connection) => then(() => hub.closed(connection)),
      logged: (node, line) => {
        this.#lines.push({ node, line });
        if (logbook.line(node, line.message)) this.#look(node);
      },
      processChanged: (node) => this.#look(node),
    });
  }

  async play(): Promise<LiveOutcome> {
    const zero = await this.#boot();
    this.#world.begin(zero);
    this.#playing = true;
    const { hand } = this.#scope;
    const { scenario } = this.#scope;
    const last = Number.MAX_SAFE_INTEGER;
    for (const time of scenario.snapshots) {
      const act = (): void => void this.#moments.push(this.#moment(snapshotName(toMs(time)), time));
      hand.schedule({ time, order: last, act });
    }
    const ended = new Promise<void>((resolve) => {
      hand.schedule({ time: scenario.duration, order: last, act: resolve });
    });
    const sequence = new Sequence(this.#timeline, scenario.timeline, () => {});
    hand.schedule({ time: 0, order: -1, act: () => sequence.begin(0) });
    scenario.workload.forEach((spec, i) => {
      beginWorkload(this.#scope, spec, WORKLOAD_ORDER + i);
    });
    this.#pollConditions();
    this.#pump();
    await this.#unlessStopped(ended);
    this.#playing = false;
    const end = await this.#unlessStopped(this.#moment(END, scenario.duration));
    const moments = [...(await this.#unlessStopped(Promise.all(this.#moments))), end];
    return this.#outcome(zero, moments);
  }

  async stop(): Promise<void> {
    this.#playing = false;
    if (this.#poll !== null) clearInterval(this.#poll);
    await this.#world.stop();
  }

  /** Starts the processes in the two seconds before time 0, as the simulation does; gives time 0. */
  async #boot(): Promise<number> {
    const { nodes } = this.#simulation;
    const times = bootTimes(this.#simulation);
    let zero = performance.now() - Math.min(...times) + 50;
    const order = nodes.map((_, i) => i).sort((a, b) => times[a]! - times[b]!);
    const filled: Promise<void>[] = [];
    for (const i of order) {
      if (nodes[i]!.replicaof !== null) await this.#unlessStopped(Promise.all(filled));
      await this.#unlessStopped(sleep(zero + times[i]! - performance.now()));
      zero = Math.max(zero, performance.now() - times[i]!);
      if (nodes[i]!.dataset > 0) filled.push(this.#startFilled(i));
      else this.#world.nodes[i]!.start();
    }
    await this.#unlessStopped(Promise.all([...filled, ...nodes.map((_, i) => this.#up(i))]));
    return Math.max(zero, performance.now());
  }

  /** Starts a node and gives it its data before it can reach anybody. */
  async #startFilled(node: number): Promise<void> {
    const { dataset } = this.#simulation.nodes[node]!;
    const others = this.#scope.names.map((_, other) => other);
    for (const other of others) this.#world.partition(node, other);
    this.#world.nodes[node]!.start();
    await this.#up(node);
    const control = this.#world.nodes[node]!.control();
    const count = String(Math.floor(dataset / 1000));
    const reply = await withinMs(control.ask('DEBUG', 'POPULATE', count, 'd', '1000'), POPULATE_MS);
    if (reply?.text !== '+OK') {
      throw new Error(
        `${this.#scope.names[node]} could not be given its data: ${reply?.text ?? 'no answer'}`,
      );
    }
    for (const other of others) this.#world.heal(node, other);
  }

  async #up(node: number): Promise<void> {
    const isUp = await withinMs(this.#world.nodes[node]!.whenUp(), START_MS);
    if (isUp === true) return;
    const lines = this.#lines.filter((one) => one.node === node).map(({ line }) => line.message);
    const { words } = this.#world.nodes[node]!;
    const last = lines.at(-1) ?? 'it said nothing';
    throw new Error(`the server of ${this.#scope.names[node]} did not start: ${words === '' ? last : words}`);
  }

  /** Lets act what is due; what must wait for replies to what stands before it is looked at again soon. */
  #pump(): void {
    if (this.#pumping || !this.#playing) return;
    this.#pumping = true;
    const { hand, watches } = this.#scope;
    for (;;) {
      for (const node of [...this.#changed]) {
        this.#changed.delete(node);
        watches.touched(node);
      }
      if (!hand.due) break;
      hand.turn();
      if (hand.due && this.#changed.size === 0) {
        setTimeout(() => this.#pump(), 1);
        break;
      }
    }
    this.#pumping = false;
  }

  #look(node: number): void {
    this.#changed.add(node);
    this.#pump();
  }

  /** Asks the nodes that conditions are about, every few milliseconds. */
  #pollConditions(): void {
    const names = conditionNodes(this.#scenario.timeline);
    const nodes = [...names].map((name) => this.#scope.fields.node(name));
    if (nodes.length === 0) return;
    const asked = new Set<number>();
    this.#poll = setInterval(() => {
      for (const node of nodes) {
        if (asked.has(node) || this.#world.processState(node) !== 'up') continue;
        asked.add(node);
        void this.#world.askInfo(node, ANSWER_MS).then(() => {
          asked.delete(node);
          this.#look(node);
        });
      }
    }, POLL_MS);
  }

  async #moment(name: string, time: number): Promise<Moment> {
    const views = this.#scope.names.map(
      async (node, i): Promise<[string, NodeView]> => [node, await this.#view(i, name === END)],
    );
    return { name, at_ms: toMs(time), nodes: Object.fromEntries(await Promise.all(views)) };
  }

  async #view(node: number, isEnd: boolean): Promise<NodeView> {
    const state = this.#world.processState(node);
    if (state !== 'up') return { state };
    const [info, digest] = await Promise.all([
      this.#world.askInfo(node, SNAPSHOT_MS),
      isEnd ? this.#world.askDigest(node, DIGEST_MS) : null,
    ]);
    if (info !== null) return { state: 'up', info, digest };
    return { state: this.#world.processState(node) === 'down' ? 'down' : 'busy' };
  }

  #outcome(zero: number, moments: readonly Moment[]): LiveOutcome {
    const { names, records, failures } = this.#scope;
    for (const sequence of [...this.#timeline.running]) sequence.judge();
    const neverActed = failures.list.map(({ line }) => line);
    this.#actions.judge(true);
    const logs: Record<string, TimedLine[]> = Object.fromEntries(names.map((name) => [name, []]));
    const zeroEpoch = performance.timeOrigin + zero;
    for (const { node, line } of this.#lines) {
      logs[names[node]!]!.push({ ...line, at_ms: Math.round(line.at - zeroEpoch) });
    }
    const nodeAt = (address: string): string | null => {
      const [ip = '', port = ''] = address.split(':');
      const node = this.#world.nodeAt(ip, Number(port));
      return node === null ? null : names[node]!;
    };
    const { replies, tallies } = records;
    const skippedTicks = tallies.reduce((sum, { skipped }) => sum + skipped, 0);
    const decisions = decisionsInLogs(logs, nodeAt);
    const versions = Object.fromEntries(names.map((name, i) => [name, this.#world.nodes[i]!.versions]));
    return {
      observation: { decisions, replies, moments, neverActed, boots: bootsInLogs(logs), skippedTicks },
      logs,
      versions,
    };
  }

  #unlessStopped<T>(promise: Promise<T>): Promise<T> {
    const signal = this.#signal;
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(new LiveStopped());
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }
}

/** When processes start, in milliseconds: masters in the second-last second, replicas in the last. */
function bootTimes({ nodes }: SimulationSetup): number[] {
  const times = nodes.map(() => 0);
  for (const isReplica of [false, true]) {
    const group = nodes.map((_, i) => i).filter((i) => (nodes[i]!.replicaof !== null) === isReplica);
    const begin = isReplica ? -SECOND_MS : -2 * SECOND_MS;
    group.forEach((i, slot) => {
      const pinned = nodes[i]!.boot;
      times[i] =
        pinned === null ? begin + ((slot + Math.random()) * SECOND_MS) / group.length : pinned / 1000;
    });
  }
  return times;
}

/** The nodes whose INFO or state a `when` of the timeline asks about. */
function conditionNodes(entries: readonly TimelineEntry[], found = new Set<string>()): Set<string> {
  const visit = (condition: Condition): void => {
    if (condition.kind === 'not') visit(condition.of);
    else if (condition.kind === 'all' || condition.kind === 'any') condition.of.forEach(visit);
    else if (condition.kind === 'info') {
      found.add(condition.node);
      for (const { test } of condition.has) if (test.kind === 'other') found.add(test.node);
    } else if (condition.kind === 'repl_state') found.add(condition.node);
  };
  for (const { trigger, action } of entries) {
    if (trigger.kind === 'when') visit(trigger.condition);
    if (action.kind === 'repeat-do') conditionNodes(action.entries, found);
  }
  return found;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

/** The value, or null after so many milliseconds. */
function withinMs<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
