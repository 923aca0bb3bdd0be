import type { Decided, Evidence, SaidLine } from '../explain/evidence.ts';
import { Explainer } from '../explain/explanation.ts';
import { grouped } from '../explain/groups.ts';
import { History } from '../explain/names.ts';
import { ruleValue, sectionOf } from '../explain/rules.ts';
import { lastUpTo } from './state.ts';
import { NO_NODE, type Trace, type TraceDecision, type TraceLine } from './trace.ts';

/** Explaining more of them costs runs and pages that nobody reads. */
const MOST_PROVEN = 40;
const MICROS_PER_MS = 1000;

/** Every decision of a run with its explanation; what would have changed it only of those in `prove`. */
export function decisionsOf(
  evidence: Evidence,
  moments: Trace['moments'],
  prove: ReadonlySet<number> = firstNumbers(evidence),
): TraceDecision[] {
  const explainer = new Explainer(evidence);
  const names = evidence.scenario.nodes.map(({ name }) => name);
  return evidence.decisions.map((decided) => {
    const { record, number, event, at } = decided;
    const { outcome, reason, replid, offset, bytes, backlog, missingBytes } = record.decision;
    const told = explainer.explain(decided, prove.has(number));
    const sync = evidence.result.decisions[number - 1]!.sync;
    return {
      number,
      moment: lastUpTo(moments.event, event),
      at,
      replica: numberOf(names, decided.replica),
      master: numberOf(names, decided.master),
      outcome,
      reason,
      asked: told.asked,
      replid,
      offset,
      bytes,
      backlog,
      missingBytes,
      rules: rulesOf(decided, new History(evidence.historyNames)),
      wire: told.wire,
      replyMeans: told.replyMeans,
      effects: told.effects.map((effect) => ({
        at: effect.at,
        node: numberOf(names, effect.node),
        changes: effect.changes,
      })),
      causes: told.causes.map((step) => lineOf(names, step)),
      counterfactuals: told.counterfactuals.found,
      nothing: told.counterfactuals.nothing,
      lines: told.lines.map((line) => lineOf(names, line)),
      sync:
        sync === null
          ? null
          : { ended: sync.ended, took: sync.took_ms * MICROS_PER_MS, rdbBytes: sync.rdb_bytes },
    };
  });
}

function firstNumbers({ decisions }: Evidence): Set<number> {
  return new Set(
    grouped(decisions)
      .slice(0, MOST_PROVEN)
      .map(([first]) => first!.number),
  );
}

function rulesOf({ record }: Decided, history: History): TraceDecision['rules'] {
  return record.decision.rules.map(({ rule, left, op, right, holds, source }) => ({
    rule,
    left: ruleValue(left, history),
    op,
    right: ruleValue(right, history),
    holds,
    source,
    section: sectionOf(source),
  }));
}

function lineOf(
  names: readonly string[],
  { at, node, text }: Pick<SaidLine, 'at' | 'text'> & { readonly node: string | null },
): TraceLine {
  return { at, node: numberOf(names, node), text };
}

function numberOf(names: readonly string[], name: string | null): number {
  return name === null ? NO_NODE : names.indexOf(name);
}
