import { assert } from './assert.ts';

const FIRST_CAPACITY = 64;

/**
 * The pending events, a binary heap ordered by (time, order of pushing) and nothing else.
 *
 * The heap moves times, sequence numbers and slots; kinds and operands stay in their slot. `slots` is a
 * permutation: beyond `length` it holds the free ones. Popping leaves a hole at the root, and a push that
 * follows fills it, so that the usual "handle one event, schedule one" costs one walk through the heap.
 */
export class EventQueue {
  /** What was popped last. */
  time = 0;
  sequence = -1;
  kind = 0;
  a = 0;
  b = 0;

  #length = 0;
  #hole = false;
  #nextSequence = 0;
  #times = new Float64Array(FIRST_CAPACITY);
  #sequences = new Float64Array(FIRST_CAPACITY);
  #slots = identity(FIRST_CAPACITY);
  #kinds = new Int32Array(FIRST_CAPACITY);
  #as = new Float64Array(FIRST_CAPACITY);
  #bs = new Float64Array(FIRST_CAPACITY);

  /** How many events are pending. */
  get size(): number {
    return this.#hole ? this.#length - 1 : this.#length;
  }

  /** The time of the first event, or Infinity. */
  get firstTime(): number {
    if (this.#hole) this.#closeHole();
    return this.#length === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
  }

  /** Adds an event: a kind and two operands, integers all. */
  push(time: number, kind: number, a: number, b: number): void {
    let position: number;
    if (this.#hole) {
      this.#hole = false;
      position = this.#down(time, this.#nextSequence);
    } else {
      if (this.#length === this.#times.length) this.#grow();
      position = this.#up(this.#length++, time, this.#nextSequence);
    }
    this.#times[position] = time;
    this.#sequences[position] = this.#nextSequence++;
    const slot = this.#slots[position]!;
    this.#kinds[slot] = kind;
    this.#as[slot] = a;
    this.#bs[slot] = b;
  }

  /** Takes the first event into `time`, `sequence`, `kind`, `a` and `b`. */
  pop(): void {
    if (this.#hole) this.#closeHole();
    assert(this.#length > 0, 'an event was taken from an empty queue');
    const slot = this.#slots[0]!;
    this.time = this.#times[0]!;
    this.sequence = this.#sequences[0]!;
    this.kind = this.#kinds[slot]!;
    this.a = this.#as[slot]!;
    this.b = this.#bs[slot]!;
    this.#hole = true;
  }

  /** Moves the last event into the hole at the root. */
  #closeHole(): void {
    this.#hole = false;
    const last = --this.#length;
    if (last === 0) return;
    const freed = this.#slots[0]!;
    const time = this.#times[last]!;
    const sequence = this.#sequences[last]!;
    const slot = this.#slots[last]!;
    this.#slots[last] = freed;
    const position = this.#down(time, sequence);
    this.#times[position] = time;
    this.#sequences[position] = sequence;
    this.#slots[position] = slot;
  }

  /** Walks from the root to where an event belongs, moving smaller ones up; the root's slot comes along. */
  #down(time: number, sequence: number): number {
    const times = this.#times;
    const sequences = this.#sequences;
    const slots = this.#slots;
    const length = this.#length;
    const slot = slots[0]!;
    let position = 0;
    for (let child = 1; child < length; child = 2 * position + 1) {
      const right = child + 1;
      if (right < length) {
        const difference = times[right]! - times[child]!;
        if (difference < 0 || (difference === 0 && sequences[right]! < sequences[child]!)) child = right;
      }
      const childTime = times[child]!;
      if (childTime > time || (childTime === time && sequences[child]! > sequence)) break;
      times[position] = childTime;
      sequences[position] = sequences[child]!;
      slots[position] = slots[child]!;
      position = child;
    }
    slots[position] = slot;
    return position;
  }

  /** Walks from a leaf to where an event belongs, moving larger ones down; the leaf's slot comes along. */
  #up(leaf: number, time: number, sequence: number): number {
    const times = this.#times;
    const sequences = this.#sequences;
    const slots = this.#slots;
    const slot = slots[leaf]!;
    let position = leaf;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      const parentTime = times[parent]!;
      if (parentTime < time || (parentTime === time && sequences[parent]! < sequence)) break;
      times[position] = parentTime;
      sequences[position] = sequences[parent]!;
      slots[position] = slots[parent]!;
      position = parent;
    }
    slots[position] = slot;
    return position;
  }

  #grow(): void {
    const capacity = 2 * this.#times.length;
    this.#times = grown(this.#times, new Float64Array(capacity));
    this.#sequences = grown(this.#sequences, new Float64Array(capacity));
    this.#slots = grown(this.#slots, identity(capacity));
    this.#kinds = grown(this.#kinds, new Int32Array(capacity));
    this.#as = grown(this.#as, new Float64Array(capacity));
    this.#bs = grown(this.#bs, new Float64Array(capacity));
  }
}

function grown<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

function identity(length: number): Int32Array {
  const slots = new Int32Array(length);
  for (let i = 0; i < length; i++) slots[i] = i;
  return slots;
}
