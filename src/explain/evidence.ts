import type { DecisionRecord, Observer } from '../../sim/observer.ts';
import type { LogLevel } from '../../sim/redis/system.ts';
import { Simulation } from '../../sim/simulation.ts';
import { withNemesis } from '../nemesis/with-nemesis.ts';
import type { RunResult, StoryEvent } from '../run/result.ts';
import { runScenario, type WorldMaker } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { differs, type View, Viewer } from './view.ts';

/** A line of a server's log. Times are virtual microseconds, events the run's numbers. */
export interface SaidLine {
  readonly event: number;
  readonly at: number;
  readonly node: string;
  readonly level: LogLevel;
  readonly text: string;
}

/** What one event changed in a server; `before` is null where the process began, `after` where it ended. */
export interface Moment {
  readonly event: number;
  readonly at: number;
  readonly node: string;
  readonly before: View | null;
  readonly after: View | null;
}

/** A decision, and both servers as they stood when it was made. */
export interface Decided {
  /** Counted from 1, in the order of the run. */
  readonly number: number;
  /** Counted from 1 on its link. */
  readonly onLink: number;
  readonly event: number;
  readonly at: number;
  /** Null where the request came from no node. */
  readonly replica: string | null;
  readonly master: string;
  readonly record: DecisionRecord;
  readonly masterView: View;
  readonly replicaView: View | null;
}

/** Everything that a run left behind for its explanation. */
export interface Evidence {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly result: RunResult;
  readonly story: readonly StoryEvent[];
  readonly lines: readonly SaidLine[];
  readonly moments: readonly Moment[];
  readonly decisions: readonly Decided[];
  /** `A#1` for an id that a node made. */
  readonly historyNames: ReadonlyMap<string, string>;
}

/** Somebody who watches a run while its evidence is gathered. */
export interface Bystander {
  /** Before the first event. */
  begins(world: Simulation): void;
  /** After each event and what the scenario did upon it, `now` and `events` still being its own. */
  stepped(): void;
  /** A direction between two nodes begins to swallow packets, or ends it. */
  cut(from: number, to: number): void;
  healed(from: number, to: number): void;
}

/** Plays a scenario and keeps all that happened to replication in it. */
export function gatherEvidence(
  given: Scenario,
  seed: string,
  maxEvents?: number,
  bystander: Bystander | null = null,
): Evidence {
  const scenario = withNemesis(given, seed);
  const lines: SaidLine[] = [];
  const moments: Moment[] = [];
  const decisions: Decided[] = [];
  const onLink = new Map<string, number>();
  const makeWorld: WorldMaker = (setup, observer) => {
    const tell = (moment: Moment): void => void moments.push(moment);
    const world: WitnessedSimulation = new WitnessedSimulation(tell, bystander, setup, {
      ...forwarding(observer),
      logged(node, level, text) {
        lines.push({ event: world.events, at: world.now, node: world.nodeNames[node]!, level, text });
        observer.logged(node, level, text);
      },
      decided(record) {
        const { replica, master, at } = record;
        const link = `${replica} ${master}`;
        onLink.set(link, (onLink.get(link) ?? 0) + 1);
        decisions.push({
          number: decisions.length + 1,
          onLink: onLink.get(link)!,
          event: world.events,
          at,
          replica: replica === null ? null : world.nodeNames[replica]!,
          master: world.nodeNames[master]!,
          record,
          masterView: world.view(master)!,
          replicaView: replica === null ? null : world.view(replica),
        });
        observer.decided(record);
      },
    });
    bystander?.begins(world);
    return world;
  };
  const options = { seed, story: true, ...(maxEvents === undefined ? {} : { maxEvents }) };
  const { result, story, historyNames } = runScenario(scenario, options, makeWorld);
  return { scenario, seed, result, story, lines, moments, decisions, historyNames };
}

/** An observer's methods, bound to it: some of them are to be replaced. */
function forwarding(observer: Observer): Observer {
  return {
    timer: (token) => observer.timer(token),
    connected: (connection) => observer.connected(connection),
    refused: (connection) => observer.refused(connection),
    received: (connection, bytes) => observer.received(connection, bytes),
    closed: (connection) => observer.closed(connection),
    logged: (node, level, text) => observer.logged(node, level, text),
    decided: (record) => observer.decided(record),
    syncEnded: (record) => observer.syncEnded(record),
    attemptEnded: (...attempt) => observer.attemptEnded(...attempt),
    propagated: (...command) => observer.propagated(...command),
    snapshotTaken: (node, file) => observer.snapshotTaken?.(node, file),
    snapshotRead: (node, file) => observer.snapshotRead?.(node, file),
    processChanged: (node) => observer.processChanged(node),
  };
}

/** A world that tells what each event changed in the server it touched. */
class WitnessedSimulation extends Simulation {
  readonly #tell: (moment: Moment) => void;
  readonly #bystander: Bystander | null;
  readonly #viewer = new Viewer(this);
  readonly #views: (View | null)[];

  constructor(
    tell: (moment: Moment) => void,
    bystander: Bystander | null,
    ...made: ConstructorParameters<typeof Simulation>
  ) {
    super(...made);
    this.#tell = tell;
    this.#bystander = bystander;
    this.#views = this.nodeNames.map(() => null);
  }

  override step(until: number): boolean {
    this.#bystander?.stepped();
    if (!super.step(until)) return false;
    // A process can end in an event that touches no server: killed, or with its machine.
    for (let node = 0; node < this.#views.length; node++) {
      if (node === this.touched || (this.server(node) === null) !== (this.#views[node] === null)) {
        this.#look(node);
      }
    }
    return true;
  }

  override partition(from: number, to: number): void {
    super.partition(from, to);
    this.#bystander?.cut(from, to);
  }

  override heal(from: number, to: number): boolean {
    const healed = super.heal(from, to);
    if (healed) this.#bystander?.healed(from, to);
    return healed;
  }

  /** A server as it stands now; null while its process is down. */
  view(node: number): View | null {
    const server = this.server(node);
    return server === null ? null : this.#viewer.view(node, server);
  }

  #look(node: number): void {
    const before = this.#views[node]!;
    const after = this.view(node);
    this.#views[node] = after;
    if (!differs(before, after)) return;
    this.#tell({ event: this.events, at: this.now, node: this.nodeNames[node]!, before, after });
  }
}
