import { REPL_STATE_CONNECTED, type RedisServer } from './redis/server.ts';

/** What a run has cost so far. Times are microseconds, from time 0 on. */
export class RunCost {
  /** Children started to save, and RDB bytes handed to replicas' sockets. */
  forks = 0;
  fullBytes = 0;
  #unreadable = 0;
  /** Since when each node's process cannot serve reads, or null. */
  readonly #since: (number | null)[];

  constructor(nodes: number) {
    this.#since = new Array<number | null>(nodes).fill(null);
  }

  /** Looks whether a node's process can serve reads now; null for none that is up. */
  look(node: number, server: RedisServer | null, now: number): void {
    const isUnreadable = server !== null && cannotServeReads(server);
    const since = this.#since[node]!;
    if (isUnreadable === (since !== null)) return;
    if (since !== null) this.#unreadable += Math.max(now, 0) - since;
    this.#since[node] = isUnreadable ? Math.max(now, 0) : null;
  }

  /** The time in which up processes could not serve reads, summed over nodes, up to now. */
  unreadable(now: number): number {
    let sum = this.#unreadable;
    for (const since of this.#since) if (since !== null) sum += Math.max(now - since, 0);
    return sum;
  }
}

/** Whether a read would be answered with -LOADING or -MASTERDOWN. */
function cannotServeReads(server: RedisServer): boolean {
  if (server.loading && !server.asyncLoading) return true;
  const linkDown = server.masterhost !== null && server.replState !== REPL_STATE_CONNECTED;
  return linkDown && !server.replServeStaleData;
}
