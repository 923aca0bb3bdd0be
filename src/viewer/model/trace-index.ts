import { historySlots, SLOTS } from '../../report/pictures/history-slots.ts';
import { lastUpTo } from '../../trace/state.ts';
import { ENTRY_KINDS, type EntryKind, FIELDS, MESSAGE_KINDS, type Trace } from '../../trace/trace.ts';
import { type GroupMask, KIND_MASKS } from './groups.ts';

/** One entry of the trace, out of its columns. */
export interface Entry {
  readonly number: number;
  readonly moment: number;
  readonly kind: EntryKind;
  readonly node: number;
  readonly peer: number;
  readonly arrival: number;
  readonly bytes: number;
  readonly text: string;
  readonly isMessage: boolean;
}

/** A message that is longer under way than so many moments is found by a list of its own. */
const LONG = 200;

/** A trace and what is looked up in it all the time. Made once, in linear time. */
export class TraceIndex {
  readonly trace: Trace;
  /** How many moments there are. */
  readonly length: number;
  /** The fields of all nodes, in the order in which they are shown. */
  readonly fields: readonly string[];
  readonly #slots: ReadonlyMap<string, number>;
  readonly #firstEntry: Int32Array;
  readonly #firstArrival: Int32Array;
  readonly #arrivals: Int32Array;
  readonly #masks: Uint8Array;
  readonly #long: readonly number[];

  constructor(trace: Trace) {
    this.trace = trace;
    this.fields = fieldsOf(trace);
    this.#slots = historySlots(trace);
    const { moment, arrival, kind } = trace.entries;
    this.length = trace.moments.at.length;
    this.#firstEntry = countedUp(moment, this.length);
    this.#firstArrival = countedUp(arrival, this.length);
    this.#arrivals = new Int32Array(this.#firstArrival[this.length]!);
    this.#masks = new Uint8Array(this.length);
    const filled = this.#firstArrival.slice();
    const long: number[] = [];
    for (let i = 0; i < moment.length; i++) {
      const mask = KIND_MASKS[kind[i]!]!;
      this.#masks[moment[i]!]! |= mask;
      const arrives = arrival[i]!;
      if (arrives < 0) continue;
      this.#masks[arrives]! |= mask;
      this.#arrivals[filled[arrives]!++] = i;
      if (arrives - moment[i]! > LONG) long.push(i);
    }
    this.#long = long;
  }

  /** Virtual microseconds of a moment. */
  at(moment: number): number {
    return this.trace.moments.at[moment]!;
  }

  /** The class that gives an element the colour that its history has in every picture. */
  historyClass(replid: string): string {
    const slot = this.#slots.get(replid);
    return slot === undefined ? 'history-none' : `history-${slot % SLOTS}`;
  }

  entry(number: number): Entry {
    const { entries, texts } = this.trace;
    const kind = entries.kind[number]!;
    return {
      number,
      moment: entries.moment[number]!,
      kind: ENTRY_KINDS[kind]!,
      node: entries.node[number]!,
      peer: entries.peer[number]!,
      arrival: entries.arrival[number]!,
      bytes: entries.bytes[number]!,
      text: texts[entries.text[number]!]!,
      isMessage: kind < MESSAGE_KINDS.length,
    };
  }

  /** What began in a moment. */
  entriesAt(moment: number): Entry[] {
    const found: Entry[] = [];
    const end = this.#firstEntry[moment + 1]!;
    for (let i = this.#firstEntry[moment]!; i < end; i++) found.push(this.entry(i));
    return found;
  }

  /** The messages that arrived in a moment. */
  arrivalsAt(moment: number): Entry[] {
    const found: Entry[] = [];
    const end = this.#firstArrival[moment + 1]!;
    for (let i = this.#firstArrival[moment]!; i < end; i++) found.push(this.entry(this.#arrivals[i]!));
    return found;
  }

  /** Numbers of the entries that began in moments `from` to `to`, the latter not included. */
  entryRange(from: number, to: number): readonly [number, number] {
    return [this.#firstEntry[from]!, this.#firstEntry[Math.max(from, to)]!];
  }

  /** The messages that were sent before a span of moments and arrive after it. */
  passing(from: number, to: number): Entry[] {
    return this.#long
      .map((number) => this.entry(number))
      .filter((one) => one.moment < from && one.arrival > to);
  }

  /** The moments in which something of these groups happened. */
  shown(mask: GroupMask): Int32Array {
    let count = 0;
    const found = new Int32Array(this.length);
    for (let i = 0; i < this.length; i++) if ((this.#masks[i]! & mask) !== 0) found[count++] = i;
    return found.subarray(0, count);
  }

  /** The moment of a time, at a node if something happened there then; the last one before it otherwise. */
  momentAt(time: number, node: number): number {
    const last = Math.max(0, lastUpTo(this.trace.moments.at, time));
    for (let moment = last; moment >= 0 && this.at(moment) === time; moment--) {
      const touches = (one: Entry): boolean => one.node === node || one.peer === node;
      if (this.entriesAt(moment).some(touches) || this.arrivalsAt(moment).some(touches)) return moment;
    }
    return last;
  }
}

/** The fields that any node ever had: Redis's own in their order, then those of replicas. */
function fieldsOf({ states }: Trace): readonly string[] {
  const own: readonly string[] = FIELDS;
  const all = [...new Set(states.flatMap((fields) => fields.map(({ field }) => field)))];
  return [
    ...own.filter((field) => all.includes(field)),
    ...all.filter((field) => !own.includes(field)).sort(),
  ];
}

/** How many values lie below each number up to a length: where each one's own begin in a sorted list. */
function countedUp(values: readonly number[], length: number): Int32Array {
  const first = new Int32Array(length + 1);
  for (const value of values) if (value >= 0) first[value + 1]!++;
  for (let i = 0; i < length; i++) first[i + 1]! += first[i]!;
  return first;
}

/** The shown moment after or before a moment; the moment itself where there is none. */
export function step(shown: Int32Array, moment: number, by: 1 | -1): number {
  const at = lastShown(shown, by === 1 ? moment : moment - 1);
  return (by === 1 ? shown[at + 1] : shown[at]) ?? moment;
}

/** The place of the last shown moment that is not after this one; -1 without one. */
export function lastShown(shown: Int32Array, moment: number): number {
  let low = 0;
  let high = shown.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (shown[middle]! <= moment) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
