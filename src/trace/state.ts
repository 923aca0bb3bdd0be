import type { FieldHistory, FieldValue, Trace } from './trace.ts';

/** The state of one node at a moment: fields by name, those it never had are missing. */
export type NodeState = Readonly<Record<string, FieldValue>>;

/** Where in a rising list the last value lies that is not above a limit; -1 if there is none. */
export function lastUpTo(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** What a field was at a moment; undefined before its first value. */
export function valueAt(history: FieldHistory, moment: number): FieldValue | undefined {
  return history.value[lastUpTo(history.moment, moment)];
}

/** All fields of a node as they stood after a moment. */
export function stateAt(trace: Trace, node: number, moment: number): NodeState {
  const state: Record<string, FieldValue> = {};
  for (const history of trace.states[node]!) {
    const value = valueAt(history, moment);
    if (value !== undefined) state[history.field] = value;
  }
  return state;
}

/** The moment at which a field got the value it has at a moment; -1 where it has none. */
export function lastChange(history: FieldHistory, moment: number): number {
  return history.moment[lastUpTo(history.moment, moment)] ?? -1;
}

/** The moment at which a field changes next; -1 where it does not any more. */
export function nextChange(history: FieldHistory, moment: number): number {
  return history.moment[lastUpTo(history.moment, moment) + 1] ?? -1;
}
