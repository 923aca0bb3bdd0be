import { escapeXml } from '../report/pictures/xml.ts';
import { formatClock } from '../terminal/format.ts';
import { type Likelihood, type LikelihoodCurve, shareOf } from './likelihood.ts';

const WIDTH = 960;
const HEIGHT = 300;
const LEFT = 56;
const RIGHT = 20;
const TOP = 16;
const BOTTOM = 40;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Colours and strokes of the chart, for the page that it stands in. */
export const CHART_STYLE = `
svg.likelihood{width:100%;min-width:720px;height:auto;display:block;margin:12px 0;font:12px system-ui,sans-serif}
.likelihood text{fill:var(--faint)}
.likelihood .grid{stroke:var(--line);stroke-width:1}
.likelihood .doubt{fill:var(--bad);opacity:.16}
.likelihood .share{fill:none;stroke:var(--bad);stroke-width:2.5;stroke-linejoin:round}
.likelihood .moment{fill:var(--ground);stroke:var(--bad);stroke-width:2}
.likelihood .certain{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 4}
.likelihood .label{fill:var(--ink);font-weight:600}
`;

/**
 * How likely the failure was over the time of its run. Between two moments nothing is known, so a line joins them; the
 * band around it is where the likelihood lies in 19 of 20 cases, since only so many futures were played.
 */
export function likelihoodChart({ points, open }: LikelihoodCurve): string {
  const first = points[0]!.at;
  const last = Math.max(points.at(-1)!.at, first + 1);
  const x = (at: number): number => LEFT + ((at - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const y = (share: number): number => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const place = (at: number, share: number): string => `${round(x(at))},${round(y(share))}`;
  const intervals = points.map(intervalOf);
  const upper = points.map(({ at }, i) => place(at, intervals[i]!.most));
  const lower = points.map(({ at }, i) => place(at, intervals[i]!.least)).reverse();
  const certain = open === null ? undefined : points.find(({ at }) => at > open);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="likelihood" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="chart-title">`,
    `<title id="chart-title">${escapeXml(describe(points))}</title>`,
    ...TICKS.map(
      (share) =>
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(share))}" y2="${round(y(share))}"/>` +
        `<text x="${LEFT - 8}" y="${round(y(share) + 4)}" text-anchor="end">${share * 100} %</text>`,
    ),
    `<polygon class="doubt" points="${[...upper, ...lower].join(' ')}"/>`,
    ...(certain === undefined ? [] : certainty(x(certain.at), certain.at)),
    `<polyline class="share" points="${points.map((point) => place(point.at, shareOf(point))).join(' ')}"/>`,
    ...points.map(
      (point) =>
        `<circle class="moment" cx="${round(x(point.at))}" cy="${round(y(shareOf(point)))}" r="4"><title>${momentText(point)}</title></circle>`,
    ),
    ...[first, (first + last) / 2, last].map(
      (at, i) =>
        `<text x="${round(x(at))}" y="${HEIGHT - 12}" text-anchor="${['start', 'middle', 'end'][i]}">${formatClock(at)} s</text>`,
    ),
    '</svg>',
  ].join('\n');
}

function certainty(x: number, at: number): string[] {
  const toLeft = x > WIDTH / 2;
  return [
    `<line class="certain" x1="${round(x)}" x2="${round(x)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>`,
    `<text class="label" x="${round(x + (toLeft ? -8 : 8))}" y="${(TOP + HEIGHT - BOTTOM) / 2 - 8}" text-anchor="${toLeft ? 'end' : 'start'}">certain from ${formatClock(at)} s on</text>`,
  ];
}

function momentText(point: Likelihood): string {
  return `${formatClock(point.at)} s: ${point.failed} of ${point.futures} futures fail`;
}

function describe(points: readonly Likelihood[]): string {
  return `Likelihood of the failure over time. ${points.map(momentText).join('; ')}.`;
}

/** Of a share that was counted in so many futures, where the true one lies in 19 of 20 cases (Wilson's interval). */
export function intervalOf({ failed, futures }: Likelihood): {
  readonly least: number;
  readonly most: number;
} {
  const z = 1.96;
  const share = failed / futures;
  const scale = 1 + (z * z) / futures;
  const middle = (share + (z * z) / (2 * futures)) / scale;
  const half = (z * Math.sqrt((share * (1 - share)) / futures + (z * z) / (4 * futures * futures))) / scale;
  return { least: Math.max(0, middle - half), most: Math.min(1, middle + half) };
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
