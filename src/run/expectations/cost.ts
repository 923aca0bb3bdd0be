import type { CostName } from '../../scenario/scenario.ts';
import { compareNumbers } from '../fields.ts';
import type { RunScope } from '../scope.ts';
import { timeText } from '../time.ts';
import type { ExpectationOf, Verdict } from './judge.ts';

/** What a run cost: counts, bytes, and microseconds for the last two. */
export function costOf(scope: RunScope): Readonly<Record<CostName, number>> {
  const { forks, fullBytes, unreadable } = scope.world().cost();
  const fullSyncs = scope.records.decisions.filter(({ decision }) => decision.outcome === 'full').length;
  const gaps = scope.records.tallies.map((tally) => tally.writeGap());
  return { full_syncs: fullSyncs, full_bytes: fullBytes, forks, unreadable, write_gap: Math.max(0, ...gaps) };
}

export function judgeCost(spec: ExpectationOf<'cost'>, scope: RunScope): Verdict {
  return () => {
    const cost = costOf(scope);
    for (const { of, test } of spec.tests) {
      if (compareNumbers(cost[of], test.op, test.value)) continue;
      const isTime = of === 'unreadable' || of === 'write_gap';
      const text = (value: number): string => (isTime ? timeText(value) : String(value));
      const message = `expected cost ${of} ${test.op} ${text(test.value)}, was ${text(cost[of])}`;
      scope.failures.add('expectation', spec.position, message);
    }
  };
}
