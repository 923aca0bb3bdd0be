import { SLAVE_STATE_ONLINE } from '../../sim/redis/networking/client.ts';
import type { RedisServer } from '../../sim/redis/server.ts';
import type { SimulatedWorld } from '../../sim/simulated-world.ts';

/** A replica as its master lists it. */
export interface ListedSlave {
  /** Its client's number on the master. */
  readonly client: number;
  /** The node at the address it announced, or that address. */
  readonly name: string;
  /** INFO's word: `wait_bgsave`, `send_bulk`, `online`. */
  readonly state: string;
}

/** The replicas that each server lists. INFO is asked only where one came, went or changed its state. */
export class SlaveLists {
  readonly #world: SimulatedWorld;
  readonly #known: { key: string; list: readonly ListedSlave[] }[];

  constructor(world: SimulatedWorld) {
    this.#world = world;
    this.#known = world.nodeNames.map(() => ({ key: '', list: [] }));
  }

  /** The same array as before while nothing has changed. */
  of(node: number, { slaves, clients }: RedisServer): readonly ListedSlave[] {
    const known = this.#known[node]!;
    if (slaves.length === 0 && known.key === '') return known.list;
    const key = slaves.map((id) => `${id}:${clients[id]!.replstate}`).join(' ');
    if (key === known.key) return known.list;
    known.key = key;
    // INFO leaves out those that have no state with a name.
    const listed = slaves.filter((id) => clients[id]!.replstate <= SLAVE_STATE_ONLINE);
    known.list = Object.entries(this.#world.info(node)).flatMap(([field, value]) => {
      const index = /^slave(\d+)$/.exec(field)?.[1];
      const line = /^ip=(.*?),port=(\d+),state=(\w+)/.exec(String(value));
      if (index === undefined || line === null) return [];
      const [, ip, port, state] = line;
      return [
        { client: listed[Number(index)]!, name: nodeName(this.#world, ip!, Number(port)), state: state! },
      ];
    });
    return known.list;
  }
}

/** The node that listens on an address, or the address where it is no node's. */
export function nodeName(world: SimulatedWorld, ip: string, port: number): string {
  const node = world.nodeAt(ip, port);
  return node === null ? `${ip}:${port}` : world.nodeNames[node]!;
}
