/** Something that is due at a time. The same object may be put on the agenda again once it has acted. */
export interface Due {
  /** Microseconds of virtual time. */
  time: number;
  /** Among what is due at one time, the lower order acts first; equal ones in the order added. */
  readonly order: number;
  act(): void;
}

/** Orders of what is not on the timeline: workload entries after it, timers of clients after those. */
export const WORKLOAD_ORDER = 1_000_000_000;
export const TIMER_ORDER = 2_000_000_000;

/**
 * What the scenario has still to do: a binary heap by time, then the file's order. It is short, so items are
 * objects; nothing is allocated for an item that comes back.
 */
export class Agenda {
  readonly #items: Due[] = [];
  readonly #sequences: number[] = [];
  #sequence = 0;

  /** The time of the earliest item, or Infinity. */
  get earliest(): number {
    return this.#items.length === 0 ? Number.POSITIVE_INFINITY : this.#items[0]!.time;
  }

  add(item: Due): void {
    this.#items.push(item);
    this.#sequences.push(this.#sequence++);
    let child = this.#items.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#before(child, parent)) break;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** Takes the earliest item off; undefined when there is none. */
  take(): Due | undefined {
    const first = this.#items[0];
    if (first === undefined) return undefined;
    const item = this.#items.pop()!;
    const sequence = this.#sequences.pop()!;
    if (this.#items.length > 0) {
      this.#items[0] = item;
      this.#sequences[0] = sequence;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      if (left >= this.#items.length) return;
      const right = left + 1;
      const child = right < this.#items.length && this.#before(right, left) ? right : left;
      if (!this.#before(child, parent)) return;
      this.#swap(child, parent);
      parent = child;
    }
  }

  #before(a: number, b: number): boolean {
    const left = this.#items[a]!;
    const right = this.#items[b]!;
    if (left.time !== right.time) return left.time < right.time;
    if (left.order !== right.order) return left.order < right.order;
    return this.#sequences[a]! < this.#sequences[b]!;
  }

  #swap(a: number, b: number): void {
    const item = this.#items[a]!;
    this.#items[a] = this.#items[b]!;
    this.#items[b] = item;
    const sequence = this.#sequences[a]!;
    this.#sequences[a] = this.#sequences[b]!;
    this.#sequences[b] = sequence;
  }
}
