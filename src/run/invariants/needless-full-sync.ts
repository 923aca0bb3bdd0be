import { NO_NEEDLESS_FULL_SYNC } from '../../../sim/invariants/index.ts';
import type { DecisionRecord } from '../../../sim/observer.ts';
import { PROFILES, type Profile } from '../../../sim/redis/profile.ts';
import type { RdbFile } from '../../../sim/redis/rdb/rdb-file.ts';
import {
  REPL_STATE_RECEIVE_PSYNC,
  REPL_STATE_TRANSFER,
  type RedisServer,
} from '../../../sim/redis/server.ts';
import { type HistoryPosition, heldOf } from '../histories.ts';
import type { RunScope } from '../scope.ts';
import { Memory, placeInFile, type Served } from './memory.ts';
import type { Place } from './place.ts';
import type { Tell } from './tell.ts';

/** Whether everything beyond an offset of a history is nothing but heartbeats. */
export type OnlyPings = (replid: string, beyond: number) => boolean;

/**
 * A full synchronization although the master holds all that the replica has, and its backlog the rest. Where a rule of
 * Redis wants it all the same it is worth a warning that says which; where none does, something was forgotten that
 * must be remembered, or refused that must be granted.
 */
export class NeedlessFullSync {
  readonly #scope: RunScope;
  readonly #tell: Tell;
  readonly #warn: Tell;
  readonly #onlyPings: OnlyPings;
  readonly #memories: readonly Memory[];
  readonly #files = new WeakMap<RdbFile, Served | null>();

  constructor(scope: RunScope, tell: Tell, warn: Tell, onlyPings: OnlyPings) {
    this.#scope = scope;
    this.#tell = tell;
    this.#warn = warn;
    this.#onlyPings = onlyPings;
    this.#memories = scope.names.map(() => new Memory());
  }

  /** What its version has to do, whatever this server does. */
  #soundProfile(node: number): Profile {
    return PROFILES[this.#scope.world().profile(node).name];
  }

  snapshotTaken(server: RedisServer, file: RdbFile): void {
    if (this.#files.has(file)) return;
    this.#files.set(file, receivedPlace(server, file) ?? placeInFile(server));
  }

  /** The next one may find its disk empty. */
  processEnded(node: number): void {
    this.#memories[node]!.loads(null);
  }

  snapshotRead(node: number, file: RdbFile): void {
    this.#memories[node]!.loads(this.#files.get(file) ?? null);
  }

  moved(node: number, server: RedisServer, place: Place): void {
    this.#memories[node]!.moved(server, place, this.#scope.hand.now);
  }

  logged(node: number, message: string): void {
    const world = this.#scope.world();
    const server = world.server(node);
    if (server !== null) this.#memories[node]!.logged(server, message, this.#soundProfile(node), world.now);
  }

  decided({ decision, replica: node, master: masterNode }: DecisionRecord): void {
    if (decision.outcome !== 'full' || node === null) return;
    const world = this.#scope.world();
    const replica = world.server(node);
    const master = world.server(masterNode);
    const held = this.#memories[node]!;
    if (replica === null || master === null || held.replid === '' || replica === master) return;
    if (!this.#waitsFor(replica, masterNode, decision.reason)) return;
    const { names, histories } = this.#scope;
    const memory = this.#memories[masterNode]!;
    const offset = held.offsetOf(replica);
    const refusal = memory.refuses(master, held.replid, offset);
    const has = `${names[node]} holds ${histories.name(held.replid)}:${offset}`;
    if (refusal === null) {
      const forgot = held.forgot ?? (decision.reason === 'sync' ? held.fellBack : null);
      const text = `${has}, which ${names[masterNode]} could go on from`;
      if (forgot !== null) this.#warn(NO_NEEDLESS_FULL_SYNC, node, `${text}; ${forgot}`);
      else this.#tell(NO_NEEDLESS_FULL_SYNC, node, `${text}, and ${this.#wrong(decision, held, memory)}`);
      return;
    }
    const reason = this.#reason(refusal, replica, node, master, masterNode);
    if (reason !== null) this.#warn(NO_NEEDLESS_FULL_SYNC, node, `${has}, and ${reason}`);
  }

  /** Whether the request was its last word: on a slow link one may come long after it went elsewhere. */
  #waitsFor(replica: RedisServer, masterNode: number, reason: DecisionRecord['decision']['reason']): boolean {
    const { masterhost, masterport, replState } = replica;
    if (masterhost === null || this.#scope.world().nodeAt(masterhost, masterport) !== masterNode)
      return false;
    return replState === (reason === 'sync' ? REPL_STATE_TRANSFER : REPL_STATE_RECEIVE_PSYNC);
  }

  /** What was done against the rules. */
  #wrong({ replid, reason }: DecisionRecord['decision'], held: Memory, memory: Memory): string {
    if (memory.thrown !== null) return memory.thrown.why;
    if (replid === held.replid) return `the decision is full/${reason}`;
    return `nothing in Redis makes it ask for ${replid === null || replid === '?' ? 'everything' : 'anything else'}`;
  }

  /** The rule of Redis that is in the way though all that is needed is there; null where something is missing. */
  #reason(
    refusal: 'id' | 'fence' | 'backlog' | 'ahead',
    replica: RedisServer,
    node: number,
    master: RedisServer,
    masterNode: number,
  ): string | null {
    const { histories, names } = this.#scope;
    const name = names[masterNode];
    const own = histories.position(node, replica);
    if (refusal === 'fence') {
      const left = this.#memories[masterNode]!.second!.until;
      if (!this.#onlyPings(own.history.replid, left)) return null;
      return `${name} left that history at ${left}; what comes after are PINGs, which count as bytes (masterTryPartialResynchronization)`;
    }
    if (refusal !== 'id') return null;
    const place = contentOf(own);
    const way = wayTo(histories.position(masterNode, master), place);
    if (way === null) return null;
    if (way === 'broken') {
      return `${name} holds all of it, but goes by an id that it made when it began its backlog anew or restarted`;
    }
    const isThere = place.offset === master.masterReplOffset || master.replBacklogOff <= place.offset + 1;
    if (!isThere || master.replBacklog === null) return null;
    if (place.history !== own.history) {
      if (own.history.continuous) {
        return `${name} has not heard of that id, and the one before, which it knows, is not offered (slaveTryPartialResynchronization)`;
      }
      return `its process began a history of its own, and did not take up the one that it had loaded`;
    }
    return `${name} remembers one former history, and that is not the last it had (shiftReplicationId)`;
  }
}

/** The place whose bytes a server holds, whatever name it has for them: it may have written nothing under its own. */
function contentOf(position: HistoryPosition): HistoryPosition {
  let { history, offset, number } = position;
  while (history.parent !== null) {
    const { parent } = history;
    if (history.continuous ? offset > parent.offset : history.writes > 0) break;
    ({ history, offset, number } = history.continuous ? { ...parent, offset } : parent);
  }
  return { history, offset, number };
}

/** Whether a server at `position` holds all up to `place`: on a way on which offsets count on, or on one that breaks. */
function wayTo(position: HistoryPosition, place: HistoryPosition): 'whole' | 'broken' | null {
  const held = heldOf(position, place.history);
  if (held === undefined || held.offset < place.offset) return null;
  for (let at = position.history; at !== place.history && at.parent !== null; at = at.parent.history) {
    if (!at.continuous) return 'broken';
  }
  return 'whole';
}

/** What a replica writes in the middle of a synchronization is what it has received: its master's place. */
function receivedPlace(
  { replState, replid, masterReplOffset }: RedisServer,
  { repl }: RdbFile,
): Served | null {
  if (repl === null || replState !== REPL_STATE_TRANSFER) return null;
  const isOwn = repl.id === replid && repl.offset === masterReplOffset;
  return isOwn ? null : { replid: repl.id, until: repl.offset };
}
