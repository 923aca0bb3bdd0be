import { Simulation } from '../../sim/simulation.ts';
import type { Branch } from '../nemesis/draw.ts';
import { withNemesis } from '../nemesis/with-nemesis.ts';
import type { RunOutcome } from '../run/result.ts';
import { type RunOptions, runScenario } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Plays a seed up to a moment, and from there on as another seed has it: one of the futures of that moment. */
export function playFuture(
  scenario: Scenario,
  seed: string,
  branch: Branch,
  options: Omit<RunOptions, 'seed'> = {},
): RunOutcome {
  const played = withNemesis(scenario, seed, branch);
  return runScenario(played, { ...options, seed }, (setup, observer) => {
    const world = new BranchingSimulation(setup, observer);
    world.ahead = branch;
    return world;
  });
}

class BranchingSimulation extends Simulation {
  ahead: Branch | null = null;

  override step(until: number): boolean {
    const { ahead } = this;
    if (ahead === null) return super.step(until);
    if (super.step(Math.min(until, ahead.at))) return true;
    if (until <= ahead.at) return false;
    this.ahead = null;
    this.branch(ahead.seed);
    return super.step(until);
  }
}
