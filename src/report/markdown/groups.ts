import type { Trace, TraceDecision } from '../../trace/trace.ts';

/** Decisions that say the same: one is told, the others are named. */
export type DecisionGroup = readonly [first: TraceDecision, ...more: TraceDecision[]];

/**
 * Decisions of one link that follow each other and are alike form a group: refusals for one reason, and full
 * synchronizations asked for in the same words.
 */
export function groupDecisions({ decisions }: Trace): DecisionGroup[] {
  const groups: [TraceDecision, ...TraceDecision[]][] = [];
  const open = new Map<string, [TraceDecision, ...TraceDecision[]]>();
  for (const decision of decisions) {
    const link = `${decision.replica} ${decision.master}`;
    const group = open.get(link);
    if (group !== undefined && alike(group[0], decision)) group.push(decision);
    else {
      const fresh: [TraceDecision, ...TraceDecision[]] = [decision];
      groups.push(fresh);
      open.set(link, fresh);
    }
  }
  return groups;
}

function alike(a: TraceDecision, b: TraceDecision): boolean {
  if (a.outcome !== b.outcome || a.reason !== b.reason || a.outcome === 'partial') return false;
  return a.outcome === 'refused' || (a.replid === b.replid && a.offset === b.offset);
}
