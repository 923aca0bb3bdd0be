import { valueAt } from '../../trace/state.ts';
import type { FieldHistory, Trace } from '../../trace/trace.ts';

/** So many histories have a colour and a pattern of their own; further ones begin again. */
export const SLOTS = 8;

/** What a server has for an id that it has not. */
export const NO_REPLID = '0'.repeat(40);

/**
 * The number of each history's colour, the same in all pictures of a trace. Histories that ever lay in a backlog
 * come first: most first ids are given up before a byte is written under them, and should take no colour away.
 */
export function historySlots(trace: Trace): Map<string, number> {
  const kept = new Set(trace.states.flatMap(heldIds));
  const ids = trace.histories.map(({ replid }) => replid);
  const ordered = [...ids.filter((id) => kept.has(id)), ...ids.filter((id) => !kept.has(id))];
  return new Map(ordered.map((id, slot) => [id, slot]));
}

/** The ids of which a node ever had a backlog. */
function heldIds(fields: readonly FieldHistory[]): string[] {
  const size = fields.find(({ field }) => field === 'repl_backlog_size');
  if (size === undefined) return [];
  return fields
    .filter(({ field }) => field === 'replid' || field === 'replid2')
    .flatMap(({ moment, value }) =>
      value.filter((id, i): id is string => {
        if (typeof id !== 'string' || id === NO_REPLID) return false;
        const until = moment[i + 1] ?? Number.POSITIVE_INFINITY;
        return (
          (valueAt(size, moment[i]!) ?? null) !== null ||
          size.moment.some((when, k) => when >= moment[i]! && when < until && size.value[k] !== null)
        );
      }),
    );
}
