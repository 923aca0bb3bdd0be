import { NO_NODE } from '../../trace/trace.ts';
import type { TraceIndex } from './trace-index.ts';

/**
 * The messages that can have had a part in what a moment was: those that arrived at its node up to then, those that
 * arrived at their senders before they were sent, and so on. Looked for back to the moment `from`.
 */
export function pastOf(index: TraceIndex, moment: number, from: number): ReadonlySet<number> {
  const past = new Set<number>();
  // Of each node, up to which moment what it did can have had a part.
  const reach = new Map<number, number>();
  for (const { node } of index.entriesAt(moment)) reach.set(node, moment);
  for (const { peer } of index.arrivalsAt(moment)) reach.set(peer, moment);
  // Clients are many, and nothing is known of what one heard from another.
  reach.delete(NO_NODE);
  for (let when = moment; when >= from; when--) {
    for (const { number, node, peer, moment: sent } of index.arrivalsAt(when)) {
      if ((reach.get(peer) ?? -1) < when) continue;
      past.add(number);
      if (node !== NO_NODE) reach.set(node, Math.max(reach.get(node) ?? -1, sent));
    }
  }
  return past;
}
