import type { SeedOutcome } from './outcome.ts';

/** A kind of failure of one scenario, and the cheapest seed that shows it. */
export interface FailureTally {
  readonly scenario: number;
  readonly kind: string;
  seeds: number;
  seed: string;
  events: number;
  message: string;
}

/** What a sweep has found so far. */
export class SweepTally {
  seeds = 0;
  events = 0;
  failed = 0;
  readonly #reached = new Map<string, number>();
  readonly #failures = new Map<string, FailureTally>();
  readonly contradictions: SeedOutcome[] = [];

  add(outcome: SeedOutcome): void {
    this.seeds++;
    this.events += outcome.events;
    if (outcome.failures.length > 0) this.failed++;
    for (const key of outcome.reached) this.#reached.set(key, (this.#reached.get(key) ?? 0) + 1);
    for (const kind of new Set(outcome.failures.map((failure) => failure.kind)))
      this.#addFailure(outcome, kind);
    if (outcome.contradiction !== null) this.contradictions.push(outcome);
  }

  /** By landmark, how many seeds came by it. */
  get reached(): ReadonlyMap<string, number> {
    return this.#reached;
  }

  /** Each kind once, the most frequent first. */
  get failures(): readonly FailureTally[] {
    return [...this.#failures.values()].sort(
      (a, b) => b.seeds - a.seeds || a.scenario - b.scenario || (a.kind < b.kind ? -1 : 1),
    );
  }

  /** The seed kept is the one with the fewest events, and of several the smallest: threads come in no order. */
  #addFailure({ scenario, seed, events, failures }: SeedOutcome, kind: string): void {
    const key = `${scenario} ${kind}`;
    const { message } = failures.find((failure) => failure.kind === kind)!;
    const known = this.#failures.get(key);
    if (known === undefined) {
      this.#failures.set(key, { scenario, kind, seeds: 1, seed, events, message });
      return;
    }
    known.seeds++;
    if (events > known.events || (events === known.events && Number(seed) > Number(known.seed))) return;
    Object.assign(known, { seed, events, message });
  }
}
