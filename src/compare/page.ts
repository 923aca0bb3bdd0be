import { staticPage } from '../report/html/static-page.ts';
import { layOut } from '../report/pictures/layout.ts';
import { offsetScene, requestText } from '../report/pictures/scene.ts';
import { offsetSvg } from '../report/pictures/svg.ts';
import { escapeXml } from '../report/pictures/xml.ts';
import { formatClock } from '../terminal/format.ts';
import type { Trace, TraceDecision, TraceRule } from '../trace/trace.ts';
import type { Both, Comparison, EndDifference, Side } from './comparison.ts';
import type { Aligned } from './edits.ts';
import { COMPARISON_STYLE } from './page-style.ts';
import { type Step, stepText } from './steps.ts';
import { foldSame } from './stretches.ts';

const SIDES: readonly Side[] = ['left', 'right'];
const SIDE_NAMES: Both<string> = { left: 'Left', right: 'Right' };

/** A comparison as one HTML file without a script. */
export function comparisonPage(comparison: Comparison, labels: Both<string>): string {
  const { name, seed } = comparison.traces.left.run;
  const main = `<h1>${escapeXml(name)}</h1>
<p class="lead">${escapeXml(verdict(comparison))}</p>
<p class="faint">Both with seed ${escapeXml(seed)}.</p>
${runs(comparison.traces, labels)}
${parting(comparison)}
${decisions(comparison)}
${followed(comparison.followed)}
${ends(comparison.ends)}
<footer>psynclab ${escapeXml(comparison.traces.left.psynclab)}</footer>`;
  return staticPage({ title: `${name} · compared`, style: COMPARISON_STYLE, main });
}

/** What came of the difference, in a sentence or two. */
function verdict({ shared, parting: parts, decision, traces }: Comparison): string {
  if (parts === null) return `The runs are the same in all of their ${shared} steps.`;
  const until =
    shared === 0
      ? 'The runs differ from their first step on.'
      : `The runs are the same in ${shared} steps and part at ${formatClock(parts.at)} s.`;
  if (decision === null) return `${until} Every PSYNC was answered the same.`;
  const answers = SIDES.map((side) => {
    const one = decision[side];
    return one === null ? 'nothing was asked' : `${one.outcome}/${one.reason}`;
  });
  const one = decision.left ?? decision.right!;
  const trace = decision.left === null ? traces.right : traces.left;
  const who = trace.nodes[one.replica]?.name ?? 'a client';
  return `${until} The first request that is answered differently is ${who}'s to ${trace.nodes[one.master]!.name}: ${answers.join(' on the left, ')} on the right.`;
}

function runs(traces: Both<Trace>, labels: Both<string>): string {
  return `<h2>The runs</h2>\n${pair(
    (side) => `<p>${escapeXml(labels[side])}</p><p><code>${escapeXml(traces[side].run.repeat)}</code></p>`,
  )}`;
}

function parting({ parting: parts }: Comparison): string {
  if (parts === null) return '';
  return `<h2>The first difference</h2>\n${pair((side) => {
    const step = parts.steps[side];
    return `<p>${step === null ? 'nothing more happens' : escapeXml(stepText(step))}</p>`;
  })}`;
}

function decisions({ decision, traces }: Comparison): string {
  if (decision === null) return '';
  const turning = turningPoint(decision);
  return `<h2>The first decision that differs</h2>\n${pair((side) => {
    const one = decision[side];
    return one === null ? '<p>no such request</p>' : decisionCard(traces[side], one, side, turning);
  })}`;
}

/** The first rule that was answered otherwise; -1 where there is none to compare. */
function turningPoint({ left, right }: Both<TraceDecision | null>): number {
  if (left === null || right === null) return -1;
  return left.rules.findIndex((rule, i) => rule.holds !== right.rules[i]?.holds);
}

function decisionCard(trace: Trace, decision: TraceDecision, side: Side, turning: number): string {
  const { at, outcome, reason, rules } = decision;
  const picture = offsetSvg(layOut(offsetScene(trace, decision.moment, decision)), {
    id: side,
    standalone: false,
  });
  return `<p>${formatClock(at)} s · <code>${escapeXml(requestText(trace, decision))}</code> ·
<span class="${outcome === 'partial' ? 'good' : 'bad'}">${escapeXml(`${outcome}/${reason}`)}</span></p>
<div class="scroll" tabindex="0" role="region" aria-label="offset picture, ${side}">${picture}</div>
<table>
<thead><tr><th scope="col">rule</th><th scope="col">values</th><th scope="col">answer</th></tr></thead>
<tbody>${rules.map((rule, i) => ruleRow(rule, i === turning)).join('')}</tbody>
</table>`;
}

function ruleRow({ rule, left, op, right, holds }: TraceRule, turns: boolean): string {
  const values = op === 'is' ? left : `${left} ${op} ${right}`;
  const answer = holds ? '<span class="good">✓ yes</span>' : '<span class="bad">✗ no</span>';
  return `<tr${turns ? ' class="turns"' : ''}><th scope="row">${escapeXml(rule)}${
    turns ? ' <span class="faint">(it turns on this)</span>' : ''
  }</th><td>${escapeXml(values)}</td><td>${answer}</td></tr>`;
}

function followed(rows: readonly Aligned<Step>[]): string {
  if (rows.length === 0) return '';
  const body = foldSame(rows).map((row) =>
    'folded' in row
      ? `<tr class="same"><td></td><td></td><td>… ${row.folded} more lines that are the same</td></tr>`
      : followedRow(row),
  );
  return `<h2>What followed</h2>
<table>
<thead><tr><th scope="col">run</th><th scope="col">time</th><th scope="col">what happened</th></tr></thead>
<tbody>${body.join('\n')}</tbody>
</table>`;
}

function followedRow(row: Aligned<Step>): string {
  const both = row.left !== null && row.right !== null;
  const [who, kind] = both
    ? ['both', 'same']
    : row.left !== null
      ? ['left', 'is-left']
      : ['right', 'is-right'];
  const { at, node, text } = row.left ?? row.right!;
  const where = node === null ? '' : `<strong>${escapeXml(node)}</strong> `;
  return `<tr class="${kind}"><td class="who">${who}</td><td class="at">${formatClock(at)} s</td><td>${where}${escapeXml(text)}</td></tr>`;
}

function ends(differences: readonly EndDifference[]): string {
  if (differences.length === 0) return '';
  const rows = differences.map(
    ({ what, left, right }) =>
      `<tr><th scope="row">${escapeXml(what)}</th><td>${escapeXml(left)}</td><td>${escapeXml(right)}</td></tr>`,
  );
  return `<h2>Not the same at the end</h2>
<table>
<thead><tr><th scope="col">what</th><th scope="col">left</th><th scope="col">right</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table>`;
}

function pair(content: (side: Side) => string): string {
  const boxes = SIDES.map(
    (side) => `<section class="${side}"><h3>${SIDE_NAMES[side]}</h3>${content(side)}</section>`,
  );
  return `<div class="pair">${boxes.join('\n')}</div>`;
}
