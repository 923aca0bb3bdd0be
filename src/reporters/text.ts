import type { RunResult, StoryEvent } from '../run/result.ts';
import type { Palette } from '../terminal/colour.ts';
import { formatBytes, formatCase, formatRunId, formatSeconds, plural } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { wrap } from '../terminal/width.ts';
import { failureDetails, formatLocation } from './failure-text.ts';
import type { Report, Reporter, Summary, Write } from './reporter.ts';
import { drawStory } from './story.ts';

/** Events told of the beginning and of the end of a story that has more than both. */
const STORY_PART = 2_000;
/** Failing runs that the summary names again. */
const NAMED_AGAIN = 10;

/** Warnings that a run tells in words; the others are counted. */
const WARNINGS_TOLD = 5;

export interface TextOptions {
  readonly columns: number;
  readonly palette: Palette;
  /** Whether there is only one run: it is told in full, and needs no summary. */
  readonly single: boolean;
}

/** What people read: the story of a run, what it cost and whether all held; of many runs, a line for each. */
export function textReporter(write: Write, options: TextOptions): Reporter {
  const failed: Report[] = [];
  const line = (text = '') => write(`${text}\n`);
  return {
    run(report) {
      if (!report.result.ok) failed.push(report);
      if (!options.single) line(runLine(report.result, options.palette));
      if (options.single || report.story !== null) {
        for (const text of tellRun(report, options)) line(text);
      }
      if (!report.result.ok) for (const text of tellFailures(report, options)) line(text);
    },
    end(summary) {
      if (options.single && summary.stopped === null) return;
      line();
      for (const text of tellSummary(summary, failed, options)) line(text);
    },
  };
}

function runLine(result: RunResult, palette: Palette): string {
  const mark = result.ok ? palette.good('ok  ') : palette.bad('FAIL');
  return `${mark} ${formatRunId(result)}: ${sanitizeLine(result.name)}`;
}

function tellRun({ result, story }: Report, { columns, palette }: TextOptions): string[] {
  const values = formatCase(result.case);
  const facts = [
    ...(values === '' ? [] : [values]),
    `seed ${sanitizeLine(result.seed)}`,
    sanitizeLine(result.profile),
  ].join(' · ');
  const title = `${palette.strong(sanitizeLine(result.name))} · ${facts}`;
  const told = plural(result.failures.length, 'failure');
  return [
    title,
    '',
    ...(story === null ? [] : [...tellStory(story, Object.keys(result.nodes), columns, palette), '']),
    ...tellWarnings(result).flatMap((text) => wrap(text, columns).map((line) => palette.faint(line))),
    ...wrap(`cost: ${tellCost(result)}`, columns),
    ...(result.ok
      ? wrap(`held: ${verdict(result)}`, columns).map((line) => palette.good(line))
      : [palette.bad(`failed: ${result.failures.length === 0 ? verdict(result) : told}`)]),
  ];
}

/** The story, or of a very long one its beginning and its end. */
function tellStory(
  story: readonly StoryEvent[],
  nodes: readonly string[],
  columns: number,
  palette: Palette,
): string[] {
  const left = story.length - 2 * STORY_PART;
  if (left <= 0) return drawStory(story, nodes, columns, palette);
  return [
    ...drawStory(story.slice(0, STORY_PART), nodes, columns, palette),
    palette.faint(`           … ${plural(left, 'event')} left out …`),
    ...drawStory(story.slice(-STORY_PART), nodes, columns, palette),
  ];
}

/** A known failure passes while something fails, and the other way round; otherwise nothing failed. */
function verdict(result: RunResult): string {
  if (result.failures.length > 0) return `${plural(result.failures.length, 'failure')}, as the scenario says`;
  const what =
    result.expectations === 0
      ? 'every invariant, and nothing was expected,'
      : `${plural(result.expectations, 'expectation')} and every invariant${otherThan(result.violated)},`;
  return `${what} in ${formatSeconds(result.duration_ms)} and ${plural(result.events, 'event')}`;
}

/** The invariants that a run breaks because its scenario says so. */
function otherThan(violated: readonly string[]): string {
  return violated.length === 0 ? '' : ` but ${violated.join(', ')}`;
}

/** What an invariant is against and Redis's own rules want: the first of them. */
function tellWarnings({ warnings }: RunResult): string[] {
  const told = warnings
    .slice(0, WARNINGS_TOLD)
    .map(
      ({ invariant, message, at_ms }) =>
        `warning: ${invariant} at ${formatSeconds(at_ms)}: ${sanitizeLine(message)}`,
    );
  const left = warnings.length - WARNINGS_TOLD;
  return left > 0 ? [...told, `and ${plural(left, 'warning')} more`] : told;
}

function tellCost({ clients, cost, lost_writes: lost }: RunResult): string {
  return [
    `${plural(cost.full_syncs, 'full sync')} (${formatBytes(cost.full_bytes)})`,
    plural(cost.forks, 'fork'),
    `${formatSeconds(cost.unreadable_ms)} unreadable`,
    ...(clients.length > 0 ? [`longest write gap ${formatSeconds(cost.write_gap_ms)}`] : []),
    ...(lost.count > 0 ? [tellLost(lost)] : []),
  ].join(' · ');
}

/** `3 lost writes (asynchronous 2, died-without-saving 1)`: by the clauses that allow it. */
function tellLost({ count, explained }: RunResult['lost_writes']): string {
  const clauses = explained.map(({ clause, count: of }) => `${clause} ${of}`).join(', ');
  return plural(count, 'lost write') + (clauses === '' ? '' : ` (${clauses})`);
}

function tellFailures({ result, repeat }: Report, { palette }: TextOptions): string[] {
  const lines = result.failures.flatMap((failure) => [
    `  ${palette.strong(formatLocation(failure))} ${failure.kind}: ${palette.bad(sanitizeLine(failure.message))}`,
    ...failureDetails(failure).map(({ label, text }) => `      ${palette.faint(label.padEnd(8))} ${text}`),
  ]);
  return [...lines, `  ${palette.faint('repeat:')} ${sanitizeLine(repeat)}`];
}

function tellSummary(summary: Summary, failed: readonly Report[], { palette }: TextOptions): string[] {
  const { runs } = summary;
  const counts = [
    palette.good(`${runs - summary.failed} passed`),
    summary.failed === 0 ? '0 failed' : palette.bad(`${summary.failed} failed`),
  ].join(', ');
  const lines = [`${plural(runs, 'run')}: ${counts}${tellStop(summary)}`];
  if (runs > 1) {
    for (const { repeat } of failed.slice(0, NAMED_AGAIN)) lines.push(`  ${sanitizeLine(repeat)}`);
    if (failed.length > NAMED_AGAIN) lines.push(`  and ${failed.length - NAMED_AGAIN} more`);
  }
  return lines;
}

function tellStop({ stopped, runs, planned }: Summary): string {
  switch (stopped) {
    case null:
      return '';
    case 'bail':
      return runs < planned ? `, ${planned - runs} not run (--bail)` : '';
    case 'interrupted':
      return `, interrupted with ${planned - runs} not run`;
    case 'contradiction':
    case 'wrong':
      return `, stopped with ${planned - runs} not run`;
  }
}
