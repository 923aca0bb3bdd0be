import { formatClock } from '../../terminal/format.ts';
import type { Trace, TraceDecision } from '../../trace/trace.ts';
import { address } from '../markdown/album.ts';
import { decisionHeading, decisionName } from '../markdown/decision.ts';
import { code, plain, prose } from '../markdown/escape.ts';
import { foldAlike, groupDecisions } from '../markdown/groups.ts';
import { nodeName, requestText } from '../pictures/scene.ts';

/** A lesson with its runs, one for each case. */
export interface Lesson {
  /** Its report's path in the gallery, without an ending: `03-backlog/one-byte-decides`. */
  readonly name: string;
  readonly traces: readonly Trace[];
}

/** More than so many answers are counted, not listed. */
const MOST_ANSWERS = 4;
/** Sentences are added up to so many signs, and no further than to so many. */
const ENOUGH_OF_AN_IDEA = 110;
const MOST_OF_AN_IDEA = 320;

/** What the first page says of a lesson. */
export interface CourseEntry {
  readonly topic: string;
  /** Lines of Markdown, to be an item of a list. */
  readonly lines: readonly string[];
}

/** The first page of the gallery: the lessons in order, the idea of each, and what to look at in it. */
export function coursePage(entries: readonly CourseEntry[], introduction: string): string {
  const lines = [introduction.trim()];
  let topic: string | null = null;
  for (const [i, entry] of entries.entries()) {
    if (entry.topic !== topic) {
      topic = entry.topic;
      lines.push('', `## ${plain(topicTitle(topic))}`, '');
    }
    const number = `${i + 1}. `;
    lines.push(...entry.lines.map((line, k) => (k === 0 ? number : ' '.repeat(number.length)) + line));
  }
  return `${lines.join('\n')}\n`;
}

/** `03-backlog` is called `Backlog`. */
function topicTitle(folder: string): string {
  const words = folder.replace(/^\d+-/, '').replaceAll('-', ' ');
  return words === '' ? 'Lessons' : words[0]!.toUpperCase() + words.slice(1);
}

export function courseEntry({ name, traces }: Lesson): CourseEntry {
  const { about, name: title } = traces[0]!.run;
  const idea = firstSentences(about);
  const file = `${address(name)}.md`;
  // Two blanks at its end break a line.
  return {
    topic: name.slice(0, Math.max(name.lastIndexOf('/'), 0)),
    lines: [
      `**[${plain(title)}](${file})**  `,
      ...(idea === '' ? [] : [`${idea}  `]),
      whatToLookAt(traces, file),
    ],
  };
}

/** The beginning of what a lesson says of itself, on one line: as many sentences as make an idea. */
function firstSentences(about: string): string {
  const paragraph = about
    .trim()
    .split(/\n\s*\n/)[0]!
    .replace(/\s*\n\s*/g, ' ');
  let idea = '';
  for (const sentence of paragraph.split(/(?<=[.!?])\s+(?=[A-Z`*])/)) {
    if (idea !== '' && (idea.length >= ENOUGH_OF_AN_IDEA || idea.length + sentence.length > MOST_OF_AN_IDEA))
      break;
    idea += `${idea === '' ? '' : ' '}${sentence}`;
  }
  return prose(idea).join(' ');
}

function whatToLookAt(traces: readonly Trace[], file: string): string {
  const first = traces[0]!;
  const decision = decisionThatMatters(first);
  if (decision === null) return '*Look at* how it ended: nothing was asked.';
  const who = `${nodeName(first, decision.replica)} asks ${nodeName(first, decision.master)}`;
  const link = `[#${decision.number} at ${formatClock(decision.at)} s](${file}#${anchor(decisionHeading(first, decision))})`;
  return `*Look at* ${link}: ${plain(who)} ${code(requestText(first, decision))}, ${answers(traces, decision)}.`;
}

/**
 * The decision that a lesson is about: the last full synchronization that was none of a fresh replica, else the last
 * one that went on, else the last refusal.
 */
function decisionThatMatters(trace: Trace): TraceDecision | null {
  const firsts = foldAlike(groupDecisions(trace)).map(([first]) => first);
  return (
    firsts.findLast((one) => one.outcome === 'full' && !isFresh(one)) ??
    firsts.findLast(({ outcome }) => outcome === 'partial') ??
    firsts.findLast(({ outcome }) => outcome === 'refused') ??
    firsts.at(-1) ??
    null
  );
}

/** A node that never had a byte of anybody's history asks in one of these two ways. */
function isFresh({ reason, offset }: TraceDecision): boolean {
  return reason === 'forced' || (reason === 'replid-mismatch' && offset === 1);
}

/** What was answered, in all cases. */
function answers(traces: readonly Trace[], decision: TraceDecision): string {
  const number = decision.number;
  const all = traces
    .map((trace) => trace.decisions[number - 1])
    .map((one) => (one === undefined ? null : decisionName(one)));
  const own = code(decisionName(decision));
  const different = [...new Set(all)];
  if (different.length === 1) return own;
  if (different.length > MOST_ANSWERS)
    return `${own}, and ${different.length - 1} other answers in other cases`;
  const others = different
    .slice(1)
    .map((answer) => `${answer === null ? 'nothing asked' : code(answer)} in ${cases(all, answer)}`);
  return `${own}; ${others.join(', ')}`;
}

/** The numbers of the cases with an answer, runs of them folded: `cases 2, 4 to 6`. */
function cases(all: readonly (string | null)[], answer: string | null): string {
  const numbers = all.flatMap((one, i) => (one === answer ? [i + 1] : []));
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  const told = runs.map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ');
  return `${numbers.length === 1 ? 'case' : 'cases'} ${told}`;
}

/** The name that GitHub gives to a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
