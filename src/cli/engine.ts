import type { RunResult, StoryEvent } from '../run/result.ts';
import type { Loaded, LoadOptions } from '../scenario/load.ts';
import type { Problem } from '../scenario/problems.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Reading scenarios. */
export interface ScenarioTools {
  loadScenarioFile(text: string, file: string, options: LoadOptions): Loaded;
  formatProblem(problem: Problem): string;
  scenarioJsonSchema(): unknown;
}

export interface RunOptions {
  readonly seed?: string;
  readonly maxEvents: number;
  readonly story: boolean;
}

/** A run that is played piece by piece. */
export interface StartedRun {
  /** Plays on for so many events at most; true once the run is over. */
  advance(events: number): boolean;
  outcome(): { readonly result: RunResult; readonly story: readonly StoryEvent[] };
}

/** Running them. */
export interface RunTools {
  startRun(scenario: Scenario, options: RunOptions): StartedRun;
  suggestExpectations(result: RunResult, scenario: Scenario): string;
}

/** The heavy parts of the program, fetched when a command needs them; tests bring their own. */
export interface Engine {
  scenarios(): Promise<ScenarioTools>;
  runs(): Promise<RunTools>;
}
