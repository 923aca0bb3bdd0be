import type { RunResult, StoryEvent } from '../run/result.ts';

/** One run as a reporter gets it. */
export interface Report {
  readonly result: RunResult;
  /** The story of the run, or null where it was not recorded. */
  readonly story: readonly StoryEvent[] | null;
  /** The command that repeats this run. */
  readonly repeat: string;
}

/** What is known when the last run is over. */
export interface Summary {
  readonly runs: number;
  readonly failed: number;
  /** How many runs there would have been. */
  readonly planned: number;
  /** Why it ended before all of them; null where it did not. */
  readonly stopped: 'bail' | 'interrupted' | 'contradiction' | 'wrong' | null;
}

/**
 * Turns runs into text on standard output. The same runs give the same bytes: no wall time, no path but those
 * that were given. Runs come in the order of files, cases and seeds.
 */
export interface Reporter {
  run(report: Report): void;
  /** Is called once, also after an interruption, and leaves a whole document. */
  end(summary: Summary): void;
}

export type Write = (text: string) => void;

/** Which runs a reporter wants the story of. */
export type StoryWish = 'never' | 'failures' | 'failures-and-single';
