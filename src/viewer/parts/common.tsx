import type { Trace } from '../../trace/trace.ts';
import { clockText, historyName, sanitizeLine } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';

/** How many colours there are for histories; more histories begin again, and their names still differ. */
const COLOURS = 8;

/** The class that gives an element its history's colour. */
export function historyClass(trace: Trace, replid: string): string {
  const number = trace.histories.findIndex((history) => history.replid === replid);
  return number < 0 ? 'history-none' : `history-${number % COLOURS}`;
}

/** A replication id by its name, with its colour beside it. */
export function History({ trace, replid }: { readonly trace: Trace; readonly replid: string }) {
  return (
    <span class={`history ${historyClass(trace, replid)}`} title={sanitizeLine(replid)}>
      {historyName(trace, replid)}
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
