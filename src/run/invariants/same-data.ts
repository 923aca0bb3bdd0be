import type { Keyspace } from '../../../sim/redis/data/keyspace.ts';
import type { RedisServer } from '../../../sim/redis/server.ts';
import type { SimulatedWorld } from '../../../sim/simulated-world.ts';

type Holder = readonly [node: number, server: RedisServer];

/** Whether two servers hold the same data. Replicas that follow mostly have the very objects of their master. */
export function holdSame(
  world: SimulatedWorld,
  [one, { dbs }]: Holder,
  [other, { dbs: others }]: Holder,
): boolean {
  return sameObjects(dbs, others) || world.digest(one) === world.digest(other);
}

function sameObjects(
  some: Readonly<Record<number, Keyspace>>,
  others: Readonly<Record<number, Keyspace>>,
): boolean {
  for (const id in some) if (some[id] !== others[id]) return false;
  for (const id in others) if (some[id] !== others[id]) return false;
  return true;
}
