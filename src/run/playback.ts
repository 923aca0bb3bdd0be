import type { Observer } from '../../sim/observer.ts';
import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import type { ClientSpec, Scenario, WorkloadSpec } from '../scenario/scenario.ts';
import { Actions } from './actions.ts';
import { WORKLOAD_ORDER } from './agenda.ts';
import { ClockHand, LOOK } from './clock-hand.ts';
import { Client, type ClientScope } from './connections/client.ts';
import { Hub } from './connections/hub.ts';
import { Operator } from './connections/operator.ts';
import { judge, type Verdict } from './expectations/judge.ts';
import { FailureLog } from './failures.ts';
import { Faults } from './faults.ts';
import { Fields } from './fields.ts';
import { Histories } from './histories.ts';
import { InvariantWatch } from './invariant-watch.ts';
import { Logbook } from './logbook.ts';
import { type Attention, RunObserver } from './observer.ts';
import { resultOf, snapshotNow } from './outcome.ts';
import type { SnapshotResult } from './result.ts';
import type { RunOutcome } from './run.ts';
import { draw, type RunScope } from './scope.ts';
import { Story } from './story.ts';
import { Tally } from './tally.ts';
import { timeText } from './time.ts';
import { Sequence, type TimelineScope, timelineScope } from './timeline.ts';
import { Watches } from './watch.ts';
import { tickOverClient, tickOverSession, type WorkloadPlan } from './workload.ts';

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
  #world: SimulatedWorld | null = null;
  #isCut = false;

  constructor(scenario: Scenario, story: boolean) {
    this.#scope = this.#makeScope(scenario, story);
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
      this.#beginWorkload(spec, WORKLOAD_ORDER + i);
    });
  }

  /** Plays to the end of the scenario, or until too many events were taken. */
  play(maxEvents: number): void {
    const { checkpoints, scenario } = this.#scope;
    for (const checkpoint of checkpoints) {
      if (!this.#playUntil(checkpoint.time, maxEvents)) {
        this.#isCut = true;
        const message =
          `${maxEvents} events were taken by ${timeText(this.#theWorld.now)} of ${timeText(scenario.duration)}: ` +
          'the run was stopped there (--max-events N sets the bound)';
        this.#scope.failures.add('bound', { file: scenario.file, line: 1, column: 1 }, message);
        return;
      }
      checkpoint.look();
    }
  }

  /** Judges the run; a run that was cut short is not asked what only its end can tell. */
  outcome(seed: string): RunOutcome {
    const scope = this.#scope;
    if (!this.#isCut) {
      for (const sequence of [...this.#timeline.running]) sequence.judge();
      this.#faults.judge();
    }
    this.#actions.judge(!this.#isCut);
    if (!this.#isCut) {
      for (const verdict of this.#verdicts) verdict();
      this.#invariants.judge();
    }
    return { result: resultOf(scope, this.#snapshots, seed), story: scope.story?.events ?? [] };
  }

  /** Where the run is, for an error's message. */
  where(): string {
    const world = this.#world;
    return world === null ? 'before its start' : `at ${timeText(world.now)}, event ${world.events}`;
  }

  get #theWorld(): SimulatedWorld {
    return this.#world!;
  }

  #playUntil(until: number, maxEvents: number): boolean {
    const world = this.#theWorld;
    const { hand, watches, histories, story } = this.#scope;
    const attention = this.#attention;
    const { byNode } = watches;
    let left = maxEvents - world.events;
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

  #beginWorkload(spec: WorkloadSpec, order: number): void {
    const scope = clientScopeOf(this.#scope.hub, this.#scope.hand, this.#scope.story);
    const plan: WorkloadPlan = {
      order,
      every: spec.every,
      from: spec.from,
      until: spec.until,
      commands: spec.commands,
    };
    if ('client' in spec.over) {
      tickOverClient(plan, this.#scope.clients.get(spec.over.client)!, scope).begin();
      return;
    }
    const tally = new Tally(`workload on line ${spec.position.line}`);
    this.#scope.records.tallies.push(tally);
    for (const name of draw(spec.over.nodes, spec.position, this.#scope)) {
      tickOverSession(plan, this.#scope.fields.node(name), tally, scope).begin();
    }
  }

  #makeScope(scenario: Scenario, tellStory: boolean): RunScope {
    const names = scenario.nodes.map(({ name }) => name);
    const world = (): SimulatedWorld => this.#world!;
    const fields = new Fields(names, world);
    const histories = new Histories(names);
    const hub = new Hub(names.length, world, histories, asksForWaits(scenario));
    const hand = new ClockHand(world);
    const story = tellStory ? new Story(names, histories, () => hand.now) : null;
    const clientScope = clientScopeOf(hub, hand, story);
    const tallies: Tally[] = [];
    const makeClient = (spec: ClientSpec): [string, Client] => {
      const tally = new Tally(spec.name);
      tallies.push(tally);
      return [spec.name, new Client(spec, fields.node(spec.to), tally, clientScope)];
    };
    return {
      scenario,
      world,
      names,
      fields,
      logbook: new Logbook(names.length),
      watches: new Watches(names.length),
      checkpoints: [],
      listeners: { decided: [], acted: [] },
      failures: new FailureLog(),
      histories,
      hand,
      hub,
      operators: names.map((_, node) => new Operator(hub, node)),
      clients: new Map(scenario.clients.map(makeClient)),
      records: { decisions: [], attempts: [], replies: [], tallies },
      story,
    };
  }
}

function asksForWaits({ expect }: Scenario): boolean {
  return expect.some((form) => form.kind === 'lost_writes' && form.acked.kind === 'wait');
}

function clientScopeOf(hub: Hub, hand: ClockHand, story: Story | null): ClientScope {
  return {
    hub,
    now: () => hand.now,
    schedule: (due) => hand.schedule(due),
    tell: (text) => story?.tell('client', null, text),
  };
}
