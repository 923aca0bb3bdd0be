import { watchRun } from '../coverage/reached.ts';
import type { Failure } from '../run/result.ts';
import { runScenario } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** What one seed of one scenario came to; plain, as it goes from thread to thread. */
export interface SeedOutcome {
  /** The scenario's number among those swept. */
  readonly scenario: number;
  readonly seed: string;
  readonly events: number;
  readonly failures: readonly SeedFailure[];
  /** Keys of the landmarks that it came by, each once. */
  readonly reached: readonly string[];
  /** Where it was played twice and the two differ: both hashes. */
  readonly contradiction: readonly [string, string] | null;
}

export interface SeedFailure {
  /** What tells one kind of failure from another: `invariant one-history`, `expectation on line 12`. */
  readonly kind: string;
  readonly message: string;
}

/** One in so many seeds is played a second time, unwatched, and must give the same hash. */
const GUARD_EVERY = 25;

export function playSeed(
  scenario: Scenario,
  index: number,
  seed: number,
  maxEvents: number | undefined,
): SeedOutcome {
  const options = { seed: String(seed), ...(maxEvents === undefined ? {} : { maxEvents }) };
  const { result, reached } = watchRun(scenario, options);
  const again =
    seed % GUARD_EVERY === 0 ? runScenario(scenario, options).result.trace_hash : result.trace_hash;
  return {
    scenario: index,
    seed: String(seed),
    events: result.events,
    failures: result.failures.map((failure) => ({ kind: failureKind(failure), message: failure.message })),
    reached: [...reached.keys()],
    contradiction: again === result.trace_hash ? null : [result.trace_hash, again],
  };
}

/** Two failures of one kind have broken the same thing, whatever the values. */
export function failureKind({ kind, message, line }: Failure): string {
  if (kind === 'invariant') return `invariant ${message.split(' ')[0]}`;
  return kind === 'bound' ? 'bound' : `${kind} on line ${line}`;
}
