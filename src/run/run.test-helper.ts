import { loadScenarioFile } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunOutcome, RunResult } from './result.ts';
import { type RunOptions, runScenario } from './run.ts';

/** Loads the text of a scenario; throws with all that is wrong with it. */
export function scenarioOf(yaml: string): Scenario {
  const loaded = loadScenarioFile(yaml, 'test.yaml', {});
  if (!loaded.ok)
    throw new Error(
      loaded.problems.map(({ position, message }) => `${position.line}: ${message}`).join('\n'),
    );
  return loaded.scenarios[0]!;
}

/** Plays a scenario of two or more nodes: its header, then the keys given. */
export function play(body: string, options: RunOptions = {}): RunOutcome {
  return runScenario(scenarioOf(`name: test\n${body}`), options);
}

/** The failures' kinds and messages, one line each. */
export function failuresOf({ failures }: RunResult): string[] {
  return failures.map(({ kind, line, message }) => `${kind} ${line}: ${message}`);
}

/** A master and its replica without periodic PINGs, so that offsets depend on nothing but writes. */
export const PAIR = `
duration: 20s
nodes:
  A: { config: { repl-ping-replica-period: 3600 } }
  B: { replicaof: A }
`;
