import { SimulatorError } from '../../sim/kernel/assert.ts';
import type { Observer } from '../../sim/observer.ts';
import type { SimulatedWorld, SimulationSetup } from '../../sim/simulated-world.ts';
import { Simulation } from '../../sim/simulation.ts';
import { withNemesis } from '../nemesis/with-nemesis.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { Playback } from './playback.ts';
import type { RunOutcome } from './result.ts';
import { simulationSetup } from './setup.ts';

export interface RunOptions {
  /** Takes the place of the scenario's seed. */
  readonly seed?: string;
  /** The run fails once it took so many events. */
  readonly maxEvents?: number;
  /** Asked now and then; where it says yes the run fails there, before the process dies of it. */
  readonly outOfMemory?: () => boolean;
  /** Whether to tell the story; a run that does not is faster. */
  readonly story?: boolean;
  /** Whether the states that the servers go through are kept; it changes nothing of what happens. */
  readonly record?: boolean;
}

export const DEFAULT_MAX_EVENTS = 100_000_000;

const never = (): boolean => false;

/** Makes the world that a run plays in. */
export type WorldMaker = (setup: SimulationSetup, observer: Observer) => SimulatedWorld;

const simulate: WorldMaker = (setup, observer) => new Simulation(setup, observer);

/**
 * A run of a scenario that is played piece by piece, so that its caller can look up in between. Its methods throw
 * ScenarioRunError for a scenario that turns out to be wrong, and SimulatorError, with what repeats the run, where
 * the simulator contradicts itself.
 */
export class ScenarioRun {
  readonly #scenario: Scenario;
  readonly #seed: string;
  readonly #playback: Playback;

  constructor(scenario: Scenario, options: RunOptions = {}, makeWorld = simulate) {
    const seed = options.seed ?? scenario.seed;
    const played = withNemesis(scenario, seed);
    const setup = simulationSetup(played, seed, options.record ?? false);
    const playback = new Playback(played, options.story ?? false, {
      maxEvents: options.maxEvents ?? DEFAULT_MAX_EVENTS,
      outOfMemory: options.outOfMemory ?? never,
    });
    this.#scenario = scenario;
    this.#seed = seed;
    this.#playback = playback;
    this.#watched(() => playback.begin(makeWorld(setup, playback.observer)));
  }

  /** Plays on for so many events at most; true once the run is over. */
  advance(events: number): boolean {
    return this.#watched(() => this.#playback.advance(events));
  }

  /** Judges the run, which is over. */
  outcome(): RunOutcome {
    return this.#watched(() => this.#playback.outcome(this.#seed));
  }

  #watched<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isContradiction(error)) throw error;
      const repeat = `psynclab run ${this.#scenario.file} --seed ${this.#seed}`;
      throw new SimulatorError(`${error.message} (${this.#playback.where()}; repeat it with: ${repeat})`, {
        cause: error,
      });
    }
  }
}

/** Plays a scenario from its start to its end and judges it; throws as ScenarioRun does. */
export function runScenario(scenario: Scenario, options: RunOptions = {}, makeWorld = simulate): RunOutcome {
  const run = new ScenarioRun(scenario, options, makeWorld);
  run.advance(Number.POSITIVE_INFINITY);
  return run.outcome();
}

/** Assertions of the simulator's parts; sim/redis has an error class of its own, as it imports nothing. */
function isContradiction(error: unknown): error is Error {
  return error instanceof SimulatorError || (error instanceof Error && error.name === 'ServerAssertionError');
}
