import type { ProfileName } from '../../sim/redis/profile.ts';
import { nearest } from '../scenario/nearest.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { sanitizeLines } from '../terminal/sanitize.ts';
import type { ScenarioTools } from './engine.ts';
import { UsageError } from './errors.ts';
import { findSources, readBeside, type Source } from './files.ts';
import type { Io } from './io.ts';
import type { OptionValues } from './options.ts';

/** What a command wants beside what its options say. */
export interface LoadSettings {
  readonly seed?: string | undefined;
  readonly serverProfile?: ProfileName | undefined;
  /** Told what the files hold, once. */
  readonly found?: (sources: readonly Source[]) => void;
}

/**
 * The scenarios that the operands mean, or null after every problem of every file was reported: nothing runs
 * before all of them are right. `seed` takes the place of each one's own, and of the cases' seeds.
 */
export async function loadScenarios(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  tools: ScenarioTools,
  { seed = options.seed, serverProfile, found }: LoadSettings = {},
): Promise<readonly Scenario[] | null> {
  const search = await findSources(operands, io);
  found?.(search.sources);
  const problems = new Set(search.problems);
  const scenarios: Scenario[] = [];
  for (const { file, text } of search.sources) {
    const loaded = tools.loadScenarioFile(text, file, {
      ...(seed === undefined ? {} : { seed }),
      ...(options.profile === undefined ? {} : { profile: options.profile }),
      ...(serverProfile === undefined ? {} : { serverProfile }),
      set: options.set ?? [],
      mutants: options.mutant ?? [],
      readFile: (path) => readBeside(path, io.cwd),
    });
    if (loaded.ok) scenarios.push(...loaded.scenarios);
    else for (const problem of loaded.problems) problems.add(tools.formatProblem(problem));
  }
  if (problems.size > 0) {
    for (const problem of problems) io.stderr.write(`${sanitizeLines(problem)}\n`);
    return null;
  }
  const chosen = chooseCases(chooseTagged(scenarios, options.tag ?? []), options.case ?? []);
  if (chosen.length === 0) throw new UsageError('nothing to run');
  writeNotes(chosen, io);
  return chosen;
}

/** The one scenario that a file and `--case` mean; null after its problems were reported. */
export async function loadOneScenario(
  file: string,
  options: OptionValues,
  io: Io,
  tools: ScenarioTools,
): Promise<Scenario | null> {
  const scenarios = await loadScenarios([file], options, io, tools);
  if (scenarios === null) return null;
  const [scenario] = scenarios;
  if (scenario !== undefined && scenarios.length === 1) return scenario;
  throw new UsageError(`${file} has ${scenarios.length} cases`, 'choose one with --case K=V');
}

/** The scenarios that have every one of the tags; throws UsageError where none has. */
function chooseTagged(scenarios: readonly Scenario[], wanted: readonly string[]): readonly Scenario[] {
  let chosen = scenarios;
  for (const tag of wanted) {
    const known = new Set(chosen.flatMap(({ tags }) => tags));
    chosen = chosen.filter(({ tags }) => tags.includes(tag));
    if (chosen.length > 0) continue;
    const near = nearest(tag, known);
    throw new UsageError(
      `--tag ${tag} matches nothing`,
      near === null ? 'psynclab list --tags lists them' : `did you mean ${near}?`,
    );
  }
  return chosen;
}

/** The scenarios whose case has every value that `--case` asks for; throws UsageError where none has. */
export function chooseCases(scenarios: readonly Scenario[], wanted: readonly string[]): readonly Scenario[] {
  let chosen = scenarios;
  for (const text of wanted) {
    const equals = text.indexOf('=');
    if (equals <= 0) throw new UsageError(`--case ${text} is not KEY=VALUE`);
    const key = text.slice(0, equals);
    const value = text.slice(equals + 1);
    const withKey = chosen.filter((scenario) => scenario.case !== null && Object.hasOwn(scenario.case, key));
    if (withKey.length === 0) throw noCase(text, key, caseKeys(chosen), 'key');
    const matching = withKey.filter((scenario) => isValue(scenario.case![key]!, value));
    const values = new Set(withKey.map((scenario) => String(scenario.case![key])));
    if (matching.length === 0) throw noCase(text, value, values, 'value');
    chosen = matching;
  }
  return chosen;
}

/** Numbers are compared as numbers: `0.10` is 0.1. */
function isValue(value: string | number | boolean, text: string): boolean {
  return String(value) === text || (typeof value === 'number' && Number(text) === value);
}

function caseKeys(scenarios: readonly Scenario[]): Set<string> {
  return new Set(scenarios.flatMap((scenario) => Object.keys(scenario.case ?? {})));
}

function noCase(text: string, word: string, known: ReadonlySet<string>, what: string): UsageError {
  if (known.size === 0) return new UsageError(`--case ${text} matches nothing: there are no cases`);
  const near = nearest(word, known);
  const hint = near === null ? `${what}s are ${[...known].join(', ')}` : `did you mean ${near}?`;
  return new UsageError(`--case ${text} matches nothing`, hint);
}

/** What is worth saying once, however many cases a file has. */
function writeNotes(scenarios: readonly Scenario[], io: Io): void {
  const said = new Set<string>();
  for (const { notes } of scenarios) {
    for (const { position, message } of notes) {
      const text = `${position.file}:${position.line}:${position.column}: note: ${message}`;
      if (!said.has(text)) io.stderr.write(`${sanitizeLines(text)}\n`);
      said.add(text);
    }
  }
}
