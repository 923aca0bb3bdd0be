import { stateAt } from '../../trace/state.ts';
import type { Trace, TraceDecision } from '../../trace/trace.ts';
import { historyName } from '../../trace/words.ts';
import { NO_REPLID } from '../pictures/history-slots.ts';
import { shortText } from '../pictures/labels.ts';
import { nodeName } from '../pictures/scene.ts';
import { Album } from './album.ts';
import { decisionHeading, decisionQuestion, ruleTable, whyLines } from './decision.ts';
import { type MarkdownReport, MOST_NAME_COLUMNS, otherDecisions } from './document.ts';
import { plain, prose } from './escape.ts';
import { foldAlike, groupDecisions } from './groups.ts';
import { storyBlock, storyOf } from './story.ts';

/** More questions are no lesson for an hour. */
const MOST_QUESTIONS = 10;

/** What may be known before a question is answered; how a link got on would tell. */
const KNOWN_BEFORE: ReadonlySet<string> = new Set(['fault', 'role', 'command', 'timeout']);

interface Question {
  readonly trace: Trace;
  /** Counted from 1; the cases of a file are. */
  readonly caseNumber: number;
  readonly decision: TraceDecision;
  /** The question before it in the same run; null for the first. */
  readonly before: TraceDecision | null;
}

/**
 * The same lesson to be handed out: the questions first, each with what the master holds, and every answer on the last
 * page, with what the scenario says of itself.
 */
export function renderHandout(traces: readonly Trace[], folder: string): MarkdownReport {
  const [first] = traces;
  if (first === undefined) throw new Error('a handout needs a run');
  const album = new Album(folder);
  const questions = questionsOf(traces);
  const lines = [
    // The name of a lesson is its answer as often as not, so it comes last.
    '# Partial, full or refused?',
    '',
    questions.length === 0
      ? 'No PSYNC or SYNC was answered here.'
      : 'What does the node that is asked answer, and why? The answers are on the last page.',
    ...questions.flatMap((question, i) => ask(question, i + 1, album)),
    '',
    '<div style="page-break-before: always"></div>',
    '',
    '---',
    '',
    '## Answers',
    ...questions.flatMap((question, i) => answer(question, i + 1, album)),
    '',
    `## The lesson: ${plain(shortText(first.run.name, MOST_NAME_COLUMNS))}`,
    '',
    ...prose(first.run.about),
  ];
  return { markdown: `${lines.join('\n')}\n`, pictures: album.pictures };
}

/** What is worth asking: what a history is continued from; where that never came, everything that was asked. */
function questionsOf(traces: readonly Trace[]): Question[] {
  const first = traces[0]!;
  const all = traces.flatMap((trace, i) => {
    const groups = foldAlike(i === 0 ? groupDecisions(trace) : otherDecisions(trace, first));
    return groups.map(([decision], k) => ({
      trace,
      caseNumber: i + 1,
      decision,
      before: groups[k - 1]?.[0] ?? null,
    }));
  });
  const telling = all.filter(({ decision }) => decision.reason !== 'forced');
  return (telling.length > 0 ? telling : all).slice(0, MOST_QUESTIONS);
}

function partOf({ caseNumber }: Question): string {
  return caseNumber === 1 ? '' : `case-${caseNumber}-`;
}

function ask(question: Question, number: number, album: Album): string[] {
  const { trace, decision, before, caseNumber } = question;
  const story = storyOf(trace).filter(
    ({ at, kind }) => at <= decision.at && (before === null || at > before.at) && KNOWN_BEFORE.has(kind),
  );
  const picture = album.decision(trace, decision, partOf(question), true);
  return [
    '',
    `## Question ${number}: ${decisionQuestion(trace, decision).replace(/^#\d+ · /, '')}`,
    '',
    ...(caseNumber === 1 ? [] : [`This is case ${caseNumber}: ${plain(trace.run.case)}.`, '']),
    ...(story.length === 0 ? [] : [...storyBlock(trace, story), '']),
    `${plain(decision.asked)}. ${masterSentence(trace, decision)}`,
    ...(picture === null ? [] : ['', picture]),
    '',
    '☐ partial  ☐ full  ☐ refused, because',
    '',
    '&nbsp;',
  ];
}

function answer(question: Question, number: number, album: Album): string[] {
  const { trace, decision } = question;
  const picture = album.decision(trace, decision, partOf(question));
  return [
    '',
    `### Question ${number}: ${decisionHeading(trace, decision)}`,
    ...(picture === null ? [] : ['', picture]),
    '',
    ...ruleTable(trace, decision),
    ...whyLines(trace, decision),
  ];
}

/** What the master that is asked goes by, remembers and holds. */
function masterSentence(trace: Trace, { master, moment, backlog }: TraceDecision): string {
  const state = stateAt(trace, master, moment - 1);
  const replid2 = String(state.replid2 ?? NO_REPLID);
  const remembers =
    replid2 === NO_REPLID
      ? 'and remembers no id before it'
      : `and remembers ${historyName(trace, replid2)}, fence at byte ${state.second_replid_offset}`;
  const holds =
    backlog === null
      ? 'has no backlog'
      : backlog.first === backlog.next
        ? `has an empty backlog, its next byte is ${backlog.next}`
        : `has bytes ${backlog.first} to ${backlog.next - 1} in its backlog`;
  const name = nodeName(trace, master);
  const id = historyName(trace, String(state.replid ?? NO_REPLID));
  return plain(`${name} goes by ${id} ${remembers}. It ${holds}.`);
}
