import type { Client, ClientId } from '../../sim/redis/networking/client.ts';
import type { RedisServer } from '../../sim/redis/server.ts';
import { Simulation } from '../../sim/simulation.ts';
import type { WorldMaker } from '../run/run.ts';

/** What a state machine of a server did. The numbers are those of server.ts and client.ts. */
export interface TransitionListener {
  /** `repl_state` of a node changed. */
  replState(node: number, from: number, to: number): void;
  /** A master's view of a replica, `replstate`, changed; `to` is null where the replica is gone. */
  slaveState(node: number, from: number, to: number | null): void;
  /** The stream to a replica was held back until its first ACK, and now goes out. */
  unmuted(node: number): void;
}

/** A world that also tells each transition, those within one event too, of which no later look would see anything. */
export function watchedSimulation(listener: TransitionListener): WorldMaker {
  return (setup, observer) => new WatchedSimulation(listener, setup, observer);
}

/**
 * Fields of the servers' state are replaced by accessors that tell of each assignment. The servers know nothing
 * of it and run as they always do, if more slowly.
 */
class WatchedSimulation extends Simulation {
  readonly #listener: TransitionListener;
  readonly #servers: (RedisServer | null)[] = [];
  readonly #clients: Map<ClientId, Client>[] = [];

  constructor(listener: TransitionListener, ...made: ConstructorParameters<typeof Simulation>) {
    super(...made);
    this.#listener = listener;
  }

  override step(until: number): boolean {
    if (!super.step(until)) return false;
    if (this.touched >= 0) this.#look(this.touched);
    return true;
  }

  #look(node: number): void {
    const server = this.server(node);
    if (server !== (this.#servers[node] ?? null)) {
      this.#servers[node] = server;
      this.#clients[node] = new Map();
      if (server !== null) {
        onAssignment(server, 'replState', (from, to) => this.#listener.replState(node, from, to));
      }
    }
    if (server !== null) this.#lookAtClients(node, server);
  }

  #lookAtClients(node: number, server: RedisServer): void {
    const known = this.#clients[node]!;
    for (const client of Object.values(server.clients)) {
      if (known.has(client.id)) continue;
      known.set(client.id, client);
      onAssignment(client, 'replstate', (from, to) => this.#listener.slaveState(node, from, to));
      onAssignment(client, 'replPutOnlineOnAck', (from, to) => {
        if (from && !to) this.#listener.unmuted(node);
      });
    }
    for (const [id, { replstate }] of known) {
      if (server.clients[id] !== undefined) continue;
      known.delete(id);
      if (replstate !== 0) this.#listener.slaveState(node, replstate, null);
    }
  }
}

/** Calls back whenever another value is assigned to a field. */
function onAssignment<T extends object, K extends keyof T>(
  object: T,
  key: K,
  changed: (from: T[K], to: T[K]) => void,
): void {
  let value = object[key];
  Object.defineProperty(object, key, {
    enumerable: true,
    configurable: true,
    get: () => value,
    set: (next: T[K]) => {
      const before = value;
      value = next;
      if (before !== next) changed(before, next);
    },
  });
}
