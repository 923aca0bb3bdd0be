import { useEffect, useRef } from 'preact/hooks';
import type { Trace } from '../../trace/trace.ts';
import { clockText, historyName, nodeName, sanitizeLine } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import { OUTCOME_SIGNS, toneOf } from './common.tsx';

interface Props {
  readonly trace: Trace;
  readonly moment: number;
  readonly chosen: number;
  readonly go: Go;
}

/** Every PSYNC of the run in a line: who asked whom for what, and what the answer was. */
export function DecisionList({ trace, moment, chosen, go }: Props) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => keepInSight(list.current, '[aria-current]'), [chosen]);
  if (trace.decisions.length === 0) return null;
  return (
    <nav class="decisions" aria-label="Decisions">
      <ol ref={list}>
        {trace.decisions.map((decision) => {
          const { number, at, replica, master, outcome, reason, replid, offset } = decision;
          const asked = replid === null ? 'SYNC' : `PSYNC ${historyName(trace, replid)} ${offset ?? '?'}`;
          return (
            <li key={number}>
              <button
                type="button"
                class={toneOf(decision)}
                aria-current={number === chosen ? 'true' : undefined}
                onClick={() => go(decision.moment, 'jump', number)}
              >
                <span class="when">
                  #{number} · {clockText(at)}
                  {decision.moment === moment && <b> · now</b>}
                </span>
                <span class="who">
                  {sanitizeLine(nodeName(trace, replica))} → {sanitizeLine(nodeName(trace, master))}
                </span>
                <span class="mono">{sanitizeLine(asked)}</span>
                <span class="outcome">
                  <span aria-hidden="true">{OUTCOME_SIGNS[outcome]} </span>
                  {outcome}/{reason}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** Scrolls a list, never the page, so that one of its elements is seen. */
function keepInSight(list: HTMLElement | null, selector: string): void {
  const element = list?.querySelector<HTMLElement>(selector);
  if (list === null || element == null) return;
  const [frame, box] = [list.getBoundingClientRect(), element.getBoundingClientRect()];
  if (box.top < frame.top || box.bottom > frame.bottom) list.scrollTop += box.top - frame.top - 8;
}
