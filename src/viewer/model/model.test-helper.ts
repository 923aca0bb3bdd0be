import { entryTable, handTrace } from '../../trace/trace.test-helper.ts';
import type { Trace } from '../../trace/trace.ts';
import { TraceIndex } from './trace-index.ts';

export const handIndex = (more: Partial<Trace> = {}): TraceIndex => new TraceIndex(handTrace(more));

/** A run of so many moments a millisecond apart, in each of which A sends B a message that arrives in the next. */
export function longIndex(moments: number, idleAfter = -1): TraceIndex {
  const at = Array.from(
    { length: moments },
    (_, i) => i * 1000 + (idleAfter >= 0 && i > idleAfter ? 2_000_000 : 0),
  );
  const entries = at.slice(0, -1).map((_, moment) => ({
    moment,
    kind: moment % 10 === 9 ? ('psync' as const) : ('ack' as const),
    node: 0,
    peer: 1,
    arrival: moment + 1,
    bytes: 10,
    text: `message ${moment}`,
  }));
  return handIndex({
    moments: { at, event: at.map((_, i) => i) },
    ...entryTable(entries),
    decisions: [],
    states: [[], [], []],
    cuts: [],
  });
}
