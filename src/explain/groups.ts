import type { Decided } from './evidence.ts';

/** Equal refusals that follow each other on a link are one group; every other decision is one by itself. */
export function grouped(decisions: readonly Decided[]): Decided[][] {
  const groups: Decided[][] = [];
  const open = new Map<string, Decided[]>();
  for (const decided of decisions) {
    const { replica, master, record } = decided;
    const link = `${replica} ${master}`;
    const group = open.get(link);
    const same = group?.[0]?.record.decision.reason === record.decision.reason;
    if (group !== undefined && same && record.decision.outcome === 'refused') group.push(decided);
    else {
      const fresh = [decided];
      groups.push(fresh);
      open.set(link, fresh);
    }
  }
  return groups;
}
