import { tellingDecision } from '../../trace/verdict.ts';
import type { TraceIndex } from './trace-index.ts';

/** Where the reader is: a moment of the run, and the decision whose card lies open. */
export interface Place {
  readonly moment: number;
  /** The decision's number; 0 where the run has none. */
  readonly decision: number;
}

/** `#e=51`; with `&d=3` where another card lies open than one would expect at that moment. */
export function addressOf({ moment, decision }: Place, index: TraceIndex): string {
  return decision === usualDecision(index, moment) ? `#e=${moment}` : `#e=${moment}&d=${decision}`;
}

/** The place that an address names; without one, the decision that tells most. */
export function placeIn(hash: string, index: TraceIndex): Place {
  const named = /[#&]e=(\d{1,12})(?:&|$)/.exec(hash)?.[1];
  if (named === undefined) return firstPlace(index);
  const moment = Math.min(Math.max(0, index.length - 1), Number(named));
  const decision = Number(/&d=(\d{1,9})(?:&|$)/.exec(hash)?.[1] ?? 0);
  const known = index.trace.decisions.some((one) => one.number === decision);
  return { moment, decision: known ? decision : usualDecision(index, moment) };
}

/** The number of the decision that was made in a moment. */
export function decisionAt(index: TraceIndex, moment: number): number | undefined {
  return index.trace.decisions.findLast((one) => one.moment === moment)?.number;
}

function firstPlace(index: TraceIndex): Place {
  const telling = tellingDecision(index.trace);
  if (telling !== undefined) return { moment: telling.moment, decision: telling.number };
  return { moment: Math.max(0, index.length - 1), decision: 0 };
}

/** The last decision up to a moment, else the first. */
function usualDecision({ trace }: TraceIndex, moment: number): number {
  return (trace.decisions.findLast((one) => one.moment <= moment) ?? trace.decisions[0])?.number ?? 0;
}
