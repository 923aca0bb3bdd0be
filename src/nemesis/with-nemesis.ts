import type { Scenario } from '../scenario/scenario.ts';
import { inCluster } from './cluster.ts';
import { type Branch, drawFaults } from './draw.ts';

/**
 * The scenario as a seed plays it: nodes as its nemesis draws them, and what else it draws at the end of the timeline.
 */
export function withNemesis(scenario: Scenario, seed: string, branch: Branch | null = null): Scenario {
  const { nemesis, timeline } = scenario;
  if (nemesis === null) return scenario;
  const drawn = inCluster(scenario, seed);
  return {
    ...drawn,
    timeline: [...timeline, ...nemesis.resolve(drawFaults(drawn, seed, branch))],
    nemesis: null,
  };
}
