import type { Failure, StoryEvent } from '../run/result.ts';
import { runScenario } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { failureKind } from '../sweep/outcome.ts';
import { playFuture } from './future.ts';

/** How likely a failure was at a moment of the run in which it came. */
export interface Likelihood {
  /** Microseconds of virtual time: everything up to it is as it was, what comes after is open. */
  readonly at: number;
  /** Of so many futures… */
  readonly futures: number;
  /** …so many failed in the same way. */
  readonly failed: number;
}

/** A failing run, looked at from moments within it. */
export interface LikelihoodCurve {
  readonly failure: Failure;
  /** In order of time. */
  readonly points: readonly Likelihood[];
  readonly story: readonly StoryEvent[];
  /** The last moment from which a future was seen that does not fail; null where every one failed. */
  readonly open: number | null;
}

export interface LikelihoodOptions {
  /** Futures of each moment. */
  readonly futures: number;
  /** Moments to look at, at most. */
  readonly moments: number;
  readonly maxEvents?: number | undefined;
  /** Asked between futures; where it says yes, what is known is the answer. */
  readonly isTimeUp: () => boolean;
}

/** So many moments are looked at in any case; more only between two that differ by so much. */
const FEWEST_MOMENTS = 8;
const TELLING_RISE = 0.1;

/** A future may come to the same a little later than the run did. */
const GRACE_MS = 5000;

/**
 * Branches a failing run at its events into many futures, and tells how many of them fail in the same way as it did,
 * and not much later. It begins with the first and the last event, and goes on where the likelihood changes most. Null where the seed
 * does not fail.
 */
export function likelihoodOf(
  scenario: Scenario,
  seed: string,
  options: LikelihoodOptions,
): LikelihoodCurve | null {
  const { maxEvents, isTimeUp, moments } = options;
  const bound = maxEvents === undefined ? {} : { maxEvents };
  const { result, story } = runScenario(scenario, { seed, story: true, ...bound });
  const [failure] = result.failures;
  if (failure === undefined) return null;
  const isSame = (other: Failure): boolean =>
    failureKind(other) === failureKind(failure) &&
    (failure.at_ms === undefined || (other.at_ms ?? 0) <= failure.at_ms + GRACE_MS);
  const times = timesOf(story, failure, scenario.duration);
  const known = new Map<number, Likelihood>();
  const look = (index: number): void => {
    const at = times[index]!;
    let futures = 0;
    let failed = 0;
    for (; futures < options.futures && !isTimeUp(); futures++) {
      const future = playFuture(scenario, seed, { at, seed: `${seed}/future/${futures}` }, bound);
      if (future.result.failures.some(isSame)) failed++;
    }
    if (futures > 0) known.set(index, { at, futures, failed });
  };
  look(0);
  if (times.length > 1) look(times.length - 1);
  while (known.size < Math.min(moments, times.length) && !isTimeUp()) {
    const next = steepest(known, times);
    if (next === null || (known.size >= FEWEST_MOMENTS && next.rise < TELLING_RISE)) break;
    look(next.index);
  }
  const points = [...known.values()].sort((a, b) => a.at - b.at);
  const open = points.findLast(({ futures, failed }) => failed < futures)?.at ?? null;
  return { failure, points, story, open };
}

/** Moments at which something happened that is worth telling, up to where the failure showed. */
function timesOf(story: readonly StoryEvent[], { at_ms }: Failure, duration: number): number[] {
  const end = at_ms === undefined ? duration : at_ms * 1000;
  return [...new Set([0, ...story.map(({ at }) => at), end])].filter((at) => at >= 0 && at <= end);
}

/** In the middle of the two neighbours between which it changes most; of equal ones, the two furthest apart. */
function steepest(
  known: ReadonlyMap<number, Likelihood>,
  times: readonly number[],
): { readonly index: number; readonly rise: number } | null {
  const indexes = [...known.keys()].sort((a, b) => a - b);
  let best: { readonly index: number; readonly rise: number; readonly span: number } | null = null;
  for (let i = 1; i < indexes.length; i++) {
    const [from, to] = [indexes[i - 1]!, indexes[i]!];
    if (to - from < 2) continue;
    const rise = Math.abs(shareOf(known.get(to)!) - shareOf(known.get(from)!));
    const span = times[to]! - times[from]!;
    if (best === null || rise > best.rise || (rise === best.rise && span > best.span)) {
      best = { index: (from + to) >> 1, rise, span };
    }
  }
  return best;
}

export function shareOf({ failed, futures }: Likelihood): number {
  return failed / futures;
}
