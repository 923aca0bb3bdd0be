import { useState } from 'preact/hooks';
import { NO_NODE } from '../../trace/trace.ts';
import { costText, decisionText, summaryText, tellingDecision, verdictText } from '../../trace/verdict.ts';
import { sanitizeLine } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import type { TraceIndex } from '../model/trace-index.ts';
import { TimeLink } from './common.tsx';
import { Prose } from './prose.tsx';

interface Props {
  readonly index: TraceIndex;
  readonly go: Go;
}

/** What happened, in words, before any picture; and the command that plays it again. */
export function Verdict({ index, go }: Props) {
  const { trace } = index;
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
      <Failures index={index} go={go} />
      {telling !== undefined && <p class="telling">{sanitizeLine(decisionText(trace, telling))}</p>}
      <p class="cost">Cost: {costText(trace)}.</p>
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

function Failures({ index, go }: Props) {
  const { run, verdict } = index.trace;
  if (verdict.failures.length === 0) return null;
  return (
    <ul class="failures">
      {verdict.failures.map(({ kind, message, line, at }, i) => (
        <li key={i}>
          <span class="mono">
            {sanitizeLine(run.scenario)}:{line}
          </span>{' '}
          {sanitizeLine(`${kind}: ${message}`)}{' '}
          {at !== null && <TimeLink at={at} moment={index.momentAt(at, NO_NODE)} go={go} />}
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
