import { formatBytes, formatClock, plural } from '../../terminal/format.ts';
import { counterfactualHeading } from '../../trace/counterfactual-title.ts';
import { NO_NODE, type Trace, type TraceDecision, type TraceLine } from '../../trace/trace.ts';
import { nodeName, requestText } from '../pictures/scene.ts';
import { cellCode, code, codeBlock, plain } from './escape.ts';
import type { DecisionGroup } from './groups.ts';

/** `full/backlog-overwritten`. */
export function decisionName({ outcome, reason }: TraceDecision): string {
  return `${outcome}/${reason}`;
}

export function decisionMark({ outcome }: TraceDecision): string {
  return outcome === 'partial' ? '✓' : '✗';
}

/** `#2 · 2.971 s · B asks A: full/forced`, to stand in a heading. */
export function decisionHeading(trace: Trace, decision: TraceDecision): string {
  return `${decisionQuestion(trace, decision)}: ${plain(decisionName(decision))}`;
}

/** The same without the answer. */
export function decisionQuestion(trace: Trace, { number, at, replica, master }: TraceDecision): string {
  const names = [replica, master].map((node) => plain(nodeName(trace, node)));
  return `#${number} · ${formatClock(at)} s · ${names.join(' asks ')}`;
}

/** A row for each decision; alike ones in a row are one. */
export function decisionTable(trace: Trace, groups: readonly DecisionGroup[]): string[] {
  return [
    '| | when | who asks whom | what for | backlog | answer |',
    '|--:|--:|---|---|---|---|',
    ...groups.map(([first, ...more]) => {
      const { number, at, replica, master, backlog } = first;
      const held =
        backlog === null
          ? 'none'
          : backlog.first === backlog.next
            ? `empty, next is ${backlog.next}`
            : `${backlog.first} to ${backlog.next - 1}`;
      const cells = [
        `#${number}`,
        `${formatClock(at)} s`,
        `${plain(nodeName(trace, replica))} → ${plain(nodeName(trace, master))}`,
        cellCode(requestText(trace, first)),
        held,
        `${decisionMark(first)} ${cellCode(decisionName(first))}${more.length === 0 ? '' : `, ${more.length + 1} times`}`,
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

/** The rules in the order in which they were asked, with both values. */
export function ruleTable(trace: Trace, decision: TraceDecision): string[] {
  const { rules, master } = decision;
  const asker = plain(nodeName(trace, master));
  const source = rules[0];
  if (source === undefined) return [];
  return [
    `| | what ${asker} asked itself | |`,
    '|---|---|---|',
    ...rules.map(({ rule, left, op, right, holds }) => {
      const values = op === 'is' ? left : `${left} ${op} ${right}`;
      return `| ${holds ? '✓ yes' : '✗ no'} | ${plain(rule)} | ${cellCode(values)} |`;
    }),
    `| **so** | **${plain(decisionName(decision))}** | |`,
    '',
    `These are the questions of ${code(source.source)} (${plain(source.section)}), in its order.`,
  ];
}

/** What led to a decision, and what would have changed it. */
export function whyLines(trace: Trace, why: TraceDecision): string[] {
  const { causes, counterfactuals, nothing } = why;
  const changed = [
    ...counterfactuals.map(({ change, decision }) => `- ${code(decision)}: ${plain(change)}`),
    ...(nothing === null ? [] : [`- nothing: ${plain(nothing)}`]),
  ];
  return [
    ...section(
      '**What led here**',
      causes.map((line) => `- ${told(trace, line)}`),
    ),
    ...section(`**${counterfactualHeading(why)}**`, changed),
  ];
}

/** One decision from the question to both logs. `picture` is the line that shows it. */
export function decisionSection(
  trace: Trace,
  [decision, ...more]: DecisionGroup,
  picture: string | null,
  heading: string,
): string[] {
  const details = detailLines(trace, decision);
  // A first synchronization is told in so many lessons that nobody reads its details again.
  const folded = decision.reason === 'forced' && picture === null;
  return [
    `${heading} ${decisionHeading(trace, decision)}`,
    '',
    `${plain(decision.asked)}.`,
    ...sameAgain(trace, decision, more),
    ...paragraph(picture === null ? [] : [picture]),
    ...(folded ? fold('The rules, the wire, and what led here', details) : details),
    ...logs(trace, decision.lines),
  ];
}

function detailLines(trace: Trace, decision: TraceDecision): string[] {
  const { replica, wire, replyMeans, effects, sync } = decision;
  const who = nodeName(trace, replica);
  const master = nodeName(trace, decision.master);
  return [
    ...paragraph(ruleTable(trace, decision)),
    ...paragraph([
      '**On the wire**',
      '',
      ...codeBlock([
        `${who} → ${master}  ${wire.request}`,
        `${master} → ${who}  ${wire.reply ?? '(no reply arrived)'}`,
        ...(replyMeans === null ? [] : [`(${replyMeans})`]),
      ]),
    ]),
    ...paragraph(sync === null ? [] : [syncLine(sync)]),
    ...whyLines(trace, decision),
    ...section(
      `**What ${plain(replica === NO_NODE ? 'the client' : who)} did with the reply**`,
      effects.map(({ at, node, changes }) => {
        const fields = changes.map(
          ({ field, before, after }) => `${code(field)} ${plain(before)} → ${plain(after)}`,
        );
        return `- ${formatClock(at)} s, ${plain(nodeName(trace, node))}: ${fields.join('; ')}`;
      }),
    ),
  ];
}

/** When the others of a group came; of many the first few and the last. */
export function sameAgain(trace: Trace, told: TraceDecision, more: readonly TraceDecision[]): string[] {
  if (more.length === 0) return [];
  const name = ({ number, at, replica }: TraceDecision): string => {
    const asker = replica === told.replica ? '' : ` (${plain(nodeName(trace, replica))})`;
    return `#${number}${asker} at ${formatClock(at)} s`;
  };
  const names = more.map(name);
  const shown = names.length <= 6 ? names : [...names.slice(0, 4), `… up to ${names.at(-1)}`];
  return ['', `The same again, ${plural(more.length, 'time')}: ${shown.join(', ')}.`];
}

function syncLine({ ended, took, rdbBytes }: NonNullable<TraceDecision['sync']>): string {
  return `The full synchronization ended after ${formatClock(took)} s: ${plain(ended)}, ${formatBytes(rdbBytes)} of RDB.`;
}

function logs(trace: Trace, lines: readonly TraceLine[]): string[] {
  if (lines.length === 0) return [];
  const said = lines.map(
    ({ at, node, text }) => `${formatClock(at).padStart(8)}s  ${nodeName(trace, node)}  ${text}`,
  );
  return fold('Both logs, word for word', ['', ...codeBlock(said)]);
}

function fold(title: string, lines: readonly string[]): string[] {
  return ['', `<details><summary>${title}</summary>`, ...lines, '', '</details>'];
}

function told(trace: Trace, { at, node, text }: TraceLine): string {
  const where = node === NO_NODE ? '' : `${plain(nodeName(trace, node))}: `;
  return `${formatClock(at)} s, ${where}${plain(text)}`;
}

export function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', title, '', ...items];
}

function paragraph(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
