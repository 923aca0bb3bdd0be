import { runScenario } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { failureKind } from '../sweep/outcome.ts';

/** How far a search for a broken rule goes before it gives up. */
export const MOST_SEEDS = 2000;
/** Where the searches for one mutant begin: the median of their lengths says how easily it is found. */
export const STARTS = [1, 10_001, 20_001, 30_001, 40_001] as const;

/**
 * How many seeds from `first` on it takes until a run of the scenario breaks the invariant; null where none of
 * `most` does.
 */
export function seedsNeeded(
  scenario: Scenario,
  invariant: string,
  first: number,
  most: number = MOST_SEEDS,
): number | null {
  const wanted = `invariant ${invariant}`;
  for (let seed = first; seed < first + most; seed++) {
    const { failures } = runScenario(scenario, { seed: String(seed) }).result;
    if (failures.some((failure) => failureKind(failure) === wanted)) return seed - first + 1;
  }
  return null;
}

/** The middle one; a search that gave up counts as longer than all others. */
export function median(needed: readonly (number | null)[]): number | null {
  const sorted = needed.map((one) => one ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1]!;
  return Number.isFinite(middle) ? middle : null;
}
