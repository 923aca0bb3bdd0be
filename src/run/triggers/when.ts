import type { Trigger } from '../../scenario/scenario.ts';
import { type Due, TIMER_ORDER } from '../agenda.ts';
import type { RunScope } from '../scope.ts';
import type { Watch } from '../watch.ts';
import { type CompiledCondition, compileCondition } from './conditions.ts';

/** Waits for a condition: acts as soon as it has held for as long as asked, or tells that it did not in time. */
export class WhenWatch implements Watch {
  readonly nodes: readonly number[];
  active = false;
  readonly #scope: RunScope;
  readonly #trigger: Trigger & { kind: 'when' };
  readonly #condition: CompiledCondition;
  readonly #act: () => void;
  readonly #late: () => void;
  /** Since when it holds, or -1. */
  #since = -1;

  constructor(
    trigger: Trigger & { kind: 'when' },
    scope: RunScope,
    actions: { readonly act: () => void; readonly late: () => void },
  ) {
    this.#trigger = trigger;
    this.#scope = scope;
    this.#condition = compileCondition(trigger.condition, scope);
    this.nodes = this.#condition.nodes;
    this.#act = actions.act;
    this.#late = actions.late;
  }

  /** Begins to wait; it may act at once. */
  arm(): void {
    const { within } = this.#trigger;
    this.#condition.arm();
    this.#since = -1;
    this.#scope.watches.add(this);
    if (within !== null) {
      this.#scope.hand.schedule(timer(this.#scope.hand.now + within + 1, () => this.#expired()));
    }
    this.look();
  }

  look(): void {
    const { hold } = this.#trigger;
    if (!this.#condition.holds()) {
      this.#since = -1;
      return;
    }
    if (this.#since >= 0) return;
    const since = this.#scope.hand.now;
    this.#since = since;
    if (hold === 0) this.#fire();
    else this.#scope.hand.schedule(timer(since + hold, () => this.#held(since)));
  }

  /** What was waited for, and what was so instead. */
  wanted(): string {
    const { hold } = this.#trigger;
    return this.#condition.wanted() + (hold > 0 ? ` for ${hold / 1000}ms` : '');
  }

  actual(): string {
    return this.#since >= 0 ? `it held only since ${this.#since / 1000}ms` : this.#condition.actual();
  }

  #held(since: number): void {
    if (!this.active || this.#since !== since) return;
    if (this.#condition.holds()) this.#fire();
    else this.#since = -1;
  }

  #fire(): void {
    this.#stop();
    this.#act();
  }

  #expired(): void {
    if (!this.active) return;
    this.#late();
    this.#stop();
  }

  #stop(): void {
    this.#scope.watches.remove(this);
    this.#condition.disarm();
  }
}

function timer(time: number, act: () => void): Due {
  return { time, order: TIMER_ORDER, act };
}
