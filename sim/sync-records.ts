import type { DecisionRecord, Observer } from './observer.ts';
import type { PsyncDecision } from './redis/replication/psync-decision.ts';
import type { Fd, SyncEnd } from './redis/system.ts';

/** What the records need to know of the world. */
interface RecordsWorld {
  readonly now: number;
  readonly network: { peer(fd: Fd): { ip: string; port: number } };
  nodeAt(ip: string, port: number): number | null;
}

interface Attempt {
  readonly node: number;
  readonly startedAt: number;
  readonly master: number | null;
  ended: boolean;
}

/**
 * Keeps what belongs together: a replica's attempt, the decision it was given and how the synchronization
 * ended, which either end may be the first to know. The two ends of a connection have neighbouring numbers,
 * the even one is the replica's.
 */
export class SyncRecords {
  readonly #world: RecordsWorld;
  readonly #observer: Observer;
  /** By the replica's end of the connection. */
  readonly #attempts = new Map<Fd, Attempt>();
  readonly #syncs = new Map<Fd, DecisionRecord>();

  constructor(world: RecordsWorld, observer: Observer) {
    this.#world = world;
    this.#observer = observer;
  }

  /** A replica has begun to connect. */
  connecting(node: number, fd: Fd): void {
    const { ip, port } = this.#world.network.peer(fd);
    const master = this.#world.nodeAt(ip, port);
    this.#attempts.set(fd, { node, startedAt: this.#world.now, master, ended: false });
  }

  attemptEnded(fd: Fd, ended: string): void {
    const attempt = this.#attempts.get(fd);
    if (attempt === undefined || attempt.ended) return;
    attempt.ended = true;
    this.#observer.attemptEnded(attempt.node, attempt.master, attempt.startedAt, ended);
  }

  /** A master has answered on its end of a connection. */
  decided(master: number, fd: Fd, decision: PsyncDecision): void {
    const replica = this.#attempts.get(replicaEnd(fd))?.node ?? null;
    const record: DecisionRecord = {
      at: this.#world.now,
      replica,
      master,
      decision,
      sync: decision.outcome === 'full' ? { ended: 'running', endedAt: -1, rdbBytes: 0 } : null,
    };
    if (record.sync !== null) this.#syncs.set(replicaEnd(fd), record);
    this.#observer.decided(record);
  }

  /** Either end says that the synchronization ended; the first word counts. */
  syncEnded(fd: Fd, end: SyncEnd, rdbBytes: number): void {
    const record = this.#syncs.get(replicaEnd(fd));
    if (record === undefined || record.sync === null) return;
    this.#syncs.delete(replicaEnd(fd));
    record.sync = { ended: end, endedAt: this.#world.now, rdbBytes };
    this.#observer.syncEnded(record);
  }

  /** A node's process is gone, and with it every attempt and synchronization it took part in. */
  processEnded(node: number): void {
    for (const [fd, attempt] of this.#attempts) {
      if (attempt.node !== node) continue;
      this.attemptEnded(fd, 'killed');
      this.#attempts.delete(fd);
    }
    for (const [fd, record] of this.#syncs) {
      if (record.master === node || record.replica === node) this.syncEnded(fd, 'transfer-broken', 0);
    }
  }
}

function replicaEnd(fd: Fd): Fd {
  return fd - (fd % 2);
}
