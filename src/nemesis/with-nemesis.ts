import type { Scenario } from '../scenario/scenario.ts';
import { drawFaults } from './draw.ts';

/** The scenario as a seed plays it: what its nemesis draws stands at the end of its timeline. */
export function withNemesis(scenario: Scenario, seed: string): Scenario {
  const { nemesis, timeline } = scenario;
  if (nemesis === null) return scenario;
  return {
    ...scenario,
    timeline: [...timeline, ...nemesis.resolve(drawFaults(scenario, seed))],
    nemesis: null,
  };
}
