import { type RandomStream, RandomStreams } from '../../sim/kernel/random.ts';
import type { NodeSpec, Scenario, Topology } from '../scenario/scenario.ts';

/** What a node draws: whom it follows, where that is drawn at all, and values of directives. */
export interface DrawnNode {
  readonly replicaof?: string | null;
  readonly config: Readonly<Record<string, string>>;
}

/** Draws who follows whom and how the servers are configured, by node; none without a nemesis. */
export function drawCluster({ nemesis }: Scenario, seed: string): ReadonlyMap<string, DrawnNode> {
  if (nemesis === null) return new Map();
  const streams = new RandomStreams(`${seed}/nemesis`);
  const topology = shapeOf(nemesis.topology, streams.stream('topology'));
  const random = streams.stream('config');
  const draws = nemesis.config.filter(() => !nemesis.swarm || random.next() < 0.5);
  return new Map(
    nemesis.nodes.map((name, i) => {
      const config = Object.fromEntries(
        draws.map(({ directive, values }) => [directive, values[random.integer(values.length)]!]),
      );
      const master =
        topology === 'written' ? {} : { replicaof: masterOf(i, nemesis.nodes, topology, random) };
      return [name, { ...master, config }];
    }),
  );
}

/** The scenario with its nodes as a seed draws them. */
export function inCluster(scenario: Scenario, seed: string): Scenario {
  const drawn = drawCluster(scenario, seed);
  const nodes = scenario.nodes.map((node): NodeSpec => {
    const one = drawn.get(node.name);
    if (one === undefined) return node;
    const config = scenario.nemesis!.configure(node, one.config);
    return { ...node, config, replicaof: one.replicaof === undefined ? node.replicaof : one.replicaof };
  });
  return { ...scenario, nodes };
}

function shapeOf(topology: Topology, random: RandomStream): Topology {
  return topology === 'any' ? (['star', 'chain', 'tree'] as const)[random.integer(3)]! : topology;
}

/** The first node is the master; every other one follows one that stands before it. */
function masterOf(
  index: number,
  nodes: readonly string[],
  topology: Topology,
  random: RandomStream,
): string | null {
  if (index === 0) return null;
  if (topology === 'star') return nodes[0]!;
  return nodes[topology === 'chain' ? index - 1 : random.integer(index)]!;
}
