import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import { Agenda, type Due, WORKLOAD_ORDER } from './agenda.ts';

/** Tokens of the world's timers: something is due, or a moment at which somebody will look. */
export const WAKE = 0;
export const LOOK = 1;

/** Actions at one and the same time beyond which the scenario stands still: no scenario means so many. */
const ACTIONS_AT_ONE_TIME = 1_000_000;

/** Thrown where actions follow each other and the clock does not move. */
export class EndlessMoment extends Error {
  override readonly name = 'EndlessMoment';
}

/**
 * Makes what is due act at its time and in the file's order. An entry of the timeline acts only after all that
 * the one before it caused at that very moment has happened: a command at 3s is carried out before a fault at
 * 3s that stands below it.
 */
export class ClockHand {
  readonly #world: () => SimulatedWorld;
  readonly #inRealTime: boolean;
  readonly #agenda = new Agenda();
  /**
   * The times at which the world will wake us, the next one last: a new one is asked for only before all others.
   * Without these a time asked for would be asked for again whenever an earlier one came in between.
   */
  readonly #wakes: number[] = [];
  #settling = false;
  /** How many items have acted at the time `#moment`. */
  #acted = 0;
  #moment = Number.NEGATIVE_INFINITY;
  /** Whether something may be due: the run loop looks at nothing else. */
  due = false;

  /** In real time the hand may be late: then also ticks of workloads wait for the replies to those before. */
  constructor(world: () => SimulatedWorld, inRealTime = false) {
    this.#world = world;
    this.#inRealTime = inRealTime;
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
    this.#wakes.pop();
    this.due = true;
  }

  /** Lets act what is due; call it between two events while `due` is set. Throws EndlessMoment. */
  turn(): void {
    const { scheduler } = this.#world();
    for (;;) {
      const { now } = this;
      if (this.#settling && scheduler.nextTime <= now) return;
      this.#settling = false;
      if (this.#agenda.earliest > now) break;
      this.#count(now);
      const item = this.#agenda.take()!;
      item.act();
      this.#settling = this.#inRealTime || item.order < WORKLOAD_ORDER;
    }
    this.due = false;
    const next = this.#agenda.earliest;
    if (next !== Number.POSITIVE_INFINITY) this.#wakeAt(next);
  }

  #count(now: number): void {
    if (now !== this.#moment) {
      this.#moment = now;
      this.#acted = 0;
    }
    this.#acted++;
    if (this.#acted > ACTIONS_AT_ONE_TIME) {
      throw new EndlessMoment(
        `the scenario stands still: ${ACTIONS_AT_ONE_TIME} actions at one time; give its repeat an every: or an after: above zero`,
      );
    }
  }

  #wakeAt(time: number): void {
    const next = this.#wakes.at(-1);
    if (next !== undefined && next <= time) return;
    this.#wakes.push(time);
    this.#world().schedule(time, WAKE);
  }
}
