import { type LoadOptions, loadScenarioFile } from './load.ts';
import { formatProblem } from './problems.ts';
import type { Scenario } from './scenario.ts';

/** The scenarios of a text that must be right. */
export function loadAll(text: string, options: LoadOptions = {}): readonly Scenario[] {
  const loaded = loadScenarioFile(text, 'test.yaml', options);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.scenarios;
}

/** The one scenario of a text that must be right. */
export function loadOne(text: string, options: LoadOptions = {}): Scenario {
  const all = loadAll(text, options);
  if (all.length !== 1) throw new Error(`${all.length} scenarios`);
  return all[0]!;
}

/** What is wrong with a text, as `LINE:COL: message` with the hints below, or as the option it is about. */
export function problemsOf(text: string, options: LoadOptions = {}): string[] {
  const loaded = loadScenarioFile(text, 'test.yaml', options);
  if (loaded.ok) throw new Error('nothing is wrong');
  return loaded.problems.map((problem) => formatProblem(problem).replace(/^test\.yaml:/, ''));
}

/** The same without hints. */
export function messagesOf(text: string, options: LoadOptions = {}): string[] {
  return problemsOf(text, options).map((problem) => problem.split('\n')[0]!);
}

/** A scenario of two nodes, A and its replica B, with more lines after. */
export function scenario(...lines: string[]): string {
  return ['name: test', 'duration: 60s', 'nodes: { A: {}, B: { replicaof: A } }', ...lines, ''].join('\n');
}

/** The same with timeline entries, from line 5 on. */
export function timeline(...entries: string[]): string {
  return scenario('timeline:', ...entries.map((entry) => `  - ${entry}`));
}

/** The same with expectations, from line 5 on. */
export function expectations(...items: string[]): string {
  return scenario('expect:', ...items.map((item) => `  - ${item}`));
}
