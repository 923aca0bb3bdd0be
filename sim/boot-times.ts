import type { RandomStreams } from './kernel/random.ts';
import type { NodeSetup } from './simulated-world.ts';

const SECOND = 1_000_000;

/**
 * When each node's process first starts, in microseconds before time 0: masters in the second-last second,
 * replicas in the last, each group in the nodes' order, at moments drawn from the seed unless pinned.
 */
export function bootTimes(nodes: readonly NodeSetup[], streams: RandomStreams): number[] {
  const times = nodes.map(({ boot }) => boot ?? 0);
  for (const [begin, isReplica] of [
    [-2 * SECOND, false],
    [-SECOND, true],
  ] as const) {
    const group = [...nodes.keys()].filter((i) => (nodes[i]!.replicaof !== null) === isReplica);
    for (const [slot, i] of group.entries()) {
      const { name, boot } = nodes[i]!;
      if (boot !== null) continue;
      const draw = streams.stream(`boot/${name}`).next();
      times[i] = begin + Math.floor(((slot + draw) * SECOND) / group.length);
    }
  }
  return times;
}
