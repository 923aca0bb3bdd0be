import type { TimelineEntry } from '../scenario/scenario.ts';
import { type Actions, numberEntries } from './actions.ts';
import type { Due } from './agenda.ts';
import type { RunScope } from './scope.ts';
import { timeText } from './time.ts';
import { WhenWatch } from './triggers/when.ts';

/** What the parts of a timeline share: how entries act, their orders in the file, and which ids have acted. */
export interface TimelineScope {
  readonly run: RunScope;
  readonly actions: Actions;
  readonly orders: ReadonlyMap<TimelineEntry, number>;
  /** When the entry with an id last acted. */
  readonly acted: Map<string, number>;
  /** Who waits for the entry with an id to act. */
  readonly waiting: Map<string, (() => void)[]>;
  /** The sequences that are not done. */
  readonly running: Set<Sequence>;
}

export function timelineScope(run: RunScope, actions: Actions): TimelineScope {
  return {
    run,
    actions,
    orders: numberEntries(run.scenario.timeline),
    acted: new Map(),
    waiting: new Map(),
    running: new Set(),
  };
}

/**
 * Entries one after the other: `at` never waits, `after` and `when` are armed once the entry before has acted.
 * The timeline is one such sequence, and so is each `do:` block.
 */
export class Sequence {
  readonly #scope: TimelineScope;
  readonly #entries: readonly TimelineEntry[];
  readonly #done: () => void;
  #whens: (WhenWatch | null)[];
  /** Of each entry: not armed yet, waiting, acting, or done. */
  #states: ('idle' | 'armed' | 'acting' | 'done' | 'late')[];

  constructor(scope: TimelineScope, entries: readonly TimelineEntry[], done: () => void) {
    this.#scope = scope;
    this.#entries = entries;
    this.#done = () => {
      scope.running.delete(this);
      done();
    };
    this.#whens = entries.map(() => null);
    this.#states = entries.map(() => 'idle');
  }

  /** Begins at a time: what waits for the entry before the first one counts from it. */
  begin(time: number): void {
    this.#scope.running.add(this);
    this.#entries.forEach((entry, i) => {
      if (entry.trigger.kind === 'at') this.#schedule(i, entry.trigger.time);
    });
    if (this.#entries.length === 0) this.#done();
    else this.#arm(0, time);
  }

  /** Tells what never happened: the first entry of each chain of waiting. */
  judge(): void {
    const { failures } = this.#scope.run;
    this.#entries.forEach((entry, i) => {
      const state = this.#states[i]!;
      const before = i === 0 ? 'done' : this.#states[i - 1]!;
      const when = this.#whens[i] ?? null;
      if (state === 'armed' && when !== null) this.#fail(i, 'by the end', this.#scope.run.scenario.duration);
      else if (state === 'armed')
        failures.add('trigger', entry.position, `${this.#what(i)} was not due before the end`);
      else if (state === 'idle' && before === 'acting') {
        const text = `${this.#what(i)} never acted: the entry before it, line ${this.#entries[i - 1]!.position.line}, was not done by the end`;
        failures.add('trigger', entry.position, text);
      }
    });
  }

  #arm(index: number, now: number): void {
    const entry = this.#entries[index];
    if (entry === undefined) return;
    const { trigger } = entry;
    if (trigger.kind === 'at') return;
    this.#states[index] = 'armed';
    if (trigger.kind === 'when') this.#armWhen(index);
    else if (trigger.step === null) this.#schedule(index, now + trigger.by);
    else this.#afterStep(index, trigger.step, trigger.by);
  }

  #armWhen(index: number): void {
    const trigger = this.#entries[index]!.trigger;
    if (trigger.kind !== 'when') return;
    const { hand } = this.#scope.run;
    const when = new WhenWatch(trigger, this.#scope.run, {
      act: () => this.#schedule(index, hand.now),
      late: () => {
        this.#fail(index, `within ${timeText(trigger.within!)}`, hand.now - 1);
        this.#states[index] = 'late';
      },
    });
    this.#whens[index] = when;
    when.arm();
  }

  #afterStep(index: number, step: string, by: number): void {
    const { acted, waiting, run } = this.#scope;
    const time = acted.get(step);
    if (time !== undefined) {
      this.#schedule(index, Math.max(run.hand.now, time + by));
      return;
    }
    const list = waiting.get(step) ?? [];
    list.push(() => this.#schedule(index, run.hand.now + by));
    waiting.set(step, list);
  }

  #schedule(index: number, time: number): void {
    const entry = this.#entries[index]!;
    this.#states[index] = 'armed';
    const due: Due = { time, order: this.#scope.orders.get(entry)!, act: () => this.#act(index) };
    this.#scope.run.hand.schedule(due);
  }

  #act(index: number): void {
    const entry = this.#entries[index]!;
    this.#whens[index] = null;
    this.#states[index] = 'acting';
    const { id } = entry;
    if (id !== null) for (const listener of this.#scope.run.listeners.acted) listener(id);
    this.#scope.actions.perform(entry, this.#scope, () => this.#finished(index));
  }

  #finished(index: number): void {
    const { run, acted, waiting } = this.#scope;
    const { id } = this.#entries[index]!;
    this.#states[index] = 'done';
    if (id !== null) {
      acted.set(id, run.hand.now);
      const list = waiting.get(id) ?? [];
      waiting.delete(id);
      for (const resume of list) resume();
    }
    this.#arm(index + 1, run.hand.now);
    // The last entry may act while one before it still waits: `at` never waits.
    if (this.#states.every((state) => state === 'done')) this.#done();
  }

  #fail(index: number, limit: string, at: number): void {
    const when = this.#whens[index]!;
    const { position } = this.#entries[index]!;
    const text = `${this.#what(index)} never acted: expected ${when.wanted()} ${limit}, but ${when.actual()}`;
    this.#scope.run.failures.add('trigger', position, text, { at });
  }

  #what(index: number): string {
    const { id, position } = this.#entries[index]!;
    return id === null ? `the entry on line ${position.line}` : `the entry "${id}" on line ${position.line}`;
  }
}
