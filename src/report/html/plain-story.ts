import { counterfactualHeading } from '../../trace/counterfactual-title.ts';
import type { Trace, TraceDecision, TraceLine } from '../../trace/trace.ts';
import { decisionText, summaryText, verdictText } from '../../trace/verdict.ts';
import { clockText, nodeName } from '../../trace/words.ts';
import { escapeXml } from '../pictures/xml.ts';

/** The verdict and the decisions, for a reader whose browser runs no script. */
export function plainStory(trace: Trace): string {
  const { run, verdict } = trace;
  const failures = verdict.failures.map(({ message, line }) => `${run.scenario}:${line}: ${message}`);
  return [
    '<main class="story-only">',
    `<h1>${escapeXml(run.name)}</h1>`,
    `<p>${verdict.ok ? '✓' : '✗'} ${escapeXml(`${verdictText(trace)} ${summaryText(trace)}`)}</p>`,
    list('ul', failures),
    `<p>Repeat: <code>${escapeXml(run.repeat)}</code></p>`,
    '<p>This browser runs no script, so here is the story of the decisions alone; with scripts, the page shows every message and state of the run.</p>',
    ...trace.decisions.map((decision) => plainDecision(trace, decision)),
    '</main>',
  ].join('\n');
}

function plainDecision(trace: Trace, decision: TraceDecision): string {
  const { number, outcome, reason, asked, rules, wire, replyMeans, causes, counterfactuals, nothing, lines } =
    decision;
  const told = (one: TraceLine): string =>
    `${clockText(one.at)} ${one.node < 0 ? '' : nodeName(trace, one.node)} ${one.text}`;
  const changes = counterfactuals.map(({ change, decision: would }) => `${would}: ${change}`);
  return [
    `<h2>#${number} ${escapeXml(`${outcome}/${reason}`)}</h2>`,
    `<p>${escapeXml(decisionText(trace, decision))} ${escapeXml(asked)}.</p>`,
    list(
      'ol',
      rules.map(
        ({ rule, left, op, right, holds, source, section }) =>
          `${holds ? '✓' : '✗'} ${rule}: ${op === 'is' ? left : `${left} ${op} ${right}`} (${source}, ${section})`,
      ),
    ),
    `<p>Request: <code>${escapeXml(wire.request)}</code><br>Reply: <code>${escapeXml(wire.reply ?? 'none arrived')}</code> ${escapeXml(replyMeans ?? '')}</p>`,
    part('What led here', list('ol', causes.map(told))),
    part(
      counterfactualHeading(decision),
      list('ul', nothing === null ? changes : [...changes, `nothing: ${nothing}`]),
    ),
    part('Both logs, word for word', list('ul', lines.map(told))),
  ].join('\n');
}

function part(title: string, body: string): string {
  return body === '' ? '' : `<h3>${title}</h3>\n${body}`;
}

function list(tag: 'ol' | 'ul', texts: readonly string[]): string {
  if (texts.length === 0) return '';
  return `<${tag}>${texts.map((text) => `<li>${escapeXml(text)}</li>`).join('')}</${tag}>`;
}
