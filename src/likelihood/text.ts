import { storyLines } from '../reporters/story.ts';
import type { StoryEvent } from '../run/result.ts';
import { timeText } from '../run/time.ts';
import type { Palette } from '../terminal/colour.ts';
import { formatClock } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { toColumns, truncate, wrap } from '../terminal/width.ts';
import { type Likelihood, type LikelihoodCurve, shareOf } from './likelihood.ts';

export interface TellOptions {
  readonly columns: number;
  readonly palette: Palette;
}

const BAR = 24;
/** A rise of this much is told with what lay in it. */
const STEEP = 0.1;
/** So many lines of the story at most. */
const MOST_LINES = 8;

/** How likely the failure was from each moment on, for a terminal. */
export function tellLikelihood(curve: LikelihoodCurve, { columns, palette }: TellOptions): string[] {
  const { failure, points, story } = curve;
  const lines = [
    ...wrap(sanitizeLine(`${failure.kind}: ${failure.message}`), columns).map((line) => palette.bad(line)),
    '',
  ];
  points.forEach((point, i) => {
    const before = points[i - 1];
    if (before !== undefined) lines.push(...tellBetween(before, point, story, columns, palette));
    lines.push(tellPoint(point));
  });
  return [...lines, '', ...wrap(verdict(curve), columns).map((line) => palette.strong(line))];
}

function tellPoint(point: Likelihood): string {
  const { at, futures, failed } = point;
  const share = shareOf(point);
  const bar = toColumns('█'.repeat(Math.round(share * BAR)), BAR);
  const percent = `${Math.round(share * 100)} %`.padStart(5);
  return `${formatClock(at).padStart(9)}  ${bar} ${percent}  (${failed} of ${futures})`;
}

/** What happened where the likelihood changed much. */
function tellBetween(
  from: Likelihood,
  to: Likelihood,
  story: readonly StoryEvent[],
  columns: number,
  { faint }: Palette,
): string[] {
  if (!isSteep(from, to)) return [];
  const between = storyLines(story.filter(({ at }) => at > from.at && at <= to.at));
  const shown = between.slice(0, MOST_LINES);
  const more = between.length - shown.length;
  return [...shown, ...(more > 0 ? [`${' '.repeat(10)}and ${more} more`] : [])].map((line) =>
    faint(truncate(`    ${line}`, columns)),
  );
}

/** Whether so much lies between two moments that one wants to know what happened. */
export function isSteep(from: Likelihood, to: Likelihood): boolean {
  return Math.abs(shareOf(to) - shareOf(from)) >= STEEP;
}

/** When the failure became certain, in a sentence. */
export function verdict({ points, open }: LikelihoodCurve): string {
  const last = points.at(-1)!;
  if (open === null) return 'Every future failed, from the first moment on: chance has no part in it.';
  const certain = points.find(({ at }) => at > open);
  if (certain === undefined) return `Even at ${timeText(last.at)} not every future failed.`;
  return `It became certain between ${timeText(open)} and ${timeText(certain.at)}: from there on every future failed.`;
}
