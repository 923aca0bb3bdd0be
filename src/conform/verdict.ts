import type { Scenario } from '../scenario/scenario.ts';
import { type Comparison, compareFacts } from './compare.ts';
import { type Fact, factsOf } from './facts.ts';
import type { TimedLine } from './log-parser.ts';
import type { Observation } from './observation.ts';
import { SEEDS, simulatedFacts, simulatedFactsInRealTime, simulatedLogs } from './simulations.ts';

/** What a comparison of one scenario came to. */
export interface Verdict {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** Why it says nothing; empty where it says something. */
  readonly reasons: readonly string[];
  readonly comparisons: readonly Comparison[];
  /** The seed whose run is nearest to the real one. */
  readonly seed: number | null;
  /** Lines of both logs around the first difference, in order of time. */
  readonly logs: readonly ShownLine[];
}

export interface ShownLine {
  readonly at_ms: number;
  readonly where: 'real' | 'simulated';
  readonly node: string;
  readonly text: string;
}

/** Logs are shown so long before and after the first difference, and of each log so many lines at least and at most. */
const BEFORE_MS = 1_500;
const AFTER_MS = 500;
const LEAST_LINES = 8;
const MOST_LINES = 30;

export type Logs = Readonly<Record<string, readonly TimedLine[]>>;

/** Calls between two simulations, so that others have their turn. */
export type Pause = () => Promise<void>;

/**
 * Judges a real run of a scenario. Where the simulation under 64 seeds does not give what was real, it is asked
 * again in real time: with the processes started when they were, the times of the timeline some milliseconds
 * later and timers that slip. What depends on that is not pinned.
 */
export async function judge(
  scenario: Scenario,
  real: Observation,
  logs: Logs,
  approximate: readonly string[],
  pause: Pause,
): Promise<Verdict> {
  const realFacts = factsOf(real);
  const runs: Fact[][] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    runs.push(simulatedFacts(scenario, seed, real));
    await pause();
  }
  let comparisons = compareFacts(realFacts, runs);
  if (comparisons.some(differs)) {
    for (let seed = 1; seed <= SEEDS; seed++) {
      runs.push(simulatedFactsInRealTime(scenario, seed, real));
      await pause();
    }
    comparisons = compareFacts(realFacts, runs);
  }
  const first = comparisons.find(differs);
  if (first === undefined) {
    return { verdict: 'pass', reasons: [], comparisons, seed: null, logs: [] };
  }
  const seed = nearestSeed(realFacts, runs.slice(0, SEEDS));
  return {
    verdict: approximate.length === 0 ? 'fail' : 'inconclusive',
    reasons: approximate,
    comparisons,
    seed,
    logs: interleaved(first.at_ms, logs, simulatedLogs(scenario, seed)),
  };
}

export function inconclusive(reasons: readonly string[]): Verdict {
  return { verdict: 'inconclusive', reasons, comparisons: [], seed: null, logs: [] };
}

export function differs({ verdict }: Comparison): boolean {
  return verdict === 'differs';
}

function nearestSeed(real: readonly Fact[], runs: readonly (readonly Fact[])[]): number {
  const wanted = new Map(real.map(({ key, value }) => [key, value]));
  let best = 0;
  let fewest = Number.POSITIVE_INFINITY;
  runs.forEach((facts, i) => {
    const equal = facts.filter(({ key, value }) => wanted.get(key) === value).length;
    const different = wanted.size + facts.length - 2 * equal;
    if (different >= fewest) return;
    fewest = different;
    best = i;
  });
  return best + 1;
}

/** Startup banners and the like are only the real server's. */
const SHOWN_LEVELS: ReadonlySet<string> = new Set(['notice', 'warning']);

function interleaved(at: number, real: Logs, simulated: Logs): ShownLine[] {
  const near = (where: ShownLine['where'], logs: Logs): ShownLine[] => {
    const lines = Object.entries(logs)
      .flatMap(([node, all]) =>
        all
          .filter(({ at_ms, level }) => SHOWN_LEVELS.has(level) && at_ms <= at + AFTER_MS)
          .map(({ at_ms, message }) => ({ at_ms, where, node, text: message })),
      )
      .sort((a, b) => a.at_ms - b.at_ms);
    const count = lines.filter(({ at_ms }) => at_ms >= at - BEFORE_MS).length;
    return lines.slice(-Math.min(Math.max(count, LEAST_LINES), MOST_LINES));
  };
  return [...near('real', real), ...near('simulated', simulated)].sort((a, b) => a.at_ms - b.at_ms);
}
