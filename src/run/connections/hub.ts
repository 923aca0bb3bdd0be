import type { ConnectionId } from '../../../sim/observer.ts';
import { type Bytes, Command } from '../../../sim/redis/networking/bytes.ts';
import type { SimulatedWorld } from '../../../sim/simulated-world.ts';
import type { Histories, History, WaitedWrite } from '../histories.ts';
import type { Reply } from '../reply-parser.ts';
import type { Session } from './session.ts';

/** Hears of a WAIT that was answered: on which node, for how many replicas, after which writes, the newest last. */
export type WaitListener = (node: number, asked: number, writes: readonly WaitedWrite[]) => void;

/**
 * All connections of the scenario's clients: brings what the world says about a connection to its session,
 * and finds out which write a reply acknowledges.
 *
 * A command that enters the stream as it was sent is recognized by its arguments. One that enters rewritten
 * (a script's effects, INCRBYFLOAT, SPOP) is taken to be what entered the stream of its node since it was
 * sent and belongs to no other command.
 */
export class Hub {
  readonly #world: () => SimulatedWorld;
  readonly #histories: Histories;
  readonly #sessions = new Map<ConnectionId, Session>();
  /** The sessions that wait for a reply, by node. */
  readonly #waiting: Session[][];
  /** Propagations that matched no waiting command: how many so far, and the newest one, by node. */
  readonly #unclaimed: { count: number; history: History | null; offset: number; number: number }[];
  #opening: Session | null = null;

  /** Whether any client says WAIT, so that writes have to be remembered until then. */
  readonly usesWait: boolean;
  readonly #waited: WaitListener;

  constructor(
    nodes: number,
    world: () => SimulatedWorld,
    histories: Histories,
    usesWait: boolean,
    waited: WaitListener,
  ) {
    this.usesWait = usesWait;
    this.#waited = waited;
    this.#world = world;
    this.#histories = histories;
    this.#waiting = Array.from({ length: nodes }, () => []);
    this.#unclaimed = Array.from({ length: nodes }, () => ({
      count: 0,
      history: null,
      offset: 0,
      number: 0,
    }));
  }

  get world(): SimulatedWorld {
    return this.#world();
  }

  open(session: Session, node: number): ConnectionId {
    this.#opening = session;
    const connection = this.world.connect(node);
    this.#opening = null;
    this.#sessions.set(connection, session);
    return connection;
  }

  /** The connection ended, or its owner has no more use for it. */
  forget(connection: ConnectionId): void {
    this.#sessions.delete(connection);
  }

  connected(connection: ConnectionId): void {
    (this.#sessions.get(connection) ?? this.#opening)?.connected();
  }

  refused(connection: ConnectionId): void {
    (this.#sessions.get(connection) ?? this.#opening)?.ended('refused');
  }

  closed(connection: ConnectionId): void {
    this.#sessions.get(connection)?.ended('closed');
  }

  received(connection: ConnectionId, bytes: Bytes): void {
    this.#sessions.get(connection)?.received(bytes);
  }

  startWaiting(session: Session): void {
    this.#waiting[session.node]!.push(session);
    session.unclaimedBefore = this.#unclaimed[session.node]!.count;
  }

  stopWaiting(session: Session): void {
    const list = this.#waiting[session.node]!;
    const index = list.indexOf(session);
    if (index < 0) return;
    list[index] = list[list.length - 1]!;
    list.pop();
  }

  /** A command entered the stream of a node: `history` and `number` say where in what was written so far. */
  propagated(node: number, command: Bytes, history: History, offset: number, number: number): void {
    const list = this.#waiting[node]!;
    for (let i = 0; i < list.length; i++) {
      const session = list[i]!;
      if (session.write !== null || !sameCommand(session.command, command)) continue;
      session.write = history;
      session.writeOffset = offset;
      session.writeNumber = number;
      return;
    }
    const unclaimed = this.#unclaimed[node]!;
    unclaimed.count++;
    unclaimed.history = history;
    unclaimed.offset = offset;
    unclaimed.number = number;
  }

  /** A session has its reply: records the write it acknowledges, if any; true if it acknowledged one. */
  acknowledge(session: Session, reply: Reply): boolean {
    if (reply.kind === 'error' || reply.kind === 'call') return false;
    const name = session.command!.argv[0]!;
    if (isWait(name)) {
      if (reply.kind === 'integer') {
        const writes = session.waited();
        const replicas = Number(reply.text!.slice(1));
        for (const { write } of writes) write.waited = replicas;
        if (writes.length > 0) this.#waited(session.node, Number(session.command!.argv[1]), writes);
      }
      return false;
    }
    if (session.write === null) this.#claim(session);
    if (session.write === null) return false;
    const { world } = this;
    const guarded = (world.server(session.node)?.replMinSlavesToWrite ?? 0) > 0;
    session.remember(
      this.#histories.acknowledged(
        session.write,
        session.writeOffset,
        session.writeNumber,
        world.now,
        guarded,
      ),
    );
    return true;
  }

  #claim(session: Session): void {
    const unclaimed = this.#unclaimed[session.node]!;
    if (unclaimed.count === session.unclaimedBefore) return;
    session.write = unclaimed.history;
    session.writeOffset = unclaimed.offset;
    session.writeNumber = unclaimed.number;
    for (const other of this.#waiting[session.node]!) other.unclaimedBefore = unclaimed.count;
  }
}

function isWait(name: string): boolean {
  return name.length === 4 && name.toUpperCase() === 'WAIT';
}

function sameCommand(sent: Command | null, entered: Bytes): boolean {
  if (sent === entered) return true;
  if (sent === null || sent.length !== entered.length || !(entered instanceof Command)) return false;
  for (let i = sent.argv.length - 1; i >= 0; i--) if (sent.argv[i] !== entered.argv[i]) return false;
  return sent.argv.length === entered.argv.length;
}
