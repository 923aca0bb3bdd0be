import {
  ENTRY_KINDS,
  type EntryKind,
  type FieldHistory,
  type FieldValue,
  NO_ARRIVAL,
  NO_NODE,
  type Trace,
  UNDER_WAY,
} from './trace.ts';

const KIND_NUMBERS = Object.fromEntries(ENTRY_KINDS.map((kind, i) => [kind, i])) as Record<EntryKind, number>;

/** When something happened: the number of the simulation's event, and its time. */
export interface Instant {
  readonly event: number;
  readonly at: number;
}

interface Row {
  readonly instant: Instant;
  readonly kind: EntryKind;
  readonly node: number;
  readonly peer: number;
  bytes: number;
  text: string;
  arrival: Instant | number;
}

/** A message that was sent, of which it may be told later what became of it. */
export type SentMessage = Pick<Row, 'node' | 'peer' | 'bytes' | 'text' | 'arrival'>;

interface Series {
  readonly field: string;
  readonly instant: Instant[];
  readonly value: FieldValue[];
}

/** The tables of a trace while they are written; the moments are numbered once all are known. */
export class TraceTables {
  readonly #rows: Row[] = [];
  readonly #series: Map<string, Series>[];

  constructor(nodes: number) {
    this.#series = Array.from({ length: nodes }, () => new Map());
  }

  message(instant: Instant, kind: EntryKind, way: Way, bytes: number, text: string): SentMessage {
    const row: Row = { instant, kind, node: way.from, peer: way.to, bytes, text, arrival: UNDER_WAY };
    this.#rows.push(row);
    return row;
  }

  happening(instant: Instant, kind: EntryKind, node: number, text: string): void {
    this.#rows.push({ instant, kind, node, peer: NO_NODE, bytes: 0, text, arrival: NO_ARRIVAL });
  }

  /** A field of a node has this value from now on. */
  set(instant: Instant, node: number, field: string, value: FieldValue): void {
    const ofNode = this.#series[node]!;
    let series = ofNode.get(field);
    if (series === undefined) {
      if (value === null) return;
      series = { field, instant: [], value: [] };
      ofNode.set(field, series);
    }
    const last = series.value.length - 1;
    if (series.value[last] === value) return;
    series.instant.push(instant);
    series.value.push(value);
  }

  /** The fields of a node that ever had a value. */
  fields(node: number): readonly string[] {
    return [...this.#series[node]!.keys()];
  }

  /** The tables; each node's fields come in this order, those not in it last. */
  done(order: readonly string[]): Pick<Trace, 'texts' | 'moments' | 'entries' | 'states'> {
    const rows = this.#rows.sort((a, b) => a.instant.event - b.instant.event || rankOf(a) - rankOf(b));
    const moments = new Moments(this.#instants());
    const texts = new Numbers();
    const rank = (field: string): number => (order.indexOf(field) + 1 || order.length + 1) - 1;
    const arrivalOf = ({ arrival }: Row): number =>
      typeof arrival === 'number' ? arrival : moments.numberOf(arrival);
    return {
      entries: {
        moment: rows.map(({ instant }) => moments.numberOf(instant)),
        kind: rows.map(({ kind }) => KIND_NUMBERS[kind]),
        node: rows.map(({ node }) => node),
        peer: rows.map(({ peer }) => peer),
        arrival: rows.map(arrivalOf),
        bytes: rows.map(({ bytes }) => bytes),
        text: rows.map(({ text }) => texts.numberOf(text)),
      },
      states: this.#series.map((series) =>
        [...series.values()]
          .sort((a, b) => rank(a.field) - rank(b.field))
          .map(
            ({ field, instant, value }): FieldHistory => ({
              field,
              moment: instant.map((one) => moments.numberOf(one)),
              value,
            }),
          ),
      ),
      moments: moments.columns,
      texts: texts.all,
    };
  }

  *#instants(): Iterable<Instant> {
    for (const { instant, arrival } of this.#rows) {
      yield instant;
      if (typeof arrival !== 'number') yield arrival;
    }
    for (const ofNode of this.#series) for (const { instant } of ofNode.values()) yield* instant;
  }
}

/** From which node to which. */
export interface Way {
  readonly from: number;
  readonly to: number;
}

/** Within one event, what was said of it comes before what was sent upon it. */
function rankOf({ kind, peer, arrival }: Row): number {
  if (kind === 'line') return 0;
  return peer === NO_NODE && arrival === NO_ARRIVAL ? 1 : 2;
}

/** Numbers the events in which something happened. */
export class Moments {
  readonly columns: { readonly at: readonly number[]; readonly event: readonly number[] };
  readonly #numbers = new Map<number, number>();

  constructor(instants: Iterable<Instant>) {
    const times = new Map<number, number>();
    for (const { event, at } of instants) times.set(event, at);
    const event = [...times.keys()].sort((a, b) => a - b);
    for (const [number, one] of event.entries()) this.#numbers.set(one, number);
    this.columns = { at: event.map((one) => times.get(one)!), event };
  }

  numberOf({ event }: Instant): number {
    return this.#numbers.get(event)!;
  }
}

/** Numbers texts in the order in which they come. */
class Numbers {
  readonly all: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.all.push(text) - 1;
    this.#numbers.set(text, number);
    return number;
  }
}
