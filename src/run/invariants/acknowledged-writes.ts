import { ACKNOWLEDGED_WRITES } from '../../../sim/invariants/index.ts';
import { REPL_STATE_TRANSFER, type RedisServer } from '../../../sim/redis/server.ts';
import { forEachLost, likeliestSurvivor, lostDatasets } from '../expectations/lost-writes.ts';
import {
  type AcknowledgedWrite,
  type History,
  type HistoryPosition,
  heldOf,
  holdsWrite,
  type WaitedWrite,
  type WaitRecord,
} from '../histories.ts';
import type { LostWritesResult } from '../result.ts';
import type { RunScope } from '../scope.ts';
import { timeText } from '../time.ts';
import type { Place } from './place.ts';
import type { Tell } from './tell.ts';

/** What Redis does not promise, so that an acknowledged write may be gone. */
export type Clause =
  /** No WAIT: it was acknowledged before any replica had it. */
  | 'asynchronous'
  /** The same under min-replicas-to-write, which asks how old the replicas' last word is, not what they have. */
  | 'asynchronous-within-max-lag'
  /** A WAIT told its client that fewer replicas had it than were asked for. */
  | 'wait-not-reached'
  /** Enough replicas had it, and another one survived: WAIT promises no more than copies. */
  | 'wait-counted-others'
  /** The survivor had it, its process ended, and its file had less. */
  | 'died-without-saving'
  /** The survivor had it, and synchronized in full with a master that had not. */
  | 'resynchronized';

/** A place that a node had and has no more; no cause where nothing allows that. */
interface Former {
  readonly position: HistoryPosition;
  readonly cause: Clause | null;
}

/**
 * Redis promises little about a write that it acknowledged, but that little it must keep: of each one that is missing
 * from whoever survived it is asked which clause allows that, and a loss that none allows is a violation. A WAIT must
 * tell no more replicas than had the write.
 */
export class AcknowledgedWrites {
  readonly #scope: RunScope;
  readonly #tell: Tell;
  readonly #warn: Tell;
  readonly #formerly: Former[][];

  constructor(scope: RunScope, tell: Tell, warn: Tell) {
    this.#scope = scope;
    this.#tell = tell;
    this.#warn = warn;
    this.#formerly = scope.names.map(() => []);
    scope.listeners.waited.push((node, asked, writes) => this.#waited(node, asked, writes));
  }

  /** A process ended at this place; its histories still say so. */
  processEnded(node: number, { server, offset }: Place): void {
    const history = this.#scope.histories.current(node);
    if (server === null || history === null) return;
    const position = { history, offset, number: Number.POSITIVE_INFINITY };
    this.#formerly[node]!.push({ position, cause: 'died-without-saving' });
  }

  /** A server has left the course it was on at this place. */
  moved(node: number, server: RedisServer, place: Place): void {
    if (server !== place.server) return;
    if (server.replid === place.replid && !place.synchronized && server.masterReplOffset >= place.offset)
      return;
    if (place.synchronized && !hasArrived(server, place)) return;
    const { histories } = this.#scope;
    const history = histories.find(place.replid);
    if (history === undefined) return;
    const held = heldOf(histories.position(node, server), history);
    if (held !== undefined && held.offset >= place.offset) return;
    const position = { history, offset: place.offset, number: Number.POSITIVE_INFINITY };
    this.#formerly[node]!.push({ position, cause: place.synchronized ? 'resynchronized' : null });
  }

  /** What is lost at the end, and which clauses allow it. */
  judge(): LostWritesResult {
    const survivor = likeliestSurvivor(this.#scope);
    const counts = new Map<Clause, number>();
    const unexplained: WaitedWrite[] = [];
    let count = 0;
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    forEachLost([survivor], 0, this.#scope, (write, history) => {
      count++;
      first = Math.min(first, write.at);
      last = Math.max(last, write.at);
      const clause = this.#clauseFor(write, history, survivor);
      if (clause === null) unexplained.push({ history, write });
      else counts.set(clause, (counts.get(clause) ?? 0) + 1);
    });
    const datasets = lostDatasets([survivor], this.#scope);
    if (datasets > 0) {
      const cause =
        this.#formerly[survivor]!.findLast((former) => former.cause !== null)?.cause ?? 'asynchronous';
      counts.set(cause, (counts.get(cause) ?? 0) + datasets);
    }
    if (unexplained.length > 0) this.#complain(survivor, unexplained);
    return {
      count: count + datasets,
      seconds: count === 0 ? 0 : (last - first) / 1_000_000,
      explained: [...counts].map(([clause, of]) => ({ clause, count: of })),
    };
  }

  #complain(survivor: number, writes: readonly WaitedWrite[]): void {
    const { names } = this.#scope;
    const { history, write } = writes[0]!;
    const what = `${history.name}:${write.offset}, acknowledged at ${timeText(write.at)}`;
    const more = writes.length === 1 ? '' : ` and ${writes.length - 1} more`;
    this.#tell(
      ACKNOWLEDGED_WRITES,
      survivor,
      `${names[survivor]} had ${what},${more === '' ? '' : `${more},`} and has it no longer, which nothing in Redis allows`,
    );
  }

  /** Which clause allows that the survivor lacks a write; null where it had it and nothing took it away. */
  #clauseFor(write: AcknowledgedWrite, history: History, survivor: number): Clause | null {
    const former = this.#formerly[survivor]!.findLast(({ position }) =>
      holdsWrite(heldOf(position, history), write),
    );
    if (former !== undefined) return former.cause;
    if (history.owner === survivor) return null;
    const { wait } = write;
    if (wait === null) return write.guarded ? 'asynchronous-within-max-lag' : 'asynchronous';
    if (write.waited < wait.asked) return 'wait-not-reached';
    return wait.holders.includes(survivor) ? null : 'wait-counted-others';
  }

  #waited(node: number, asked: number, writes: readonly WaitedWrite[]): void {
    const { history, write } = writes[writes.length - 1]!;
    const { histories, names, records } = this.#scope;
    const world = this.#scope.world();
    const nodes = names.map((_, other) => other);
    const holders = nodes.filter((other) => {
      const server = world.server(other);
      return server !== null && holdsWrite(heldOf(histories.position(other, server), history), write);
    });
    // What the node itself had lost by then, as a replica in between, no WAIT can speak of.
    if (!holders.includes(node)) return;
    const wait: WaitRecord = { asked, holders };
    for (const one of writes) if (one.history === history) one.write.wait = wait;
    // Some may have had it when they said so, and be dead or empty by now.
    const hadIt = (other: number): boolean =>
      holders.includes(other) ||
      this.#formerly[other]!.some(({ position }) => holdsWrite(heldOf(position, history), write));
    const had = nodes.filter((other) => other !== node && hadIt(other)).length;
    if (had >= write.waited || records.decisions.some(({ replica }) => replica === null)) return;
    const text = `a WAIT counted ${write.waited} for ${history.name}:${write.offset}, and ${had} had it`;
    if (write.offset > 0) {
      this.#tell(ACKNOWLEDGED_WRITES, node, text);
      return;
    }
    const why = 'a replica that is still loading has acknowledged 0, and that is where its master stands';
    this.#warn(ACKNOWLEDGED_WRITES, node, `${text}: ${why} (replicationCountAcksByOffset)`);
  }
}

/** Whether a synchronization has filled the server, whatever became of its link or its role in the same event. */
function hasArrived(server: RedisServer, place: Place): boolean {
  const { loading, replState, master, masterhost, replid } = server;
  const isOver = !loading && replState !== REPL_STATE_TRANSFER;
  return isOver && (master !== null || masterhost === null || replid !== place.replid);
}
