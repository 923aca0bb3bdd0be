import type { Palette } from '../terminal/colour.ts';
import { formatClock } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { displayWidth, toColumns, truncate, wrap } from '../terminal/width.ts';
import { idName } from '../trace/ids.ts';
import type { Trace, TraceDecision } from '../trace/trace.ts';
import type { Both, Comparison, EndDifference, Side } from './comparison.ts';
import type { Aligned } from './edits.ts';
import { type Step, stepText } from './steps.ts';
import { foldSame, isSame, stretchesOf } from './stretches.ts';

export interface TellOptions {
  readonly columns: number;
  readonly palette: Palette;
  /** What the two runs are called: their files, or what was changed. */
  readonly labels: Both<string>;
}

const SIDES: readonly Side[] = ['left', 'right'];
const MARKS: Both<string> = { left: '<', right: '>' };
/** Two columns of text need so much room; with less, one stands above the other. */
const SIDE_BY_SIDE = 110;
const CLOCK = 9;

/** The whole comparison, for a terminal. */
export function tellComparison(comparison: Comparison, options: TellOptions): string[] {
  const { traces, parting, followed, ends } = comparison;
  const { strong, good } = options.palette;
  const head = [
    strong(sanitizeLine(`${traces.left.run.name} · seed ${traces.left.run.seed}`)),
    ...SIDES.map((side) => `  ${MARKS[side]} ${sanitizeLine(options.labels[side])}`),
    '',
  ];
  if (parting === null)
    return [...head, good(`the runs are the same in all of their ${comparison.shared} steps`)];
  return [
    ...head,
    ...tellParting(comparison, options),
    ...tellDecisions(comparison, options),
    ...section('what followed', tellFollowed(followed, options), options),
    ...section('not the same at the end', tellEnds(ends, options), options),
  ];
}

function tellParting({ shared, parting }: Comparison, options: TellOptions): string[] {
  const { at, steps } = parting!;
  const since =
    shared === 0
      ? 'the runs differ from their first step on'
      : `the same in ${shared} steps, until ${formatClock(at)}s`;
  const lines = SIDES.flatMap((side) => {
    const step = steps[side];
    return hang(`${MARKS[side]} `, step === null ? 'nothing more happens' : stepText(step), options);
  });
  return [since, ...section('the first difference', lines, options)];
}

function tellDecisions({ decision, traces }: Comparison, options: TellOptions): string[] {
  if (decision === null) return ['', 'every PSYNC was answered the same'];
  const lines = SIDES.flatMap((side) => {
    const one = decision[side];
    if (one === null) return hang(`${MARKS[side]} `, 'no such request', options);
    return hang(`${MARKS[side]} `, decisionText(one, traces[side]), options);
  });
  const { left, right } = decision;
  const rules = left === null || right === null ? [] : tellRules({ left, right }, options);
  return [...section('the first decision that differs', lines, options), ...rules];
}

function decisionText(decision: TraceDecision, { nodes, histories }: Trace): string {
  const { at, replica, master, replid, offset, outcome, reason, bytes, missingBytes } = decision;
  const id = replid === null || replid === '?' ? replid : idName(replid, histories);
  const asked = id === null ? 'SYNC' : `PSYNC ${id} ${offset ?? '(no number)'}`;
  const detail =
    bytes > 0 ? `, sends ${bytes} bytes` : missingBytes > 0 ? `, ${missingBytes} bytes missing` : '';
  const who = `${nodes[replica]?.name ?? 'a client'} asks ${nodes[master]!.name}`;
  return `${formatClock(at)}s  ${who}  ${asked}: ${outcome}/${reason}${detail}`;
}

/** The first rule that was answered otherwise, or that only one of them came to. */
function tellRules({ left, right }: Both<TraceDecision>, options: TellOptions): string[] {
  const i = left.rules.findIndex((rule, n) => rule.holds !== right.rules[n]?.holds);
  const rules = { left: left.rules[i], right: right.rules[i] };
  if (i < 0 || rules.left === undefined) return [];
  const lines = SIDES.flatMap((side) => {
    const rule = rules[side];
    if (rule === undefined) return hang(`${MARKS[side]} `, 'not asked', options);
    const { op } = rule;
    const values = op === 'is' ? rule.left : `${rule.left} ${op} ${rule.right}`;
    return hang(`${MARKS[side]} `, `${values}: ${rule.holds ? 'yes' : 'no'}`, options);
  });
  return section(`it turns on "${rules.left.rule}"`, lines, options);
}

/** What followed, in two columns where there is room; what is the same is told once, and folded where it is long. */
function tellFollowed(followed: readonly Aligned<Step>[], options: TellOptions): string[] {
  const wide = options.columns >= SIDE_BY_SIDE;
  return stretchesOf(followed).flatMap((stretch) => {
    if (!isSame(stretch[0]!)) return wide ? inColumns(stretch, options) : above(stretch, options);
    return foldSame(stretch).flatMap((row) =>
      'folded' in row
        ? options.palette.faint(`  = … ${row.folded} more lines that are the same`)
        : hang('= ', toldText(row.left ?? row.right!), options),
    );
  });
}

function above(rows: readonly Aligned<Step>[], options: TellOptions): string[] {
  return SIDES.flatMap((side) =>
    rows.flatMap((row) => {
      const step = row[side];
      return step === null ? [] : hang(`${MARKS[side]} `, toldText(step), options);
    }),
  );
}

/** The left run's lines in the left half, the right one's beside them, both from the top. */
function inColumns(rows: readonly Aligned<Step>[], { columns, palette }: TellOptions): string[] {
  const half = Math.floor((columns - 7) / 2);
  const [left, right] = SIDES.map((side) =>
    rows.flatMap((row) => (row[side] === null ? [] : wrapped(toldText(row[side]), half))),
  );
  const lines = Math.max(left!.length, right!.length);
  return Array.from({ length: lines }, (_, i) => {
    const one = toColumns(left![i] ?? '', half);
    return `  ${palette.faint('<')} ${one} ${palette.faint('>')} ${right![i] ?? ''}`.trimEnd();
  });
}

function toldText({ at, node, text }: Step): string {
  return `${`${formatClock(at)}s`.padStart(CLOCK)}  ${node === null ? '' : `${node}  `}${text}`;
}

function tellEnds(ends: readonly EndDifference[], { columns, palette }: TellOptions): string[] {
  if (ends.length === 0) return ['  everything is'];
  const widest = (texts: readonly string[]): number => Math.max(...texts.map(displayWidth));
  const width = widest(ends.map(({ what }) => what));
  const values = widest(ends.map(({ left }) => left));
  const inOneLine = width + 2 * values + 8 <= columns;
  return ends.flatMap(({ what, left, right }) => {
    const [name, before, after] = [what, left, right].map(sanitizeLine);
    const arrow = palette.faint('→');
    if (inOneLine) {
      const room = columns - width - values - 7;
      return `  ${toColumns(name!, width)}  ${toColumns(before!, values)} ${arrow} ${truncate(after!, room)}`;
    }
    const half = Math.floor((columns - 7) / 2);
    return [
      `  ${truncate(name!, columns - 2)}`,
      `    ${truncate(before!, half)} ${arrow} ${truncate(after!, half)}`,
    ];
  });
}

function section(title: string, lines: readonly string[], { columns, palette }: TellOptions): string[] {
  const heading = wrap(`${sanitizeLine(title)}:`, columns).map((line) => palette.faint(line));
  return lines.length === 0 ? [] : ['', ...heading, ...lines];
}

/** A text behind a mark; where it goes on it stands under itself. */
function hang(mark: string, text: string, { columns, palette }: TellOptions): string[] {
  return wrapped(text, Math.max(columns - 4, 24)).map(
    (line, i) => `  ${i === 0 ? palette.faint(mark) : ' '.repeat(mark.length)}${line}`,
  );
}

/** Lines of at most so many columns; what goes on is indented below what was said, behind the clock. */
function wrapped(text: string, columns: number): string[] {
  const clean = sanitizeLine(text);
  const lead = /^\s*\S+s {2}/.exec(clean)?.[0] ?? '';
  const lines = wrap(clean.slice(lead.length), Math.max(columns - lead.length, 16));
  return lines.map((line, i) => (i === 0 ? lead + line : ' '.repeat(lead.length) + line));
}
