import type { SeedOutcome } from './outcome.ts';
import { SeedSet } from './seed-set.ts';

/** A kind of failure of one scenario, and the cheapest seed that shows it. */
export interface FailureTally {
  readonly scenario: number;
  readonly kind: string;
  seeds: number;
  seed: number;
  events: number;
  message: string;
}

/** A seed of which two runs differ: the hashes of both. */
export interface Contradiction {
  readonly scenario: number;
  readonly seed: number;
  readonly hashes: readonly [string, string];
}

/** What a sweep has found so far. */
export class SweepTally {
  runs = 0;
  /** How many of them were watched. */
  watched = 0;
  events = 0;
  failed = 0;
  readonly played: readonly SeedSet[];
  readonly contradictions: Contradiction[] = [];
  readonly #reached = new Map<string, number>();
  readonly #failures = new Map<string, FailureTally>();

  constructor(scenarios: number) {
    this.played = Array.from({ length: scenarios }, () => new SeedSet());
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

  add(outcome: SeedOutcome): void {
    const { scenario, seed, events, failures, contradiction } = outcome;
    this.runs++;
    this.events += events;
    this.played[scenario]!.add({ first: seed, last: seed });
    if (outcome.watched) this.watched++;
    if (failures.length > 0) this.failed++;
    for (const key of outcome.reached) this.addReached(key, 1);
    for (const kind of new Set(failures.map((failure) => failure.kind))) {
      const { message } = failures.find((failure) => failure.kind === kind)!;
      this.addFailure({ scenario, kind, seeds: 1, seed, events, message });
    }
    if (contradiction !== null) this.contradictions.push({ scenario, seed, hashes: contradiction });
  }

  addReached(key: string, seeds: number): void {
    this.#reached.set(key, (this.#reached.get(key) ?? 0) + seeds);
  }

  /** The seed kept is the one with the fewest events, and of several the smallest: threads come in no order. */
  addFailure(failure: FailureTally): void {
    const { seeds, seed, events, message } = failure;
    const key = `${failure.scenario} ${failure.kind}`;
    const known = this.#failures.get(key);
    if (known === undefined) {
      this.#failures.set(key, { ...failure });
      return;
    }
    known.seeds += seeds;
    if (events > known.events || (events === known.events && seed > known.seed)) return;
    Object.assign(known, { seed, events, message });
  }
}
