import type { Observer } from '../../sim/observer.ts';
import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { Actions } from './actions.ts';
import { WORKLOAD_ORDER } from './agenda.ts';
import { EndlessMoment, LOOK } from './clock-hand.ts';
import { judge, type Verdict } from './expectations/judge.ts';
import { Faults } from './faults.ts';
import { InvariantWatch } from './invariant-watch.ts';
import { beginWorkload, makeScope } from './make-scope.ts';
import { type Attention, RunObserver } from './observer.ts';
import { resultOf, snapshotNow } from './outcome.ts';
import type { ConvergenceResult, RunOutcome, SnapshotResult } from './result.ts';
import type { RunScope } from './scope.ts';
import { timeText } from './time.ts';
import { Sequence, type TimelineScope, timelineScope } from './timeline.ts';

/** Events between two looks at the memory. */
const MEMORY_LOOK = 65_536;

/** What a run must not exceed. */
export interface Bounds {
  /** The run fails once it took so many events. */
  readonly maxEvents: number;
  /** Asked now and then; where it says yes the run fails there, before the process dies of it. */
  readonly outOfMemory: () => boolean;
}

const CUT: ConvergenceResult = { verdict: 'not-judged', reason: 'the run was cut short' };

/** One run of one scenario: its parts, put together, and the loop that drives the world. */
export class Playback {
  readonly observer: Observer;
  readonly #scope: RunScope;
  readonly #attention: Attention = { nodes: new Set(), wanted: false };
  readonly #invariants: InvariantWatch;
  readonly #actions: Actions;
  readonly #faults: Faults;
  readonly #timeline: TimelineScope;
  readonly #verdicts: Verdict[];
  readonly #snapshots: SnapshotResult[] = [];
  readonly #bounds: Bounds;
  #world: SimulatedWorld | null = null;
  /** How many of the checkpoints the run has reached. */
  #passed = 0;
  #isCut = false;

  constructor(scenario: Scenario, story: boolean, bounds: Bounds) {
    this.#bounds = bounds;
    this.#scope = makeScope(scenario, () => this.#world!, story);
    this.#invariants = new InvariantWatch(this.#scope);
    this.#faults = new Faults(this.#scope, (node) => this.#look(node));
    this.#actions = new Actions(this.#scope, this.#faults);
    this.#timeline = timelineScope(this.#scope, this.#actions);
    this.#verdicts = scenario.expect.map((expectation) => judge(expectation, this.#scope));
    this.observer = new RunObserver(this.#scope, this.#invariants, this.#attention);
  }

  /** Puts what the scenario does on the agenda of a world just made. */
  begin(world: SimulatedWorld): void {
    this.#world = world;
    const { scenario, checkpoints } = this.#scope;
    for (const time of scenario.snapshots) {
      checkpoints.push({ time, look: () => this.#snapshots.push(snapshotNow(world, time)) });
    }
    checkpoints.push({ time: scenario.duration, look: () => {} });
    checkpoints.sort((a, b) => a.time - b.time);
    for (const { time } of checkpoints) if (time > world.now) world.schedule(time, LOOK);
    const sequence = new Sequence(this.#timeline, scenario.timeline, () => {});
    this.#scope.hand.schedule({ time: 0, order: -1, act: () => sequence.begin(0) });
    scenario.workload.forEach((spec, i) => {
      beginWorkload(this.#scope, spec, WORKLOAD_ORDER + i);
    });
  }

  /**
   * Plays on for so many events at most. True once the run is over: at the scenario's end, or where it cannot go
   * on, since too many events were taken, the memory is full or time stands still.
   */
  advance(events: number): boolean {
    try {
      return this.#advance(this.#theWorld.events + events);
    } catch (error) {
      if (!(error instanceof EndlessMoment)) throw error;
      this.#cut(error.message);
      return true;
    }
  }

  /** Judges the run; a run that was cut short is not asked what only its end can tell. */
  outcome(seed: string): RunOutcome {
    const scope = this.#scope;
    // What is still in force counts as ended once the faults are judged.
    const convergence = this.#isCut ? CUT : this.#invariants.convergence(this.#faults);
    if (!this.#isCut) {
      for (const sequence of [...this.#timeline.running]) sequence.judge();
      this.#faults.judge();
    }
    this.#actions.judge(!this.#isCut);
    const lost = this.#invariants.lostWrites();
    if (!this.#isCut) {
      for (const verdict of this.#verdicts) verdict();
      this.#invariants.ended();
      this.#invariants.judge();
    }
    return {
      result: resultOf(scope, this.#snapshots, { lost, convergence }, seed),
      story: scope.story?.events ?? [],
      historyNames: scope.histories.namesById(),
    };
  }

  /** Where the run is, for an error's message. */
  where(): string {
    const world = this.#world;
    return world === null ? 'before its start' : `at ${timeText(world.now)}, event ${world.events}`;
  }

  get #theWorld(): SimulatedWorld {
    return this.#world!;
  }

  #advance(pauseAt: number): boolean {
    const world = this.#theWorld;
    const { checkpoints } = this.#scope;
    const { maxEvents, outOfMemory } = this.#bounds;
    while (this.#passed < checkpoints.length) {
      if (world.events >= pauseAt) return false;
      const checkpoint = checkpoints[this.#passed]!;
      const stopAt = Math.min(pauseAt, maxEvents, world.events + MEMORY_LOOK);
      if (this.#playUntil(checkpoint.time, stopAt - world.events)) {
        checkpoint.look();
        this.#passed++;
      } else if (world.events >= maxEvents) {
        this.#cut(`${maxEvents} events were taken (--max-events N sets the bound)`);
        return true;
      } else if (outOfMemory()) {
        this.#cut(`the memory is full after ${world.events} events`);
        return true;
      }
    }
    return true;
  }

  /** The run ends here, before its time. */
  #cut(why: string): void {
    const { scenario, failures } = this.#scope;
    this.#isCut = true;
    const message = `the run was stopped at ${timeText(this.#theWorld.now)} of ${timeText(scenario.duration)}: ${why}`;
    failures.add('bound', { file: scenario.file, line: 1, column: 1 }, message);
  }

  /** False where it took so many events and is not there yet. */
  #playUntil(until: number, maxEvents: number): boolean {
    const world = this.#theWorld;
    const { hand, watches, histories, story } = this.#scope;
    const attention = this.#attention;
    const { byNode } = watches;
    let left = maxEvents;
    if (hand.due) this.#follow();
    while (world.step(until)) {
      const node = world.touched;
      if (node >= 0) {
        const server = world.server(node);
        if (server !== null) {
          histories.note(node, server);
          this.#invariants.check(node, server);
          story?.look(node, server);
        }
        if (byNode[node]!.length > 0) watches.touched(node);
      }
      if (attention.wanted || hand.due) this.#follow();
      left--;
      if (left <= 0) return false;
    }
    return true;
  }

  /** Lets act what is due, and looks at what that changed, until nothing more can happen before the next event. */
  #follow(): void {
    const { hand } = this.#scope;
    for (;;) {
      if (this.#attention.wanted) this.#attend();
      if (!hand.due) return;
      hand.turn();
      if (hand.due && !this.#attention.wanted) return;
    }
  }

  /** Looks at nodes that changed without an event of their own. */
  #attend(): void {
    const { nodes } = this.#attention;
    while (nodes.size > 0) {
      const now = [...nodes];
      nodes.clear();
      for (const node of now) this.#scope.watches.touched(node);
    }
    this.#attention.wanted = false;
  }

  #look(node: number): void {
    this.#attention.nodes.add(node);
    this.#attention.wanted = true;
  }
}
