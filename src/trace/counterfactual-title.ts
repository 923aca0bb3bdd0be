import type { TraceDecision } from './trace.ts';

/** What stands over the counterfactuals of a decision: those of a partial one are found by its rules, all others by runs. */
export function counterfactualTitle(outcome: TraceDecision['outcome'], any: boolean): string {
  if (outcome === 'partial') return 'how near it was (by the same rules)';
  return any ? 'what would have changed it (each proven by a run)' : 'what would have changed it';
}

/** The same as a heading. */
export function counterfactualHeading({ outcome, counterfactuals }: TraceDecision): string {
  const title = counterfactualTitle(outcome, counterfactuals.length > 0);
  return title.charAt(0).toUpperCase() + title.slice(1);
}
