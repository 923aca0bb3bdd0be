import type { ConnectionId, DecisionRecord, Observer } from '../../sim/observer.ts';
import type { Bytes } from '../../sim/redis/networking/bytes.ts';
import type { RdbFile } from '../../sim/redis/rdb/rdb-file.ts';
import type { LogLevel } from '../../sim/redis/system.ts';
import { WAKE } from './clock-hand.ts';
import type { InvariantWatch } from './invariant-watch.ts';
import type { RunScope } from './scope.ts';
import { toMs } from './time.ts';

/** Nodes to be looked at again after this event, though it was not their server that it touched. */
export interface Attention {
  readonly nodes: Set<number>;
  /** Set together with an addition to `nodes`: the run loop looks at nothing else. */
  wanted: boolean;
}

/** Brings what the world tells to the parts of the run that want to know it. */
export class RunObserver implements Observer {
  readonly #scope: RunScope;
  readonly #invariants: InvariantWatch;
  readonly #attention: Attention;
  readonly #wasUp: boolean[];

  constructor(scope: RunScope, invariants: InvariantWatch, attention: Attention) {
    this.#scope = scope;
    this.#invariants = invariants;
    this.#attention = attention;
    this.#wasUp = scope.names.map(() => false);
  }

  timer(token: number): void {
    if (token === WAKE) this.#scope.hand.woke();
  }

  connected(connection: ConnectionId): void {
    this.#scope.hub.connected(connection);
  }

  refused(connection: ConnectionId): void {
    this.#scope.hub.refused(connection);
  }

  received(connection: ConnectionId, bytes: Bytes): void {
    this.#scope.hub.received(connection, bytes);
  }

  closed(connection: ConnectionId): void {
    this.#scope.hub.closed(connection);
  }

  logged(node: number, level: LogLevel, message: string): void {
    // A server that was blocked does much in one event: it may take a history over and at once leave it again. While it
    // starts, the id that it drew is nobody's yet.
    const { histories, world } = this.#scope;
    const server = world().server(node);
    if (server !== null && histories.current(node) !== null) histories.note(node, server);
    if (this.#scope.logbook.line(node, message)) this.#look(node);
    this.#invariants.logged(node, message);
    this.#scope.story?.logged(node, level, message);
  }

  decided(record: DecisionRecord): void {
    const { records, listeners, histories, story, world } = this.#scope;
    const server = world().server(record.master);
    if (server !== null) histories.note(record.master, server);
    records.decisions.push(record);
    for (const listener of listeners.decided) listener(record);
    this.#invariants.decided(record);
    story?.decided(record);
  }

  syncEnded(record: DecisionRecord): void {
    this.#scope.story?.syncEnded(record);
  }

  attemptEnded(replica: number, master: number | null, startedAt: number, ended: string): void {
    const { records, names, story } = this.#scope;
    records.attempts.push({
      at_ms: toMs(startedAt),
      replica: names[replica]!,
      master: master === null ? null : names[master]!,
      ended,
    });
    story?.attemptEnded(replica, master, ended);
  }

  propagated(node: number, command: Bytes, _replid: string, offset: number): void {
    const { histories, hub, world, calm } = this.#scope;
    const server = world().server(node);
    if (server === null) return;
    calm.since = world().now;
    const before = histories.note(node, server);
    const history = histories.propagated(node, server, offset - command.length);
    if (history !== before) this.#invariants.foreignWrite(node, before.name);
    hub.propagated(node, command, history, offset, history.writes);
  }

  snapshotTaken(node: number, file: RdbFile): void {
    const { histories, world } = this.#scope;
    const server = world().server(node);
    if (server === null) return;
    histories.fileWritten(file, histories.positionOf(node, server));
    this.#invariants.snapshotTaken(server, file);
  }

  snapshotRead(node: number, file: RdbFile): void {
    this.#scope.histories.fileRead(node, file);
    this.#invariants.snapshotRead(node, file);
  }

  crashed(node: number, message: string): void {
    this.#invariants.crashed(node, message);
  }

  processChanged(node: number): void {
    const { histories, story, names, world } = this.#scope;
    const isUp = world().processState(node) !== 'down';
    this.#scope.calm.since = world().now;
    if (isUp !== this.#wasUp[node]) {
      this.#wasUp[node] = isUp;
      if (!isUp) {
        this.#invariants.processEnded(node);
        histories.ended(node);
        story?.tell('role', names[node]!, 'is down');
      }
      story?.reset(node);
    }
    this.#look(node);
  }

  #look(node: number): void {
    this.#attention.nodes.add(node);
    this.#attention.wanted = true;
  }
}
