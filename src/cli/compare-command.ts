import type { Both } from '../compare/comparison.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { createPalette } from '../terminal/colour.ts';
import { wantsColour } from '../terminal/colour-policy.ts';
import { formatCase } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { Engine, ScenarioTools } from './engine.ts';
import { EXIT, Interrupted, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { loadScenarios } from './load.ts';
import type { OptionValues } from './options.ts';
import { parseMaxEvents } from './run-command.ts';
import { repeatCommand } from './run-plan.ts';
import { writeFile } from './write-file.ts';

const COLUMNS = 80;

/** One of the two runs: the file and the options it is read with. */
interface SideRequest {
  readonly file: string;
  readonly options: OptionValues;
  /** What is its own. */
  readonly changes: readonly string[];
}

/** `psynclab compare`: two runs of one seed side by side, and what became of the first difference. */
export async function compareCommand(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<number> {
  const requests = requestsOf(operands, options);
  const maxEvents = parseMaxEvents(options['max-events']);
  const tools = await engine.scenarios();
  const left = await loadOne(requests.left, io, tools);
  const right = left === null ? null : await loadOne(requests.right, io, tools);
  if (left === null || right === null) return EXIT.wrong;

  const { recordTrace } = await import('../trace/record.ts');
  const record = async (scenario: Scenario, request: SideRequest) => {
    if ((await io.pause()) === 'interrupted') throw new Interrupted();
    const repeat = repeatCommand({ scenario, seed: left.seed }, request.options);
    return io.interruptible(() => recordTrace(scenario, left.seed, { repeat, maxEvents }));
  };
  const traces = { left: await record(left, requests.left), right: await record(right, requests.right) };
  const { compareTraces } = await import('../compare/comparison.ts');
  const comparison = io.interruptible(() => compareTraces(traces.left, traces.right));
  const labels = { left: label(left, requests.left), right: label(right, requests.right) };

  if (options.html !== undefined) {
    const { comparisonPage } = await import('../compare/page.ts');
    writeFile(options.html, comparisonPage(comparison, labels), io.cwd);
  }
  const { tellComparison } = await import('../compare/text.ts');
  const lines = tellComparison(comparison, {
    columns: io.stdout.columns ?? COLUMNS,
    palette: createPalette(wantsColour(options.color, io.env, io.stdout.columns !== undefined)),
    labels,
  });
  for (const line of lines) io.stdout.write(`${line}\n`);
  return EXIT.held;
}

/**
 * Two files are compared as the options say. One file is compared with itself: with what `--set` and `--profile`
 * change, or in two of its cases.
 */
function requestsOf(operands: readonly string[], options: OptionValues): Both<SideRequest> {
  const [first, second, ...more] = operands;
  if (first === undefined)
    throw new UsageError('compare what?', 'two scenario files, or one and what to change');
  if (more.length > 0) throw new UsageError('compare takes two files at most');
  if (second !== undefined) {
    return {
      left: { file: first, options, changes: [] },
      right: { file: second, options, changes: [] },
    };
  }
  const { set, profile, case: cases = [], ...rest } = options;
  if (set !== undefined || profile !== undefined) {
    const changes = [
      ...(profile === undefined ? [] : [`--profile ${profile}`]),
      ...(set ?? []).map((setting) => `--set ${setting}`),
    ];
    return {
      left: { file: first, options: { ...rest, case: cases }, changes: ['as it is'] },
      right: { file: first, options, changes },
    };
  }
  const [one, other, ...others] = twice(cases);
  if (one === undefined || other === undefined || others.length > 0) {
    throw new UsageError(
      `compare ${first} with what?`,
      'a second file, --set, --profile, or a --case with two values',
    );
  }
  const shared = cases.filter((value) => value !== one && value !== other);
  return {
    left: { file: first, options: { ...rest, case: [...shared, one] }, changes: [] },
    right: { file: first, options: { ...rest, case: [...shared, other] }, changes: [] },
  };
}

/** Of the values of `--case`, those whose key is given more than once. */
function twice(cases: readonly string[]): readonly string[] {
  const keyOf = (text: string): string => text.split('=')[0]!;
  return cases.filter((text) => cases.filter((other) => keyOf(other) === keyOf(text)).length > 1);
}

/** The one scenario that a side means; null once its problems were told. */
async function loadOne(request: SideRequest, io: Io, tools: ScenarioTools): Promise<Scenario | null> {
  const { file, options } = request;
  const scenarios = await loadScenarios([file], options, io, tools);
  if (scenarios === null) return null;
  if (scenarios.length === 1) return scenarios[0]!;
  const several = new Set(scenarios.map((scenario) => scenario.file)).size > 1 ? 'scenarios' : 'cases';
  throw new UsageError(
    `${file} has ${scenarios.length} ${several}`,
    several === 'cases' ? `choose one: ${caseOptions(scenarios)}` : 'name one file',
  );
}

const MOST_CASES = 6;

/** What would choose each of the cases, by the first key that tells them apart. */
function caseOptions(scenarios: readonly Scenario[]): string {
  const keys = Object.keys(scenarios[0]!.case ?? {});
  const valuesOf = (key: string): string[] => scenarios.map((scenario) => String(scenario.case?.[key]));
  const key = keys.find((one) => new Set(valuesOf(one)).size === scenarios.length);
  if (key === undefined) return 'by several --case K=V';
  const options = valuesOf(key).map((value) => `--case ${key}=${value}`);
  return options.slice(0, MOST_CASES).join(', ') + (options.length > MOST_CASES ? ', …' : '');
}

/** What a run is called: its file and what is its own. */
function label(scenario: Scenario, { file, changes }: SideRequest): string {
  const values = formatCase(scenario.case);
  return sanitizeLine([file, ...(values === '' ? [] : [`[${values}]`]), ...changes].join(' '));
}
