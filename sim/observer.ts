import type { Bytes } from './redis/networking/bytes.ts';
import type { RdbFile } from './redis/rdb/rdb-file.ts';
import type { PsyncDecision } from './redis/replication/psync-decision.ts';
import type { LogLevel, SyncEnd } from './redis/system.ts';

/** A client's connection, never reused within a run. */
export type ConnectionId = number;

/**
 * What a simulation tells whoever watches and drives it. All of it is called from within an event, in order;
 * times are the simulation's `now`. An observer may schedule, send and inject faults from here.
 */
export interface Observer {
  /** A timer set with `Simulation.schedule` came due. */
  timer(token: number): void;
  /** A client's connection was established, or could not be. */
  connected(connection: ConnectionId): void;
  refused(connection: ConnectionId): void;
  /** Bytes of replies arrived on a client's connection. */
  received(connection: ConnectionId, bytes: Bytes): void;
  /** A client's connection ended from the other side. */
  closed(connection: ConnectionId): void;
  /** A server wrote a line to its log. */
  logged(node: number, level: LogLevel, message: string): void;
  /** A server answered a PSYNC or SYNC; `replica` is null where the request came from no node. */
  decided(decision: DecisionRecord): void;
  /** A full synchronization ended; it is the record given to `decided`. */
  syncEnded(decision: DecisionRecord): void;
  /** A replica's attempt to reach its master ended; `master` is null for an address that is no node's. */
  attemptEnded(replica: number, master: number | null, startedAt: number, ended: string): void;
  /** A command entered the replication stream at the node that produced it. */
  propagated(node: number, command: Bytes, replid: string, offset: number): void;
  /** A snapshot was taken of what a node holds now: a save's child was forked, or a file written at once. */
  snapshotTaken?(node: number, file: RdbFile): void;
  /** A process that starts loads this file. */
  snapshotRead?(node: number, file: RdbFile): void;
  /** A process with a broken rule came to a state that cannot be, and is about to end; what its log says of it. */
  crashed?(node: number, message: string): void;
  /** A process came up, ended, was stopped or goes on. */
  processChanged(node: number): void;
}

/** A decision as the simulation records it. Times are microseconds; `sync` is filled when the sync ends. */
export interface DecisionRecord {
  readonly at: number;
  readonly replica: number | null;
  readonly master: number;
  readonly decision: PsyncDecision;
  sync: { ended: SyncEnd | 'running'; endedAt: number; rdbBytes: number } | null;
}
