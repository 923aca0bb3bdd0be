import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import { Agenda, type Due, WORKLOAD_ORDER } from './agenda.ts';

/** Tokens of the world's timers: something is due, or a moment at which somebody will look. */
export const WAKE = 0;
export const LOOK = 1;

/**
 * Makes what is due act at its time and in the file's order. An entry of the timeline acts only after all that
 * the one before it caused at that very moment has happened: a command at 3s is carried out before a fault at
 * 3s that stands below it.
 */
export class ClockHand {
  readonly #world: () => SimulatedWorld;
  readonly #agenda = new Agenda();
  /** The earliest time at which the world will wake us. */
  #wake = Number.POSITIVE_INFINITY;
  #settling = false;
  /** Whether something may be due: the run loop looks at nothing else. */
  due = false;

  constructor(world: () => SimulatedWorld) {
    this.#world = world;
  }

  get now(): number {
    return this.#world().now;
  }

  schedule(item: Due): void {
    this.#agenda.add(item);
    if (item.time <= this.now) this.due = true;
    else this.#wakeAt(item.time);
  }

  /** The world reached a time we asked for. */
  woke(): void {
    this.#wake = Number.POSITIVE_INFINITY;
    this.due = true;
  }

  /** Lets act what is due; call it between two events while `due` is set. */
  turn(): void {
    const { scheduler } = this.#world();
    for (;;) {
      const { now } = this;
      if (this.#settling && scheduler.nextTime <= now) return;
      this.#settling = false;
      if (this.#agenda.earliest > now) break;
      const item = this.#agenda.take()!;
      item.act();
      this.#settling = item.order < WORKLOAD_ORDER;
    }
    this.due = false;
    const next = this.#agenda.earliest;
    if (next !== Number.POSITIVE_INFINITY) this.#wakeAt(next);
  }

  #wakeAt(time: number): void {
    if (time >= this.#wake) return;
    this.#wake = time;
    this.#world().schedule(time, WAKE);
  }
}
