import { ONE_HISTORY, SERVER_INVARIANTS } from '../../sim/invariants/index.ts';
import type { DecisionRecord } from '../../sim/observer.ts';
import type { RedisServer } from '../../sim/redis/server.ts';
import type { Position } from '../scenario/scenario.ts';
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
