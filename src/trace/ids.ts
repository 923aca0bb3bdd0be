import type { TraceHistory } from './trace.ts';

const ID = /\b[0-9a-f]{40}\b/g;
const NO_ID = '0'.repeat(40);

/** A text with each replication id in it replaced by its name, or by its first digits where nobody in the run made it. */
export function nameIds(text: string, histories: readonly TraceHistory[]): string {
  return text.replace(ID, (id) => idName(id, histories));
}

/** `A#1` for an id that a node made, `none` for a cleared one. */
export function idName(id: string, histories: readonly TraceHistory[]): string {
  if (id === NO_ID) return 'none';
  return histories.find(({ replid }) => replid === id)?.name ?? `${id.slice(0, 8)}…`;
}
