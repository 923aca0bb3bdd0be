import { mutated } from '../../sim/mutants/index.ts';
import type { LinkSettings } from '../../sim/network/link.ts';
import { PROFILES } from '../../sim/redis/profile.ts';
import type { NodeSetup, SimulationSetup } from '../../sim/simulated-world.ts';
import type { LinkSpec, NodeSpec, Scenario } from '../scenario/scenario.ts';

/** The world that a scenario describes; `record` keeps the states of its servers. */
export function simulationSetup(scenario: Scenario, seed: string, record: boolean): SimulationSetup {
  return {
    seed,
    nodes: scenario.nodes.map((node) => nodeSetup(node, scenario.mutants)),
    link: linkLookup(scenario),
    record,
  };
}

function nodeSetup(spec: NodeSpec, mutants: readonly string[]): NodeSetup {
  const profile = mutated(PROFILES[spec.profile], mutants);
  const { name, config, replicaof, dataset, machine, boot } = spec;
  return { name, profile, config, replicaof, dataset, machine, boot };
}

/** The settings of a direction between two nodes; of several entries the last one wins. */
function linkLookup({ nodes, links }: Scenario): (from: number, to: number) => LinkSettings {
  const byNames = new Map<string, LinkSpec>();
  for (const { from, to, link } of links.directions) byNames.set(`${from} ${to}`, link);
  return (from, to) => byNames.get(`${nodes[from]!.name} ${nodes[to]!.name}`) ?? links.default;
}
