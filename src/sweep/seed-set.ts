/** Seeds from `first` to `last`, both included. */
export interface SeedSpan {
  readonly first: number;
  readonly last: number;
}

/** A set of seeds, kept as spans that neither overlap nor touch, in order. */
export class SeedSet {
  #spans: SeedSpan[];

  constructor(spans: readonly SeedSpan[] = []) {
    this.#spans = [];
    for (const span of spans) this.add(span);
  }

  get spans(): readonly SeedSpan[] {
    return this.#spans;
  }

  add(span: SeedSpan): void {
    let { first, last } = span;
    const apart: SeedSpan[] = [];
    for (const other of this.#spans) {
      if (other.last < first - 1 || other.first > last + 1) apart.push(other);
      else {
        first = Math.min(first, other.first);
        last = Math.max(last, other.last);
      }
    }
    this.#spans = [...apart, { first, last }].sort((a, b) => a.first - b.first);
  }

  /** What of a span is not in the set. */
  missing({ first, last }: SeedSpan): SeedSpan[] {
    const gaps: SeedSpan[] = [];
    let from = first;
    for (const span of this.#spans) {
      if (span.last < from) continue;
      if (span.first > last) break;
      if (span.first > from) gaps.push({ first: from, last: span.first - 1 });
      from = span.last + 1;
    }
    if (from <= last) gaps.push({ first: from, last });
    return gaps;
  }

  /** The first seed that is in both sets; null where there is none. */
  shared(other: SeedSet): number | null {
    for (const { first, last } of this.#spans) {
      for (const span of other.spans) {
        if (span.first <= last && span.last >= first) return Math.max(first, span.first);
      }
    }
    return null;
  }
}
