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

/**
 * Groups in which the same master gave the same answer to the same question with the same backlog: a reader who has
 * seen one has seen them all, whoever asked.
 */
export function foldAlike(groups: readonly DecisionGroup[]): DecisionGroup[] {
  const folded = new Map<string, [TraceDecision, ...TraceDecision[]]>();
  for (const group of groups) {
    const { master, outcome, reason, replid, offset, backlog } = group[0];
    const key = JSON.stringify([master, outcome, reason, replid, offset, backlog]);
    const known = folded.get(key);
    if (known === undefined) folded.set(key, [...group]);
    else known.push(...group);
  }
  return [...folded.values()];
}

function alike(a: TraceDecision, b: TraceDecision): boolean {
  if (a.outcome !== b.outcome || a.reason !== b.reason || a.outcome === 'partial') return false;
  return a.outcome === 'refused' || (a.replid === b.replid && a.offset === b.offset);
}
