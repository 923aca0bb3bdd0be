import { ONE_HISTORY, SERVER_INVARIANTS } from '../../sim/invariants/index.ts';
import type { DecisionRecord } from '../../sim/observer.ts';
import type { RedisServer } from '../../sim/redis/server.ts';
import type { Position, TimelineEntry } from '../scenario/scenario.ts';
import { heldOf } from './histories.ts';
import type { RunScope } from './scope.ts';
import { timeText } from './time.ts';

/**
 * Checks the invariants of each server after the events that touched it, and that every id names one history.
 * Each invariant is reported once for each node; one that the scenario says it violates must be broken.
 */
export class InvariantWatch {
  readonly #scope: RunScope;
  readonly #expected = new Map<string, Position>();
  readonly #broken = new Set<string>();
  readonly #told = new Set<string>();

  constructor(scope: RunScope) {
    this.#scope = scope;
    for (const expectation of scope.scenario.expect) {
      if (expectation.kind === 'violates') this.#expected.set(expectation.invariant, expectation.position);
    }
  }

  check(node: number, server: RedisServer): void {
    for (let i = 0; i < SERVER_INVARIANTS.length; i++) {
      const invariant = SERVER_INVARIANTS[i]!;
      const wrong = invariant.check(server);
      if (wrong !== null) this.#report(invariant.name, node, wrong);
    }
  }

  /** A partial resynchronization was granted: what the replica holds must be a part of what the master holds. */
  decided({ decision, replica, master }: DecisionRecord): void {
    if (decision.outcome !== 'partial' || replica === null) return;
    const { histories, names } = this.#scope;
    const world = this.#scope.world();
    const server = world.server(master);
    if (server === null || decision.replid === null) return;
    const own = histories.current(replica);
    const asked = own?.replid === decision.replid ? own : histories.find(decision.replid);
    if (asked === undefined) return;
    const has = decision.offset! - 1;
    const held = heldOf(histories.position(master, server), asked);
    if (held !== undefined && has <= held.offset) return;
    const shared = held === undefined ? 'nothing of it' : `it only up to ${held.offset}`;
    const text = `${names[replica]} goes on from ${asked.name}:${has}, and ${names[master]} holds ${shared}`;
    this.#report(ONE_HISTORY, master, text);
  }

  /** A second process begins to write under an id. */
  foreignWrite(node: number, name: string): void {
    this.#report(
      ONE_HISTORY,
      node,
      `${this.#scope.names[node]} writes under ${name}, an id that another process made`,
    );
  }

  /**
   * Whoever claims to be at the same offset of the same history must hold the same data. A replica that takes writes
   * of its own claims nothing.
   */
  compareData(): void {
    const { names, histories, scenario } = this.#scope;
    if (scenario.timeline.some(writesBesideTheStream)) return;
    const world = this.#scope.world();
    const seen = new Map<string, number>();
    for (let node = 0; node < names.length; node++) {
      const server = world.server(node);
      if (server === null || server.loading || (server.masterhost !== null && !server.replSlaveRo)) continue;
      const place = `${server.replid}:${server.masterReplOffset}`;
      const other = seen.get(place);
      if (other === undefined) seen.set(place, node);
      else if (world.digest(node) !== world.digest(other)) {
        const where = `${histories.name(server.replid)}:${server.masterReplOffset}`;
        this.#report(ONE_HISTORY, node, `${names[other]} and it are both at ${where}, and their data differ`);
      }
    }
  }

  /** Fails the run for each invariant that the scenario says it violates and that held. */
  judge(): void {
    for (const [name, position] of this.#expected) {
      if (this.#broken.has(name)) continue;
      this.#scope.failures.add(
        'expectation',
        position,
        `expected the run to violate ${name}, but it held throughout`,
      );
    }
  }

  #report(name: string, node: number, wrong: string): void {
    this.#broken.add(name);
    const key = `${name} ${node}`;
    if (this.#expected.has(name) || this.#told.has(key)) return;
    this.#told.add(key);
    const { failures, names, scenario, hand, story } = this.#scope;
    const position = { file: scenario.file, line: 1, column: 1 };
    const message = `${name} does not hold on ${names[node]} at ${timeText(hand.now)}: ${wrong}`;
    failures.add('invariant', position, message, { at: hand.now });
    story?.tell('note', names[node]!, `${name} broken: ${wrong}`);
  }
}

/** DEBUG POPULATE makes keys of which no replica hears. */
function writesBesideTheStream({ action }: TimelineEntry): boolean {
  if (action.kind === 'repeat-do') return action.entries.some(writesBesideTheStream);
  const isRun = action.kind === 'run' || action.kind === 'repeat-run';
  return isRun && action.commands.some(({ text }) => /^\s*debug\s+populate\b/i.test(text));
}
