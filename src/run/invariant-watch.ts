import { isSound, NO_CRASH, ONE_HISTORY, SERVER_INVARIANTS } from '../../sim/invariants/index.ts';
import type { DecisionRecord } from '../../sim/observer.ts';
import type { RdbFile } from '../../sim/redis/rdb/rdb-file.ts';
import type { RedisServer } from '../../sim/redis/server.ts';
import type { Position } from '../scenario/scenario.ts';
import { heldOf } from './histories.ts';
import { AcknowledgedWrites } from './invariants/acknowledged-writes.ts';
import { AmbiguousIds } from './invariants/ambiguous-ids.ts';
import { Continuity } from './invariants/continuity.ts';
import { judgeConvergence } from './invariants/convergence.ts';
import { checkFence } from './invariants/fence.ts';
import type { OngoingFaults } from './invariants/in-the-way.ts';
import { NeedlessFullSync } from './invariants/needless-full-sync.ts';
import { OneHistory } from './invariants/one-history.ts';
import { Place } from './invariants/place.ts';
import type { Tell } from './invariants/tell.ts';
import type { ConvergenceResult, LostWritesResult } from './result.ts';
import type { RunScope } from './scope.ts';
import { timeText, toMs } from './time.ts';

/**
 * Checks what must hold: of each server after the events that touched it, and between servers where they meet.
 * Each invariant is reported once for each node; one that the scenario says it violates must be broken.
 */
export class InvariantWatch {
  readonly #scope: RunScope;
  readonly #expected = new Map<string, Position>();
  readonly #broken = new Set<string>();
  readonly #told = new Set<string>();
  readonly #places: readonly Place[];
  readonly #ambiguous: AmbiguousIds;
  readonly #continuity: Continuity;
  readonly #oneHistory: OneHistory;
  readonly #needless: NeedlessFullSync;
  readonly #writes: AcknowledgedWrites;
  readonly #tell: Tell = (name, node, wrong) => this.#report(name, node, wrong);
  /** Something that an invariant is against, and that Redis's own rules want. */
  readonly #warn: Tell = (invariant, node, message) => {
    const { records, names, hand } = this.#scope;
    records.warnings.push({ invariant, node: names[node]!, message, at_ms: toMs(hand.now) });
  };

  constructor(scope: RunScope) {
    this.#scope = scope;
    this.#places = scope.names.map(() => new Place());
    this.#ambiguous = new AmbiguousIds(this.#warn);
    this.#continuity = new Continuity(scope.names.length, scope.histories, this.#tell);
    this.#oneHistory = new OneHistory(scope, this.#ambiguous, this.#tell);
    this.#writes = new AcknowledgedWrites(scope, this.#tell, this.#warn);
    this.#needless = new NeedlessFullSync(scope, this.#tell, this.#warn, (replid, beyond) =>
      this.#continuity.onlyPings(replid, beyond),
    );
    for (const expectation of scope.scenario.expect) {
      if (expectation.kind === 'violates') this.#expected.set(expectation.invariant, expectation.position);
    }
  }

  check(node: number, server: RedisServer): void {
    if (!isSound(server)) this.#tellUnsound(node, server);
    const place = this.#places[node]!;
    if (!place.hasMoved(server)) return;
    if (!place.isOnCourse(server)) this.#leavesCourse(node, server, place);
    if (!this.#ambiguous.has(server.replid)) this.#continuity.moved(node, server, place);
    place.moved(server);
    if (server.masterhost !== null) this.#oneHistory.followed(node, server);
  }

  #tellUnsound(node: number, server: RedisServer): void {
    for (const { name, check } of SERVER_INVARIANTS) {
      const wrong = check(server);
      if (wrong !== null) this.#report(name, node, wrong);
    }
  }

  #leavesCourse(node: number, server: RedisServer, place: Place): void {
    this.#ambiguous.moved(node, server, place, this.#scope.histories.name(server.replid));
    this.#needless.moved(node, server, place);
    this.#writes.moved(node, server, place);
    const isPromoted =
      place.server === server && server.replid !== place.replid && server.masterhost === null;
    if (isPromoted) this.#oneHistory.compareAll();
  }

  /** A process has ended; the histories have not heard of it yet. */
  processEnded(node: number): void {
    this.#writes.processEnded(node, this.#places[node]!);
    this.#needless.processEnded(node);
  }

  /** A process ended itself, with this message. */
  crashed(node: number, message: string): void {
    this.#report(NO_CRASH, node, message);
  }

  /** The acknowledged writes that are lost by now. */
  lostWrites(): LostWritesResult {
    return this.#writes.judge();
  }

  /** Whether everybody has come together again by now. */
  convergence(faults: OngoingFaults): ConvergenceResult {
    return judgeConvergence(this.#scope, faults, this.#tell);
  }

  logged(node: number, message: string): void {
    this.#needless.logged(node, message);
  }

  snapshotTaken(server: RedisServer, file: RdbFile): void {
    this.#needless.snapshotTaken(server, file);
  }

  snapshotRead(node: number, file: RdbFile): void {
    this.#needless.snapshotRead(node, file);
  }

  decided(record: DecisionRecord): void {
    this.#needless.decided(record);
    this.#granted(record);
  }

  /** A partial resynchronization was granted: what the replica holds must be a part of what the master holds. */
  #granted({ decision, replica, master }: DecisionRecord): void {
    if (decision.outcome !== 'partial' || replica === null || decision.replid === null) return;
    const { histories, names } = this.#scope;
    const world = this.#scope.world();
    const server = world.server(master);
    if (server === null) return;
    if (!this.#ambiguous.has(server.replid)) this.#continuity.serves(master, server, decision.offset!);
    // What the replica has is asked of itself: the decision may be as wrong as what follows from it.
    const cached = world.server(replica)?.cachedMaster ?? null;
    const has = cached === null ? decision.offset! - 1 : cached.reploff;
    const replid = cached === null ? decision.replid : cached.replid;
    const own = histories.current(replica);
    const asked = own?.replid === replid ? own : histories.find(replid);
    if (asked === undefined || this.#ambiguous.has(replid)) return;
    const position = histories.position(master, server);
    const held = heldOf(position, asked);
    if (asked !== position.history) {
      checkFence(this.#tell, master, names[replica]!, asked, has, held?.offset);
    }
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

  /** What only the end can tell. */
  ended(): void {
    this.#oneHistory.compareAll();
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
    const { failures, names, records, scenario, hand, story } = this.#scope;
    const isExpected = this.#expected.has(name);
    if (isExpected && !this.#broken.has(name)) records.violated.push(name);
    this.#broken.add(name);
    const key = `${name} ${node}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    story?.tell('note', names[node]!, `${name} broken: ${wrong}`);
    if (isExpected) return;
    const position = { file: scenario.file, line: 1, column: 1 };
    const message = `${name} does not hold on ${names[node]} at ${timeText(hand.now)}: ${wrong}`;
    failures.add('invariant', position, message, { at: hand.now });
  }
}
