import { formatClock, plural } from '../../terminal/format.ts';
import type { Trace } from '../../trace/trace.ts';
import { shortText } from '../pictures/labels.ts';
import { Album, type Picture } from './album.ts';
import {
  decisionHeading,
  decisionSection,
  decisionTable,
  ruleTable,
  sameAgain,
  section,
  whyLines,
} from './decision.ts';
import { codeBlock, plain, prose } from './escape.ts';
import { costLine, finalState } from './final-state.ts';
import { type DecisionGroup, foldAlike, groupDecisions } from './groups.ts';
import { sequenceDiagram } from './mermaid.ts';
import { storyBlock, storyOf } from './story.ts';

/** A Markdown file and the pictures that belong beside it. */
export interface MarkdownReport {
  readonly markdown: string;
  readonly pictures: readonly Picture[];
}

/** So many decisions are told in full; the others stand in the table. */
const MOST_TOLD = 12;
/** A name longer than this is no heading. */
export const MOST_NAME_COLUMNS = 200;

/**
 * The report of one scenario file in Markdown as GitHub renders it. The first of its cases is told in full, the
 * others by what was decided otherwise in them. `folder` is the folder for the pictures, beside the file.
 */
export function renderMarkdown(traces: readonly Trace[], folder: string): MarkdownReport {
  const album = new Album(folder);
  const [first, ...others] = traces;
  if (first === undefined) throw new Error('a report needs a run');
  const single = others.length === 0;
  const lines = [
    `# ${plain(shortText(first.run.name, MOST_NAME_COLUMNS))}`,
    '',
    ...(single ? verdictLines(first) : caseList(traces)),
    ...section('', prose(first.run.about)).slice(2),
    ...(single ? [] : ['', `## ${plain(`Case 1: ${first.run.case}`)}`, '', ...verdictLines(first)]),
    ...tellRun(first, album, single ? '##' : '###'),
    ...others.flatMap((trace, i) => tellOther(trace, i + 2, first, album)),
  ];
  return { markdown: `${lines.join('\n')}\n`, pictures: album.pictures };
}

/** Whether all held, and how to see it again. */
export function verdictLines({ run, duration, verdict }: Trace): string[] {
  const { ok, expectations, failures } = verdict;
  const facts = [`seed ${run.seed}`, run.profile].map((fact) => plain(fact)).join(' · ');
  const what =
    expectations === 0 ? 'every invariant' : `${plural(expectations, 'expectation')} and every invariant`;
  const told =
    failures.length === 0
      ? `${ok ? 'held' : 'failed'}: ${what}, in ${formatClock(duration)} s`
      : `${plural(failures.length, 'failure')}${ok ? ', as the scenario says' : ''}`;
  return [
    `**${ok ? '✓' : '✗'} ${told}** · ${facts}`,
    ...section(
      '',
      failures.map(
        ({ kind, message, line, at }) =>
          `- line ${line}, ${plain(kind)}${at === null ? '' : ` at ${formatClock(at)} s`}: ${plain(message)}`,
      ),
    ).slice(2),
    '',
    ...codeBlock([run.repeat], 'console'),
  ];
}

function caseList(traces: readonly Trace[]): string[] {
  return [
    `${plural(traces.length, 'case')}: the first is told in full, of the others what was decided otherwise.`,
    '',
    ...traces.map(({ run, verdict }, i) => `${i + 1}. ${verdict.ok ? '✓' : '✗'} ${plain(run.case)}`),
  ];
}

function tellRun(trace: Trace, album: Album, heading: string): string[] {
  const groups = groupDecisions(trace);
  const alike = foldAlike(groups);
  const told = alike.slice(0, MOST_TOLD);
  const diagram = sequenceDiagram(trace);
  return [
    '',
    `${heading} What happened`,
    '',
    ...storyBlock(trace, storyOf(trace)),
    ...section(`${heading} Who said what to whom`, diagram === null ? [] : codeBlock(diagram, 'mermaid')),
    '',
    `${heading} What was decided`,
    '',
    ...(groups.length === 0 ? ['No PSYNC or SYNC was answered here.'] : decisionTable(trace, groups)),
    ...told.flatMap((group) => [
      '',
      ...decisionSection(trace, group, album.decision(trace, group[0], ''), `${heading}#`),
    ]),
    ...(alike.length > told.length ? ['', `${alike.length - told.length} more are only in the table.`] : []),
    '',
    `${heading} How it ended`,
    '',
    ...finalState(trace),
    '',
    `Cost: ${costLine(trace)}.`,
  ];
}

/** A case after the first: its table, and those decisions in full view that the first case has not. */
function tellOther(trace: Trace, number: number, first: Trace, album: Album): string[] {
  const groups = groupDecisions(trace);
  const other = otherDecisions(trace, first);
  const same = other.length === 0 && trace.decisions.length === first.decisions.length;
  return [
    '',
    `## ${plain(`Case ${number}: ${trace.run.case}`)}`,
    '',
    ...verdictLines(trace),
    '',
    ...(groups.length === 0 ? ['No PSYNC or SYNC was answered here.'] : decisionTable(trace, groups)),
    ...(same ? ['', 'The same was decided as in the first case.'] : []),
    ...foldAlike(other)
      .slice(0, MOST_TOLD)
      .flatMap((group) => tellBriefly(trace, group, number, album)),
    '',
    `Cost: ${costLine(trace)}.`,
  ];
}

function tellBriefly(
  trace: Trace,
  [decision, ...more]: DecisionGroup,
  number: number,
  album: Album,
): string[] {
  const picture = album.decision(trace, decision, `case-${number}-`);
  return [
    '',
    `### ${decisionHeading(trace, decision)}`,
    '',
    `${plain(decision.asked)}.`,
    ...sameAgain(trace, decision, more),
    ...(picture === null ? [] : ['', picture]),
    '',
    ...ruleTable(trace, decision),
    ...whyLines(trace, decision),
  ];
}

/** The decisions of a case that the first case has not. */
export function otherDecisions(trace: Trace, first: Trace): DecisionGroup[] {
  const known = new Set(first.decisions.map((decision) => sameness(first, decision)));
  return groupDecisions(trace).filter(([decision]) => !known.has(sameness(trace, decision)));
}

/** Two decisions that agree in this are the same for a reader: who asked, what for, with which backlog, and the answer. */
function sameness({ nodes }: Trace, decision: Trace['decisions'][number]): string {
  const { replica, master, outcome, reason, offset, backlog, bytes } = decision;
  const names = [nodes[replica]?.name, nodes[master]?.name];
  return JSON.stringify([names, outcome, reason, offset, bytes, backlog]);
}
