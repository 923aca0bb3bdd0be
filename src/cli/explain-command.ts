import { existsSync, readdirSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Decided, Evidence } from '../explain/evidence.ts';
import type { Entry } from '../explain/glossary.ts';
import type { TellOptions } from '../explain/text.ts';
import { parseDuration } from '../scenario/units.ts';
import { createPalette } from '../terminal/colour.ts';
import { wantsColour } from '../terminal/colour-policy.ts';
import { safeJson, sanitizeLine } from '../terminal/sanitize.ts';
import { wrap } from '../terminal/width.ts';
import type { Engine } from './engine.ts';
import { EXIT, Interrupted, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { loadScenarios } from './load.ts';
import type { OptionValues } from './options.ts';
import { parseMaxEvents } from './run-command.ts';

const COLUMNS = 80;
/** More explanations in a row nobody reads. */
const MOST_TOLD = 30;
/** `--around` shows what happened so long before and after. */
const AROUND_MICROS = 2_000_000;

/** `psynclab explain`: why each PSYNC of a run was answered as it was, or what a log line means. */
export async function explainCommand(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<number> {
  const [operand, ...more] = operands;
  if (operand === undefined) {
    throw new UsageError('explain what?', 'a scenario file, or a log line or decision in quotes');
  }
  if (more.length > 0) throw new UsageError('explain takes one file, or one text in quotes');
  return isFile(operand, io) ? explainFile(operand, options, io, engine) : explainText(operand, options, io);
}

function isFile(operand: string, io: Io): boolean {
  return operand === '-' || existsSync(resolve(io.cwd, operand)) || /\.ya?ml$/.test(operand);
}

async function explainFile(file: string, options: OptionValues, io: Io, engine: Engine): Promise<number> {
  const filter = parseFilter(options);
  if (options.ask === true && (options.json === true || file === '-')) {
    throw new UsageError(
      '--ask needs a reader',
      'it goes neither with --json nor with a scenario from standard input',
    );
  }
  const maxEvents = parseMaxEvents(options['max-events']);
  const scenarios = await loadScenarios([file], options, io, await engine.scenarios());
  if (scenarios === null) return EXIT.wrong;
  const { gatherEvidence } = await import('../explain/evidence.ts');
  const told: unknown[] = [];
  for (const [i, scenario] of scenarios.entries()) {
    if ((await io.pause()) === 'interrupted') throw new Interrupted();
    const evidence = io.interruptible(() => gatherEvidence(scenario, scenario.seed, maxEvents));
    checkFilter(filter, evidence);
    if (options.json === true) told.push(await explanationsAsData(evidence, filter, io));
    else {
      if (i > 0) io.stdout.write('\n');
      await tellEvidence(evidence, filter, options, io);
    }
  }
  if (options.json === true) io.stdout.write(`${safeJson(told, 2)}\n`);
  return EXIT.held;
}

/** Which decisions are wanted. */
interface Filter {
  readonly decision: number | null;
  readonly node: string | null;
  /** Microseconds. */
  readonly around: number | null;
}

function parseFilter({ decision, node, around }: OptionValues): Filter {
  if (decision !== undefined && !/^[1-9]\d{0,8}$/.test(decision)) {
    throw new UsageError(
      `--decision cannot be ${JSON.stringify(decision)}`,
      'it is a number from the table, 1 or more',
    );
  }
  const time = around === undefined ? null : parseDuration(around);
  if (time !== null && typeof time !== 'number') {
    throw new UsageError(
      `--around cannot be ${JSON.stringify(around)}`,
      'it is a virtual time with a unit, such as 12.5s',
    );
  }
  return { decision: decision === undefined ? null : Number(decision), node: node ?? null, around: time };
}

function checkFilter({ decision, node }: Filter, { decisions, scenario }: Evidence): void {
  if (decision !== null && decision > decisions.length) {
    throw new UsageError(`there is no decision ${decision}`, `this run has ${decisions.length}`);
  }
  const names = scenario.nodes.map(({ name }) => name);
  if (node !== null && !names.includes(node)) {
    throw new UsageError(`there is no node ${node}`, `the nodes are ${names.join(', ')}`);
  }
}

function chosen({ decisions }: Evidence, filter: Filter): Decided[] {
  return decisions.filter(
    ({ number, replica, master, at }) =>
      (filter.decision === null || number === filter.decision) &&
      (filter.node === null || replica === filter.node || master === filter.node) &&
      (filter.around === null || Math.abs(at - filter.around) <= AROUND_MICROS),
  );
}

async function tellEvidence(
  evidence: Evidence,
  filter: Filter,
  options: OptionValues,
  io: Io,
): Promise<void> {
  const text = await import('../explain/text.ts');
  const { grouped } = await import('../explain/groups.ts');
  const { Explainer } = await import('../explain/explanation.ts');
  const explainer = new Explainer(evidence);
  const telling = {
    columns: io.stdout.columns ?? COLUMNS,
    palette: createPalette(wantsColour(options.color, io.env, io.stdout.columns !== undefined)),
  };
  const write = (lines: readonly string[]): void => {
    for (const line of lines) io.stdout.write(`${line}\n`);
  };
  const groups = grouped(chosen(evidence, filter));
  write([text.tellTitle(evidence, telling), '']);
  if (options.ask === true) {
    await askReader(
      evidence,
      groups.map(([first]) => first!),
      telling,
      io,
    );
    return;
  }
  if (groups.length === 0) write(['no PSYNC or SYNC was answered here']);
  else write(text.tellTable(evidence, groups, telling));
  const narrowed = filter.decision !== null || filter.node !== null || filter.around !== null;
  const wanted = groups.filter(([first]) => narrowed || needsTelling(first!));
  for (const [first] of wanted.slice(0, MOST_TOLD)) {
    if ((await io.pause()) === 'interrupted') throw new Interrupted();
    write(io.interruptible(() => text.tellExplanation(evidence, explainer.explain(first!), telling)));
  }
  if (wanted.length > MOST_TOLD) {
    write([
      '',
      `${wanted.length - MOST_TOLD} more are not told; --decision N, --node and --around choose others`,
    ]);
  }
  if (options.state === true) {
    const moments = evidence.moments.filter(
      ({ node, at }) =>
        (filter.node === null || node === filter.node) &&
        (filter.around === null || Math.abs(at - filter.around) <= AROUND_MICROS),
    );
    write(['', ...text.tellStates(evidence, moments, telling)]);
  }
}

/** Full syncs and refusals, and what continued over a fence; that a replica goes on where it was needs no reason. */
function needsTelling({ record }: Decided): boolean {
  const { outcome, reason } = record.decision;
  return outcome !== 'partial' || reason === 'replid2';
}

/** Shows each question and what the master holds, waits for a guess, and then tells the answer with its reasons. */
async function askReader(
  evidence: Evidence,
  decisions: readonly Decided[],
  telling: TellOptions,
  io: Io,
): Promise<void> {
  const { tellExplanation, tellMaster, tellQuestion } = await import('../explain/text.ts');
  const { Explainer } = await import('../explain/explanation.ts');
  const explainer = new Explainer(evidence);
  const write = (lines: readonly string[]): void => {
    for (const line of lines) io.stdout.write(`${line}\n`);
  };
  let right = 0;
  let asked = 0;
  for (const decided of decisions) {
    const explanation = io.interruptible(() => explainer.explain(decided));
    write([...tellQuestion(decided, explanation.asked, telling), ...tellMaster(evidence, decided, telling)]);
    const line = await io.ask('  partial, full or refused? ');
    if (line === null) break;
    const { outcome } = decided.record.decision;
    const guess = GUESSES.find((one) => line.trim() !== '' && one.startsWith(line.trim().toLowerCase()));
    if (guess !== undefined) asked++;
    if (guess === outcome) right++;
    const verdict = guess === undefined ? 'the answer' : guess === outcome ? 'right' : `not ${guess}`;
    write([`  ${verdict}:`, ...tellExplanation(evidence, explanation, telling)]);
  }
  write(['', `${right} of ${asked} guessed right`]);
}

const GUESSES = ['partial', 'full', 'refused'] as const;

async function explanationsAsData(evidence: Evidence, filter: Filter, io: Io): Promise<unknown> {
  const { Explainer } = await import('../explain/explanation.ts');
  const explainer = new Explainer(evidence);
  const { result } = evidence;
  const explanations = chosen(evidence, filter).map((decided) => {
    const told = io.interruptible(() => explainer.explain(decided));
    const { asked, wire, lines, effects, causes, counterfactuals } = told;
    const { number, at, replica, master } = decided;
    const decision = result.decisions[number - 1]!;
    return {
      number,
      at_ms: at / 1000,
      replica,
      master,
      decision: `${decision.outcome}/${decision.reason}`,
      asked,
      wire,
      rules: decision.rules,
      effects: effects.map((effect) => ({
        at_ms: effect.at / 1000,
        node: effect.node,
        changes: effect.changes,
      })),
      causes: causes.map((step) => ({ at_ms: step.at / 1000, node: step.node, text: step.text })),
      counterfactuals: counterfactuals.found,
      nothing: counterfactuals.nothing,
      log: lines.map((line) => ({ at_ms: line.at / 1000, node: line.node, text: line.text })),
    };
  });
  return {
    scenario: result.scenario,
    case: result.case,
    seed: result.seed,
    profile: result.profile,
    explanations,
  };
}

async function explainText(text: string, options: OptionValues, io: Io): Promise<number> {
  const { ENTRIES, lookUp } = await import('../explain/glossary.ts');
  const entries = lookUp(text);
  if (entries.length === 0) {
    const { suggest } = await import('../scenario/nearest.ts');
    const near = suggest(
      text,
      ENTRIES.map(({ title }) => title),
    );
    throw new UsageError(
      `nothing is known of ${JSON.stringify(text.slice(0, 60))}, and there is no such file`,
      near ?? 'a line of a Redis log, as it is, or a decision such as full/replid-mismatch',
    );
  }
  if (options.json === true) {
    const data = entries.map(({ title, means, causes, set, lesson }) => ({
      title,
      means,
      causes,
      set,
      lesson: lesson === null ? null : lessonPath(lesson, io.cwd),
    }));
    io.stdout.write(`${safeJson(data, 2)}\n`);
    return EXIT.held;
  }
  const columns = io.stdout.columns ?? COLUMNS;
  const { strong, faint } = createPalette(
    wantsColour(options.color, io.env, io.stdout.columns !== undefined),
  );
  io.stdout.write(entries.map((entry) => entryText(entry, columns, io.cwd, strong, faint)).join('\n'));
  return EXIT.held;
}

function entryText(
  { title, means, causes, set, lesson }: Entry,
  columns: number,
  cwd: string,
  strong: (text: string) => string,
  faint: (text: string) => string,
): string {
  const list = (head: string, items: readonly string[]): string[] =>
    items.length === 0
      ? []
      : [
          `  ${faint(head)}`,
          ...items.flatMap((item) =>
            wrap(item, columns - 6).map((line, i) => `    ${i === 0 ? '- ' : '  '}${line}`),
          ),
        ];
  const path = lesson === null ? null : lessonPath(lesson, cwd);
  const lines = [
    strong(sanitizeLine(title)),
    ...wrap(means, columns - 2).map((line) => `  ${line}`),
    ...list('usual causes:', causes),
    ...list('what to set:', set),
    ...(path === null ? [] : [`  ${faint('its lesson:')} ${path}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** Where a lesson lies: from this directory where it is below it, else within the package. */
function lessonPath(lesson: string, cwd: string): string {
  const folder = [
    new URL('../../scenarios/', import.meta.url),
    new URL('../../../scenarios/', import.meta.url),
  ]
    .map((url) => fileURLToPath(url))
    .find((path) => existsSync(path));
  const names = folder === undefined ? [] : readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found = names.find((name) => name.endsWith(`/${lesson}.yaml`));
  if (found === undefined) return `${lesson}.yaml`;
  const path = relative(cwd, resolve(folder!, found));
  return path.startsWith('..') ? `scenarios/${found}` : path;
}
