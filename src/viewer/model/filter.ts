import { ENTRY_KINDS } from '../../trace/trace.ts';
import { type GroupMask, KIND_MASKS } from './groups.ts';
import { fateText, whoText } from './telling.ts';
import type { TraceIndex } from './trace-index.ts';

/**
 * The numbers of the entries that belong to these groups and contain a text: in what they say, in their kind, in
 * who is concerned (`A → B`) or in what became of them (`lost`). Case does not matter.
 */
export function filterEntries(index: TraceIndex, text: string, mask: GroupMask): Int32Array {
  const { entries } = index.trace;
  const wanted = text.trim().toLowerCase();
  const matches = wanted === '' ? () => true : matcher(index, wanted);
  const found = new Int32Array(entries.moment.length);
  let count = 0;
  for (let i = 0; i < entries.moment.length; i++) {
    if ((KIND_MASKS[entries.kind[i]!]! & mask) !== 0 && matches(i)) found[count++] = i;
  }
  return found.subarray(0, count);
}

/** Each text is searched once, however many entries share it. */
function matcher(index: TraceIndex, wanted: string): (entry: number) => boolean {
  const { entries, texts, nodes } = index.trace;
  const inText = texts.map((one) => one.toLowerCase().includes(wanted));
  const inKind = ENTRY_KINDS.map((kind) => kind.includes(wanted));
  const inWho = new Map<number, boolean>();
  return (i) => {
    if (inText[entries.text[i]!] || inKind[entries.kind[i]!]) return true;
    const key = (entries.node[i]! + 1) * (nodes.length + 1) + entries.peer[i]! + 1 + (entries.kind[i]! << 20);
    let who = inWho.get(key);
    if (who === undefined) {
      who = whoText(index.trace, index.entry(i)).toLowerCase().includes(wanted);
      inWho.set(key, who);
    }
    return who || (entries.arrival[i]! < 0 && fateText(index, index.entry(i)).includes(wanted));
  };
}

/** Where in a list of entries those of a moment begin, or what came last before it. */
export function firstFrom(index: TraceIndex, found: Int32Array, moment: number): number {
  let low = 0;
  let high = found.length;
  const { moment: moments } = index.trace.entries;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (moments[found[middle]!]! < moment) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, Math.min(low, found.length - 1));
}
