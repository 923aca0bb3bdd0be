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

/** Running them. */
export interface RunTools {
  runScenario(
    scenario: Scenario,
    options: RunOptions,
  ): { readonly result: RunResult; readonly story: readonly StoryEvent[] };
  suggestExpectations(result: RunResult, scenario: Scenario): string;
}

/** The heavy parts of the program, fetched when a command needs them; tests bring their own. */
export interface Engine {
  scenarios(): Promise<ScenarioTools>;
  runs(): Promise<RunTools>;
}
