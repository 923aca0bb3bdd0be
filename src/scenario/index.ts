export { type Loaded, type LoadOptions, loadScenarioFile } from './load.ts';
export { formatProblem, type Problem } from './problems.ts';
export type { Position, Scenario } from './scenario.ts';
export { scenarioJsonSchema } from './schema.ts';
export { MAX_FILE_BYTES } from './yaml-source.ts';
