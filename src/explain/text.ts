import type { PsyncRule } from '../../sim/redis/replication/psync-decision.ts';
import type { Palette } from '../terminal/colour.ts';
import { formatCase, formatClock } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { displayWidth, toColumns, wrap } from '../terminal/width.ts';
import { counterfactualTitle } from '../trace/counterfactual-title.ts';
import type { Decided, Evidence, Moment } from './evidence.ts';
import { changesOf, type Effect, type Explanation, type FieldChange } from './explanation.ts';
import { History } from './names.ts';
import { ruleValue, sectionOf } from './rules.ts';

export interface TellOptions {
  readonly columns: number;
  readonly palette: Palette;
}

const INDENT = '  ';
const CLOCK = 9;

/** The first lines: which run this is. */
export function tellTitle({ result, scenario }: Evidence, { palette }: TellOptions): string {
  const values = formatCase(scenario.case);
  const facts = [...(values === '' ? [] : [values]), `seed ${result.seed}`, result.profile];
  return `${palette.strong(sanitizeLine(result.name))} · ${sanitizeLine(facts.join(' · '))}`;
}

/** A line for each decision; equal refusals in a row are one. */
export function tellTable(
  evidence: Evidence,
  groups: readonly (readonly Decided[])[],
  { palette }: TellOptions,
): string[] {
  const history = new History(evidence.historyNames);
  const rows = groups.map((group) => {
    const { number, at, replica, master, record } = group[0]!;
    const { replid, offset, outcome, reason } = record.decision;
    const asked = replid === null ? 'SYNC' : `PSYNC ${history.name(replid)} ${offset ?? '(no number)'}`;
    const decision = `${outcome}/${reason}${group.length > 1 ? ` (${group.length} times)` : ''}`;
    return [`#${number}`, `${formatClock(at)}s`, `${replica ?? 'a client'} → ${master}`, asked, decision];
  });
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => displayWidth(row[i]!))));
  return rows.map((row) => {
    const cells = row.map((cell, i) => (i < 4 ? toColumns(cell, widths[i]!) : cell)).join('  ');
    const paint = row[4]!.startsWith('partial') ? palette.good : palette.bad;
    return paint(sanitizeLine(cells));
  });
}

/** One decision from the question to what would have changed the answer. */
export function tellExplanation(
  evidence: Evidence,
  explanation: Explanation,
  options: TellOptions,
): string[] {
  const { decided, asked, lines, effects, causes } = explanation;
  return [
    ...tellQuestion(decided, asked, options),
    ...tellRules(evidence, decided, options),
    ...tellWire(explanation, options),
    ...section(
      `what ${decided.replica ?? 'the client'} did with the reply`,
      effects.map(effectText),
      options,
    ),
    ...section(
      'what led here',
      causes.map(({ at, node, text }) => clocked(at, node, text)),
      options,
    ),
    ...tellCounterfactuals(explanation, options),
    ...section(
      'both logs, word for word',
      lines.map(({ at, node, text }) => clocked(at, node, text)),
      options,
    ),
  ];
}

/** The question alone, for a reader who is to guess: who asks for what, and what the master holds. */
export function tellQuestion(decided: Decided, asked: string, options: TellOptions): string[] {
  const { number, at, replica, master } = decided;
  const head = `#${number}  ${formatClock(at)}s  ${replica ?? 'a client'} asks ${master}`;
  return ['', options.palette.strong(sanitizeLine(head)), ...paragraph(asked, options)];
}

/** The backlog and the fence of the master that is asked. */
export function tellMaster(
  evidence: Evidence,
  { master, masterView }: Decided,
  options: TellOptions,
): string[] {
  const history = new History(evidence.historyNames);
  const { repl_backlog_off: first, repl_backlog_histlen: length, second_replid_offset: fence } = masterView;
  const backlog =
    masterView.repl_backlog_size === null
      ? 'has no backlog'
      : length === 0
        ? `has an empty backlog, its next byte is ${first}`
        : `has bytes ${first} to ${first + length - 1} in its backlog`;
  const second =
    fence < 0
      ? 'and remembers no id before it'
      : `and remembers ${history.name(masterView.replid2)}, fence at byte ${fence}`;
  return paragraph(`${master} goes by ${history.name(masterView.replid)} ${second}. It ${backlog}.`, options);
}

function tellRules(evidence: Evidence, decided: Decided, options: TellOptions): string[] {
  const { rules, outcome, reason } = decided.record.decision;
  const history = new History(evidence.historyNames);
  const source = rules[0]?.source ?? 'syncCommand';
  const width = Math.max(0, ...rules.map(({ rule }) => displayWidth(rule)));
  const told = rules.map((rule) => {
    const answer = rule.holds ? options.palette.good('yes') : options.palette.bad('no ');
    return `${INDENT}  ${answer}  ${toColumns(rule.rule, width)}  ${comparison(rule, history)}`;
  });
  const verdict = `${outcome}/${reason}`;
  const paint = outcome === 'partial' ? options.palette.good : options.palette.bad;
  return [
    heading(`what ${decided.master} asked itself (${source}, ${sectionOf(source)})`, options),
    ...told,
    `${INDENT}  so: ${paint(verdict)}`,
  ];
}

/** Both values and how they were compared; ids by their names. */
function comparison({ left, op, right }: PsyncRule, history: History): string {
  const value = (one: string | number): string => ruleValue(one, history);
  return sanitizeLine(op === 'is' ? value(left) : `${value(left)} ${op} ${value(right)}`);
}

function tellWire({ wire, replyMeans, decided }: Explanation, options: TellOptions): string[] {
  const reply = wire.reply ?? '(no reply arrived)';
  return [
    heading('on the wire', options),
    `${INDENT}  ${decided.replica ?? 'client'} → ${decided.master}  ${sanitizeLine(wire.request)}`,
    `${INDENT}  ${decided.master} → ${decided.replica ?? 'client'}  ${sanitizeLine(reply)}`,
    ...(replyMeans === null ? [] : [`${INDENT}  (${replyMeans})`]),
  ];
}

function tellCounterfactuals({ counterfactuals, decided }: Explanation, options: TellOptions): string[] {
  const { found, nothing } = counterfactuals;
  const texts = found.map(({ change, decision }) => `${decision}: ${change}`);
  if (nothing !== null) texts.push(`nothing: ${nothing}`);
  return section(counterfactualTitle(decided.record.decision.outcome, found.length > 0), texts, options);
}

/** What changed in every server, event by event. */
export function tellStates(evidence: Evidence, moments: readonly Moment[], options: TellOptions): string[] {
  const history = new History(evidence.historyNames);
  const texts = moments.map(({ at, node, before, after }) => {
    if (after === null) return clocked(at, node, 'its process ends');
    if (before === null) return clocked(at, node, 'its process starts');
    return effectText({ at, node, changes: changesOf(before, after, history) });
  });
  return section('state, event by event', texts, options);
}

function effectText({ at, node, changes }: Effect): string {
  return clocked(at, node, changes.map(changeText).join('; '));
}

function changeText({ field, before, after }: FieldChange): string {
  return `${field} ${before} → ${after}`;
}

function clocked(at: number, node: string | null, text: string): string {
  return `${`${formatClock(at)}s`.padStart(CLOCK)}  ${node === null ? '' : `${node}  `}${text}`;
}

function section(title: string, texts: readonly string[], options: TellOptions): string[] {
  if (texts.length === 0) return [];
  return [heading(title, options), ...texts.flatMap((text) => item(text, options))];
}

function heading(title: string, { palette }: TellOptions): string {
  return `${INDENT}${palette.faint(`${sanitizeLine(title)}:`)}`;
}

/** A text under a heading; where it goes on it stands under itself. */
function item(text: string, { columns }: TellOptions): string[] {
  const clean = sanitizeLine(text);
  const hang = /^\s*\S+s {2}/.exec(clean)?.[0].length ?? 2;
  const lines = wrap(clean.trimStart(), Math.max(columns - INDENT.length - 2 - hang, 24));
  const lead = clean.length - clean.trimStart().length;
  return lines.map((line, i) => `${INDENT}  ${i === 0 ? ' '.repeat(lead) : ' '.repeat(hang)}${line}`);
}

function paragraph(text: string, { columns }: TellOptions): string[] {
  return wrap(sanitizeLine(text), Math.max(columns - 2, 24)).map((line) => `${INDENT}${line}`);
}
