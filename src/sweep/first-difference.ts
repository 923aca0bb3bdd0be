import { Simulation } from '../../sim/simulation.ts';
import { runScenario, type WorldMaker } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** The first event at which two runs of one seed are not the same. */
export interface FirstDifference {
  /** Its number in the run, from 1. */
  readonly event: number;
  /** Microseconds of virtual time. */
  readonly at: number;
  /** The node that it touched in the second run; null where it touched none. */
  readonly node: string | null;
}

/** Makes a world out of the usual one, so that a test can give one that is not the same twice. */
type Simulated = new (...made: ConstructorParameters<typeof Simulation>) => Simulation;

/**
 * Plays a seed twice more and compares the hash after every event. Null where the two are the same: what made
 * the first two differ did not come again.
 */
export function firstDifference(
  scenario: Scenario,
  seed: string,
  World: Simulated = Simulation,
): FirstDifference | null {
  const hashes: string[] = [];
  runScenario(
    scenario,
    { seed },
    steppedWorld(World, (world) => hashes.push(world.traceHash())),
  );
  const differences: FirstDifference[] = [];
  let event = 0;
  const compare = (world: Simulation): void => {
    const isSame = world.traceHash() === hashes[event++];
    if (isSame || differences.length > 0) return;
    differences.push({ event, at: world.now, node: world.nodeNames[world.touched] ?? null });
  };
  runScenario(scenario, { seed }, steppedWorld(World, compare));
  return differences[0] ?? null;
}

/** A world that tells of every step. */
function steppedWorld(World: Simulated, stepped: (world: Simulation) => void): WorldMaker {
  class Stepped extends World {
    override step(until: number): boolean {
      const went = super.step(until);
      if (went) stepped(this);
      return went;
    }
  }
  return (setup, observer) => new Stepped(setup, observer);
}
