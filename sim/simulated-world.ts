import type { Scheduler } from './kernel/scheduler.ts';
import type { LinkSettings } from './network/link.ts';
import type { ConnectionId } from './observer.ts';
import type { Bytes } from './redis/networking/bytes.ts';
import type { Profile } from './redis/profile.ts';
import type { RedisServer } from './redis/server.ts';
import type { Machine } from './redis/system.ts';

/** A node as it is set up: one machine with one Redis process. */
export interface NodeSetup {
  readonly name: string;
  readonly profile: Profile;
  /** Its configuration file: directives by name, one value per line. */
  readonly config: ReadonlyMap<string, readonly string[]>;
  /** The node it replicates by its configuration file, `nowhere`, or null. */
  readonly replicaof: string | null;
  readonly dataset: number;
  readonly machine: Machine;
  /** When the process first starts, in microseconds, at most 0; null where the seed draws it. */
  readonly boot: number | null;
  /** So many microseconds its timers come late each time, as a real event loop's do; none without. */
  readonly timerSlip?: number;
  /** So many microseconds a child takes to exit once it may, as a real one does; none without. */
  readonly exitMicros?: number;
}

export interface SimulationSetup {
  readonly seed: string;
  readonly nodes: readonly NodeSetup[];
  readonly link: (from: number, to: number) => LinkSettings;
  /** Whether the states that the servers go through are kept. */
  readonly record: boolean;
}

/** What `start` changes in a node's configuration file. */
export interface StartChanges {
  readonly config?: ReadonlyMap<string, readonly string[]>;
  /** A node's name, `nowhere`, or null for none; undefined leaves it. */
  readonly replicaof?: string | null;
  readonly profile?: Profile;
}

export type ProcessState = 'up' | 'down' | 'frozen';

/**
 * The simulated world as whoever drives it sees it: nodes, clients beside them, faults. Nodes are numbered in
 * the order of the setup. Faults take effect at once; those that may find nothing to do return whether they
 * changed anything.
 */
export interface SimulatedWorld {
  /** Virtual time of the event being handled, in microseconds. */
  readonly now: number;
  /** Events handled so far. */
  readonly events: number;
  readonly nodeNames: readonly string[];
  /** The node whose server the last event touched, or -1. */
  readonly touched: number;
  readonly scheduler: Scheduler;

  /** Handles the next event if it is due at `until` or before; false when there is none. */
  step(until: number): boolean;
  /** Calls `observer.timer(token)` at that time, after what was scheduled for it before. */
  schedule(time: number, token: number): void;
  /** A random stream of the run by name. */
  random(name: string): { next(): number; integer(below: number): number };
  /** 64 hex digits over every event so far. */
  traceHash(): string;

  /** The server of a node, or null while its process is down. */
  server(node: number): RedisServer | null;
  /** The version of Redis that a node runs, or ran last. */
  profile(node: number): Profile;
  processState(node: number): ProcessState;
  /** One INFO field of a node that is up, or undefined where it gives none of that name. */
  infoField(node: number, field: string): string | number | undefined;
  /** INFO replication, sync_* and loading fields of a node that is up, in INFO's order. */
  info(node: number): Record<string, string | number>;
  /** Equal where, and only where, DEBUG DIGEST would be. */
  digest(node: number): string;
  /** The node listening on an address, or null. */
  nodeAt(ip: string, port: number): number | null;
  address(node: number): { ip: string; port: number };

  /** Opens a connection to a node from beside it: no link, no latency. Its fate is told to the observer. */
  connect(node: number): ConnectionId;
  send(connection: ConnectionId, bytes: Bytes): void;
  disconnect(connection: ConnectionId): void;

  partition(from: number, to: number): void;
  /** False where that direction was not cut. */
  heal(from: number, to: number): boolean;
  /** Resets every open connection between two nodes; how many there were. */
  reset(a: number, b: number): number;
  setLink(from: number, to: number, settings: Partial<LinkSettings>): void;
  /** Packets so far that met a direction: sent on it, or lost on it while it was cut. */
  packets(from: number, to: number): { sent: number; cut: number };
  /** False where the process is not up (a frozen one can be killed). */
  kill(node: number): boolean;
  poweroff(node: number): boolean;
  start(node: number, changes: StartChanges): boolean;
  wipe(node: number): void;
  freeze(node: number): boolean;
  thaw(node: number): boolean;
  /** How many inputs have been held back by freezes of this node so far. */
  heldBack(node: number): number;
  failSaves(node: number, fails: boolean): void;
  /** How many background saves were tried on this node while they were made to fail. */
  failedSaves(node: number): number;
  /** Save children started, RDB bytes sent, and microseconds an up process could not serve a read so far. */
  cost(): { forks: number; fullBytes: number; unreadable: number };
}
