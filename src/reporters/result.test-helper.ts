import type { Failure, RunResult, StoryEvent } from '../run/result.ts';
import type { Report } from './reporter.ts';

/** A run that held, with what a test says about it. */
export function resultOf(changes: Partial<RunResult> = {}): RunResult {
  return {
    format: 1,
    psynclab: '0.1.0',
    scenario: 'failover.yaml',
    name: 'a failover',
    case: null,
    seed: '7',
    profile: 'redis-5.0',
    ok: true,
    failures: [],
    expectations: 3,
    duration_ms: 60_000,
    events: 1200,
    trace_hash: 'ab'.repeat(32),
    decisions: [],
    attempts: [],
    replies: [],
    snapshots: [],
    warnings: [],
    violated: [],
    convergence: { verdict: 'reached', reason: null },
    lost_writes: { count: 0, seconds: 0, explained: [] },
    cost: { full_syncs: 2, full_bytes: 8123, forks: 1, unreadable_ms: 41, write_gap_ms: 12 },
    clients: [],
    nodes: { A: { state: 'down' }, B: { state: 'down' } },
    ...changes,
  };
}

export function failureOf(changes: Partial<Failure> = {}): Failure {
  return {
    kind: 'expectation',
    message: 'psync C -> B',
    file: 'failover.yaml',
    line: 31,
    column: 5,
    expected: 'partial/replid2',
    actual: 'full/forced',
    ...changes,
  };
}

export function reportOf(result: RunResult, story: readonly StoryEvent[] | null = null): Report {
  return { result, story, repeat: `npx psynclab run ${result.scenario} --seed ${result.seed}` };
}

export function failedReport(
  failures: readonly Failure[] = [failureOf()],
  changes: Partial<RunResult> = {},
): Report {
  return reportOf(resultOf({ ok: false, failures, ...changes }));
}

/** A text that tries to move the cursor, colour the screen, hide and to break lines and formats. */
export const HOSTILE = 'a\u001b[2J\u009b31m\u0007\u202e\nb\r\t"<&>|#\\,:%';
