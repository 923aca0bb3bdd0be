import type { TraceDecision } from '../../trace/trace.ts';
import { clockText, historyName, sanitizeLine } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import type { TraceIndex } from '../model/trace-index.ts';

/** A replication id by its name, with its colour beside it. */
export function History({ index, replid }: { readonly index: TraceIndex; readonly replid: string }) {
  return (
    <span class={`history ${index.historyClass(replid)}`} title={sanitizeLine(replid)}>
      {sanitizeLine(historyName(index.trace, replid))}
    </span>
  );
}

interface TimeLinkProps {
  readonly at: number;
  readonly moment: number;
  readonly go: Go;
  /** The decision whose card is to stay open. */
  readonly decision?: number;
}

/** A time that leads to its moment. */
export function TimeLink({ at, moment, go, decision }: TimeLinkProps) {
  return (
    <button type="button" class="time" onClick={() => go(moment, 'jump', decision)} title="Go to this moment">
      {clockText(at)}
    </button>
  );
}

export const OUTCOME_SIGNS = { partial: '✓', full: '↻', refused: '✗' } as const;

/** How an answer looks: a first synchronization is nothing bad, other full ones are what one wants to avoid. */
export function toneOf({ outcome, reason }: TraceDecision): 'good' | 'plain' | 'bad' {
  if (outcome === 'partial') return 'good';
  return reason === 'forced' ? 'plain' : 'bad';
}
