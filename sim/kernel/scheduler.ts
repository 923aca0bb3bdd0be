import { SimulatorError } from './assert.ts';
import { EventQueue } from './event-queue.ts';

/**
 * The virtual clock and what is to happen. Whoever owns it takes events with `next` and dispatches them with
 * a switch on their kind; events of one time come in the order in which they were scheduled.
 */
export class Scheduler {
  /** The time of the event being handled, in integer microseconds; negative before the scenario's time 0. */
  now: number;
  /** How many events were taken so far. */
  events = 0;
  /** The event taken last. */
  kind = 0;
  a = 0;
  b = 0;

  readonly #queue = new EventQueue();

  /** Begins at a time in integer microseconds. */
  constructor(start = 0) {
    this.now = start;
  }

  /** How many events are still to come. */
  get pending(): number {
    return this.#queue.size;
  }

  /** When the next event is due, or Infinity. */
  get nextTime(): number {
    return this.#queue.firstTime;
  }

  /**
   * Adds an event at a time in integer microseconds, not before now: a kind and two operands, integers all.
   * Throws a SimulatorError for a time in the past or between two microseconds.
   */
  schedule(time: number, kind: number, a: number, b: number): void {
    if (!(time >= this.now) || !Number.isInteger(time)) {
      throw new SimulatorError(`an event of kind ${kind} was scheduled for ${time} at ${this.now}`);
    }
    this.#queue.push(time, kind, a, b);
  }

  /** Takes the next event due at `until` or before into `kind`, `a` and `b`; false when there is none. */
  next(until: number): boolean {
    const queue = this.#queue;
    if (!(queue.firstTime <= until) || queue.size === 0) return false;
    queue.pop();
    this.now = queue.time;
    this.kind = queue.kind;
    this.a = queue.a;
    this.b = queue.b;
    this.events++;
    return true;
  }
}
