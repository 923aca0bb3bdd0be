import type { Scenario } from '../scenario/scenario.ts';
import { plural } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { displayWidth, toColumns, truncate, wrap } from '../terminal/width.ts';
import type { Comparison } from './compare.ts';
import { differs, type Verdict } from './verdict.ts';

/** One scenario's comparison as `conform --json` gives it. */
export interface ConformResult {
  readonly scenario: string;
  readonly case: Scenario['case'];
  readonly verdict: Verdict['verdict'];
  readonly reasons: readonly string[];
  /** How many facts were compared, and how many of these the simulation pins or only bounds. */
  readonly compared: number;
  readonly pinned: number;
  readonly allowed: number;
  readonly differing: readonly {
    readonly fact: string;
    readonly at_ms: number;
    readonly real: string;
    readonly simulated: readonly string[];
  }[];
  readonly seed: number | null;
  readonly logs: Verdict['logs'];
}

export function conformResult(scenario: Scenario, verdict: Verdict): ConformResult {
  const count = (kind: Comparison['verdict']): number =>
    verdict.comparisons.filter((one) => one.verdict === kind).length;
  return {
    scenario: scenario.file,
    case: scenario.case,
    verdict: verdict.verdict,
    reasons: verdict.reasons,
    compared: verdict.comparisons.length,
    pinned: count('pinned'),
    allowed: count('allowed'),
    differing: verdict.comparisons
      .filter(differs)
      .map(({ key, at_ms, real, simulated }) => ({ fact: key, at_ms, real, simulated })),
    seed: verdict.seed,
    logs: verdict.logs,
  };
}

/** The result of a scenario for people, in so many columns: one line, and more where something differs. */
export function conformText(result: ConformResult, columns: number): string {
  const name = sanitizeLine(result.scenario) + caseText(result.case);
  const { verdict, reasons, compared, pinned, allowed, differing, seed, logs } = result;
  const lines = [
    `${verdict}  ${name}${compared === 0 ? '' : `: ${compared} facts, ${pinned} pinned, ${allowed} allowed`}`,
  ];
  for (const reason of reasons) lines.push(...block('  because ', sanitizeLine(reason), columns));
  if (differing.length === 0) return `${lines.join('\n')}\n`;
  lines.push(
    `  ${plural(differing.length, 'fact')} of these differ:`,
    ...differenceTable(differing, columns),
  );
  const title = `both logs around the first difference (the simulation with seed ${seed}):`;
  lines.push(...block('  ', title, columns));
  lines.push(...logLines(logs, differing[0]!, columns));
  return `${lines.join('\n')}\n`;
}

/** So many differences are shown; `--json` has all. */
const DIFFERENCES_SHOWN = 30;
const VALUES_SHOWN = 8;
const INDENT = '    ';
const GAP = '  ';

/** What differs, one row each: the fact, the real value, those of the simulation under its seeds. */
function differenceTable(differing: ConformResult['differing'], columns: number): string[] {
  const shown = differing.slice(0, DIFFERENCES_SHOWN);
  const rows = [
    ['', 'real', 'simulated'],
    ...shown.map(({ fact, real, simulated }) => [
      sanitizeLine(fact),
      sanitizeLine(real),
      valuesText(simulated),
    ]),
  ];
  const room = Math.max(30, columns - INDENT.length - 2 * GAP.length);
  const widest = (column: number): number => Math.max(...rows.map((row) => displayWidth(row[column]!)));
  const fact = Math.min(widest(0), Math.floor(room * 0.5));
  // What one of the two values does not need, the other may have.
  const half = Math.floor((room - fact) / 2);
  const real = Math.min(widest(1), Math.max(half, room - fact - widest(2)));
  const widths = [fact, real, room - fact - real];
  const lines = rows.flatMap((row) => {
    const cells = row.map((text, column) => wrap(text, widths[column]!));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, i) => {
      const parts = cells.map((cell, column) => toColumns(cell[i] ?? '', widths[column]!));
      return (INDENT + parts.join(GAP)).trimEnd();
    });
  });
  const more = differing.length - shown.length;
  return more === 0 ? lines : [...lines, `${INDENT}and ${more} more, which --json tells`];
}

function valuesText(values: readonly string[]): string {
  const shown = values.slice(0, VALUES_SHOWN).map(sanitizeLine).join(' or ');
  return values.length <= VALUES_SHOWN ? shown : `${shown} or ${values.length - VALUES_SHOWN} others`;
}

/** The lines of both logs in order of time, and where among them the first difference shows. */
function logLines(
  logs: Verdict['logs'],
  { fact, at_ms }: ConformResult['differing'][number],
  columns: number,
): string[] {
  const nodes = Math.max(...logs.map(({ node }) => node.length), 0);
  const lines: string[] = [];
  let marked = false;
  const mark = (): void => {
    if (marked) return;
    marked = true;
    lines.push(truncate(`${INDENT}${timeText(at_ms)} ---- ${sanitizeLine(fact)} differs`, columns));
  };
  for (const { at_ms: at, where, node, text } of logs) {
    if (at > at_ms) mark();
    const head = `${INDENT}${timeText(at)} ${where === 'real' ? 'real' : 'sim '} ${node.padEnd(nodes)}${GAP}`;
    lines.push(...block(head, sanitizeLine(text), columns));
  }
  mark();
  return lines;
}

function timeText(ms: number): string {
  return `${(ms / 1000).toFixed(3).padStart(8)}s`;
}

/** A text after a head, its further lines under its first. */
function block(head: string, text: string, columns: number): string[] {
  const indent = ' '.repeat(head.length);
  return wrap(text, Math.max(20, columns - head.length)).map((line, i) => (i === 0 ? head : indent) + line);
}

function caseText(values: Scenario['case']): string {
  if (values === null) return '';
  const pairs = Object.entries(values).map(([key, value]) => `${key}=${String(value)}`);
  return ` (${sanitizeLine(pairs.join(', '))})`;
}
