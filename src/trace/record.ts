import type { Simulation } from '../../sim/simulation.ts';
import { type Bystander, type Evidence, gatherEvidence } from '../explain/evidence.ts';
import type { RunResult } from '../run/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { formatCase } from '../terminal/format.ts';
import { decisionsOf } from './decisions.ts';
import { SegmentRecorder } from './segments.ts';
import { ServerFields } from './server-fields.ts';
import { type Instant, TraceTables } from './tables.ts';
import { type Cut, FIELDS, NO_NODE, type Trace, type TraceCost, type TraceVerdict } from './trace.ts';

export interface RecordOptions {
  /** The command that plays the run again. */
  readonly repeat: string;
  readonly maxEvents?: number;
  /** The numbers of the decisions whose counterfactuals are looked for, each by runs of its own; else the first ones. */
  readonly prove?: ReadonlySet<number>;
}

/** Plays a scenario and writes down all that can be looked at afterwards. */
export function recordTrace(scenario: Scenario, seed: string, options: RecordOptions): Trace {
  const recorder = new Recorder(scenario);
  const evidence = gatherEvidence(scenario, seed, options.maxEvents, recorder);
  return recorder.trace(evidence, options);
}

const MICROS_PER_MS = 1000;

/** Watches a run and fills the tables. */
class Recorder implements Bystander {
  readonly #names: readonly string[];
  readonly #tables: TraceTables;
  readonly #cuts: { -readonly [K in keyof Cut]: Cut[K] }[] = [];
  readonly #duration: number;
  #world: Simulation | null = null;
  #segments: SegmentRecorder | null = null;
  #servers: ServerFields | null = null;
  #instant: Instant = { event: 0, at: 0 };

  constructor({ nodes, duration }: Scenario) {
    this.#names = nodes.map(({ name }) => name);
    this.#tables = new TraceTables(nodes.length);
    this.#duration = duration;
  }

  begins(world: Simulation): void {
    this.#world = world;
    this.#servers = new ServerFields(world, this.#tables);
    this.#segments = new SegmentRecorder(this.#tables, () => this.#now());
    world.watchSegments(this.#segments);
  }

  /** A process can change in an event that touches no server, so each is looked at. */
  stepped(): void {
    const now = this.#now();
    for (let node = 0; node < this.#names.length; node++) this.#servers!.look(node, now);
  }

  cut(from: number, to: number): void {
    this.#cuts.push({ from, to, begin: this.#world!.now, end: null });
    this.#segments!.cut(from, to);
  }

  healed(from: number, to: number): void {
    const cut = this.#cuts.findLast((one) => one.from === from && one.to === to && one.end === null);
    if (cut !== undefined) cut.end = this.#world!.now;
  }

  trace(evidence: Evidence, { repeat, prove }: RecordOptions): Trace {
    this.stepped();
    this.#segments!.end();
    this.#addHappenings(evidence);
    const { scenario, result, seed, historyNames } = evidence;
    const tables = this.#tables.done(FIELDS);
    return {
      format: 1,
      psynclab: result.psynclab,
      run: {
        scenario: scenario.file,
        name: scenario.name,
        about: scenario.about,
        case: formatCase(scenario.case),
        seed,
        profile: scenario.profile,
        repeat,
      },
      duration: this.#duration,
      verdict: verdictOf(result),
      cost: costOf(result),
      nodes: scenario.nodes.map(({ name, profile }) => ({ name, profile })),
      histories: [...historyNames].map(([replid, name]) => ({ replid, name })),
      ...tables,
      cuts: this.#cuts,
      decisions: decisionsOf(evidence, tables.moments, prove),
      final: this.#names.map((name) => {
        const node = result.nodes[name]!;
        return node.state === 'down' ? null : node.info;
      }),
    };
  }

  /** The log lines and the story, where no segment and no change of a field tells of them. */
  #addHappenings({ lines, story }: Evidence): void {
    const numberOf = (name: string | null): number => (name === null ? NO_NODE : this.#names.indexOf(name));
    for (const { event, at, node, level, text } of lines) {
      if (level === 'debug' || level === 'verbose') continue;
      this.#tables.happening({ event, at }, 'line', numberOf(node), text);
    }
    for (const { event, at, node, kind, text } of story) {
      this.#tables.happening({ event, at }, kind, numberOf(node), text);
    }
  }

  /** The event being handled; one object for all that happens in it. */
  #now(): Instant {
    const { events, now } = this.#world!;
    if (this.#instant.event !== events || this.#instant.at !== now)
      this.#instant = { event: events, at: now };
    return this.#instant;
  }
}

function costOf({ cost, lost_writes }: RunResult): TraceCost {
  return {
    fullSyncs: cost.full_syncs,
    fullBytes: cost.full_bytes,
    forks: cost.forks,
    unreadable: cost.unreadable_ms * MICROS_PER_MS,
    writeGap: cost.write_gap_ms * MICROS_PER_MS,
    lostWrites: lost_writes.count,
  };
}

function verdictOf({ ok, expectations, failures }: RunResult): TraceVerdict {
  return {
    ok,
    expectations,
    failures: failures.map(({ kind, message, line, at_ms }) => ({
      kind,
      message,
      line,
      at: at_ms === undefined ? null : at_ms * MICROS_PER_MS,
    })),
  };
}
