import { stateAt } from '../../trace/state.ts';
import type { Trace, TraceDecision } from '../../trace/trace.ts';
import { historyName, nodeName } from '../../trace/words.ts';

/** What the fence is and on which side the request fell; null where the decision asked for no second id. */
export function fenceText(trace: Trace, decision: TraceDecision): string | null {
  const { reason, offset, moment } = decision;
  if ((reason !== 'replid2' && reason !== 'replid2-offset') || offset === null) return null;
  // A full synchronization changes the master in the same event, so its state before it counts.
  const state = stateAt(trace, decision.master, moment - 1);
  const fence = state.second_replid_offset;
  if (typeof fence !== 'number' || fence < 0) return null;
  const master = nodeName(trace, decision.master);
  const replica = nodeName(trace, decision.replica);
  const old = historyName(trace, String(state.replid2 ?? ''));
  const own = historyName(trace, String(state.replid ?? ''));
  const what =
    `The history of ${master} was ${old} up to byte ${fence - 1} and is ${own} from byte ${fence} on; that byte is ` +
    `its fence (second_replid_offset). Up to byte ${fence - 1} the two are the same, so ${master} can serve whoever ` +
    `wants byte ${fence} or an earlier one next.`;
  if (offset > fence) {
    return `${what} ${replica} wants byte ${offset} next: it already has ${offset - fence} of ${old}'s bytes that ${master} never had, and what ${own} has in their place is something else. Only a full copy can take them away.`;
  }
  if (offset === fence) {
    return `${what} ${replica} wants exactly byte ${fence}. With one byte more of ${old} it would want ${fence + 1}, it would hold a byte that ${master} never had, and it would have to start over.`;
  }
  return `${what} ${replica} wants byte ${offset}, ${fence - offset} before the fence.`;
}
