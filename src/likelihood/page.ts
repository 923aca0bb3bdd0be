import { STATIC_STYLE, staticPage } from '../report/html/static-page.ts';
import { escapeXml } from '../report/pictures/xml.ts';
import type { StoryEvent } from '../run/result.ts';
import { formatClock } from '../terminal/format.ts';
import { VERSION } from '../version.ts';
import { CHART_STYLE, likelihoodChart } from './chart.ts';
import type { Likelihood, LikelihoodCurve } from './likelihood.ts';
import { isSteep, verdict } from './text.ts';

/** Which run it is about. */
export interface LikelihoodLabels {
  readonly name: string;
  readonly seed: string;
  /** The command that plays it. */
  readonly repeat: string;
}

/** How likely a failure was from each moment of its run on, as one HTML file without a script. */
export function likelihoodPage(curve: LikelihoodCurve, { name, seed, repeat }: LikelihoodLabels): string {
  const { failure, points } = curve;
  const main = `<h1>${escapeXml(name)}</h1>
<p class="lead bad">${escapeXml(`${failure.kind}: ${failure.message}`)}</p>
<p class="lead">${escapeXml(verdict(curve))}</p>
<p class="faint">Seed ${escapeXml(seed)}; of each moment ${points[0]!.futures} futures, the same up to there and each with
other chance from there on. <code>${escapeXml(repeat)}</code></p>
<div class="scroll" tabindex="0" role="region" aria-label="likelihood over time">${likelihoodChart(curve)}</div>
<table>
<thead><tr><th scope="col">time</th><th scope="col">futures that fail</th><th scope="col">what had happened since</th></tr></thead>
<tbody>${points.map((point, i) => row(points[i - 1], point, curve.story)).join('\n')}</tbody>
</table>
<footer>psynclab ${escapeXml(VERSION)}</footer>`;
  return staticPage({ title: `${name} · likelihood`, style: `${STATIC_STYLE}${CHART_STYLE}`, main });
}

function row(before: Likelihood | undefined, point: Likelihood, story: readonly StoryEvent[]): string {
  const { at, failed, futures } = point;
  const told =
    before === undefined || !isSteep(before, point)
      ? ''
      : story
          .filter((event) => event.at > before.at && event.at <= at)
          .map(eventMarkup)
          .join('<br>');
  return `<tr><td class="at">${formatClock(at)} s</td><td>${failed} of ${futures}</td><td>${told}</td></tr>`;
}

function eventMarkup({ at, node, text }: StoryEvent): string {
  const where = node === null ? '' : `<strong>${escapeXml(node)}</strong> `;
  return `<span class="faint">${formatClock(at)} s</span> ${where}${escapeXml(text)}`;
}
