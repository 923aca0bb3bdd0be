import { useState } from 'preact/hooks';
import type { Trace } from '../../trace/trace.ts';
import { decisionText, summaryText, tellingDecision, verdictText } from '../../trace/verdict.ts';
import { sanitizeLine } from '../../trace/words.ts';
import { Prose } from './prose.tsx';

/** What happened, in words, before any picture; and the command that plays it again. */
export function Verdict({ trace }: { readonly trace: Trace }) {
  const { run, verdict } = trace;
  const telling = tellingDecision(trace);
  const facts = [run.scenario, run.case, `seed ${run.seed}`, run.profile].filter((fact) => fact !== '');
  return (
    <header class="verdict">
      <p class="facts">
        {facts.map((fact) => (
          <span key={fact}>{sanitizeLine(fact)}</span>
        ))}
      </p>
      <h1>{sanitizeLine(run.name)}</h1>
      <p class="sentence">
        <span class={`badge ${verdict.ok ? 'good' : 'bad'}`}>{verdict.ok ? '✓ passed' : '✗ failed'}</span>{' '}
        {sanitizeLine(verdictText(trace))} {summaryText(trace)}
      </p>
      <Failures trace={trace} />
      {telling !== undefined && <p class="telling">{sanitizeLine(decisionText(trace, telling))}</p>}
      <Repeat command={sanitizeLine(run.repeat)} />
      {run.about.trim() !== '' && (
        <details class="about">
          <summary>What this scenario is about</summary>
          <Prose text={run.about} />
        </details>
      )}
    </header>
  );
}

function Failures({ trace: { run, verdict } }: { readonly trace: Trace }) {
  if (verdict.failures.length === 0) return null;
  return (
    <ul class="failures">
      {verdict.failures.map(({ kind, message, line }, i) => (
        <li key={i}>
          <span class="mono">
            {sanitizeLine(run.scenario)}:{line}
          </span>{' '}
          {kind}: {sanitizeLine(message)}
        </li>
      ))}
    </ul>
  );
}

function Repeat({ command }: { readonly command: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await copyText(command);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <p class="repeat">
      <span class="label">Play it again</span> <code>{command}</code>{' '}
      <button type="button" onClick={copy} aria-label="Copy the command">
        {copied ? '✓ copied' : 'copy'}
      </button>
    </p>
  );
}

/** A page opened as a file may have no clipboard, but a selection can always be copied. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
