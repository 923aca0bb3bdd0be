import { CONTINUITY } from '../../../sim/invariants/index.ts';
import { CLIENT_PRE_PSYNC } from '../../../sim/redis/networking/client.ts';
import type { RedisServer } from '../../../sim/redis/server.ts';
import type { Place } from './place.ts';
import type { Tell } from './tell.ts';

/**
 * Ids that no longer say what a server holds. A replica that was synchronized with SYNC was told neither id nor offset:
 * Redis goes on with the id it had heard of last and counts from -1, so under that id there are two texts from
 * then on, for its own replicas too. Of such an id nothing is asked any more.
 */
export class AmbiguousIds {
  readonly #ids = new Set<string>();
  readonly #warn: Tell;

  constructor(warn: Tell) {
    this.#warn = warn;
  }

  has(replid: string): boolean {
    return this.#ids.size > 0 && this.#ids.has(replid);
  }

  /** A server has left the course it was on at this place; `name` is that of its history. */
  moved(node: number, server: RedisServer, place: Place, name: string): void {
    if (!place.synchronized || server.master === null || this.has(server.replid)) return;
    const link = server.clients[server.master];
    if (link === undefined || (link.flags & CLIENT_PRE_PSYNC) === 0) return;
    this.#ids.add(server.replid);
    const text = `it was synchronized with SYNC, and calls what it holds ${name}:${server.masterReplOffset}`;
    this.#warn(CONTINUITY, node, `${text}, a name that others have for other bytes (readSyncBulkPayload)`);
  }
}
