import { type LandmarkGroup, landmarkKey } from '../coverage/landmark.ts';
import { type Reached, watchRun } from '../coverage/reached.ts';
import type { Failure, RunResult } from '../run/result.ts';
import { runScenario } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** What one seed of one scenario came to; plain, as it goes from thread to thread. */
export interface SeedOutcome {
  /** The scenario's number among those swept. */
  readonly scenario: number;
  readonly seed: number;
  readonly events: number;
  readonly failures: readonly SeedFailure[];
  /** Keys of the landmarks that it came by, each once; of a run that was not watched, its decisions. */
  readonly reached: readonly string[];
  readonly watched: boolean;
  /** Where it was played twice and the two differ: both hashes. */
  readonly contradiction: readonly [string, string] | null;
}

export interface SeedFailure {
  /** What tells one kind of failure from another: `invariant one-history`, `expectation on line 12`. */
  readonly kind: string;
  readonly message: string;
}

/** One in so many seeds is played a second time and must give the same hash: once watched and once not. */
const GUARD_EVERY = 25;

export interface PlayOptions {
  readonly maxEvents?: number | undefined;
  /** Every how many-eth seed is watched. */
  readonly watchEvery: number;
}

export function playSeed(
  scenario: Scenario,
  index: number,
  seed: number,
  { maxEvents, watchEvery }: PlayOptions,
): SeedOutcome {
  const options = { seed: String(seed), ...(maxEvents === undefined ? {} : { maxEvents }) };
  const watched = seed % watchEvery === 0;
  const watch = () => watchRun(scenario, options);
  const plain = () => ({ reached: null, result: runScenario(scenario, options).result });
  const { result, reached } = watched ? watch() : plain();
  const again =
    seed % GUARD_EVERY === 0 ? (watched ? plain() : watch()).result.trace_hash : result.trace_hash;
  return {
    scenario: index,
    seed,
    events: result.events,
    failures: result.failures.map((failure) => ({ kind: failureKind(failure), message: failure.message })),
    reached: [...decisionsOf(result, scenario), ...(reached === null ? [] : statesIn(reached))],
    watched,
    contradiction: again === result.trace_hash ? null : [result.trace_hash, again],
  };
}

/** Seen in every run, watched or not. */
export const ALWAYS_SEEN: LandmarkGroup = 'decision';

/** The landmarks that a run's result tells of. */
function decisionsOf({ decisions }: RunResult, { nodes }: Scenario): string[] {
  const keys = new Set<string>();
  for (const { master, outcome, reason } of decisions) {
    const { profile } = nodes.find(({ name }) => name === master)!;
    keys.add(landmarkKey(ALWAYS_SEEN, `${outcome}/${reason}`, profile));
  }
  return [...keys];
}

/** What only a watched run tells of. */
function statesIn(reached: Reached): string[] {
  return [...reached.keys()].filter((key) => key.split(' ')[1] !== ALWAYS_SEEN);
}

/** Two failures of one kind have broken the same thing, whatever the values. */
export function failureKind({ kind, message, line }: Failure): string {
  if (kind === 'invariant') return `invariant ${message.split(' ')[0]}`;
  return kind === 'bound' ? 'bound' : `${kind} on line ${line}`;
}
