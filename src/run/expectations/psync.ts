import type { DecisionRecord } from '../../../sim/observer.ts';
import type { DecisionPattern } from '../../scenario/scenario.ts';
import { compareNumbers } from '../fields.ts';
import type { RunScope } from '../scope.ts';
import type { ExpectationOf, Verdict } from './judge.ts';

export function decisionMatches(pattern: DecisionPattern, { decision }: DecisionRecord): boolean {
  return (
    decision.outcome === pattern.outcome && (pattern.reason === null || decision.reason === pattern.reason)
  );
}

export function patternText({ outcome, reason }: DecisionPattern): string {
  return reason === null ? outcome : `${outcome}/${reason}`;
}

function decisionText({ decision }: DecisionRecord): string {
  return `${decision.outcome}/${decision.reason}`;
}

/** The decisions on one link: all of them in order, the last, or how many of a kind. */
export function judgePsync(spec: ExpectationOf<'psync'>, scope: RunScope): Verdict {
  const replica = scope.fields.node(spec.replica);
  const master = scope.fields.node(spec.master);
  const link = `psync ${spec.replica} -> ${spec.master}`;
  const fail = (expected: string, given: readonly DecisionRecord[]): void => {
    const actual = given.length === 0 ? 'no decision' : `[${given.map(decisionText).join(', ')}]`;
    scope.failures.add('expectation', spec.position, `expected ${link} ${expected}, was ${actual}`);
  };
  return () => {
    const given = scope.records.decisions.filter(
      (record) => record.replica === replica && record.master === master,
    );
    const { is, last, count } = spec;
    if (
      is !== null &&
      !(is.length === given.length && is.every((pattern, i) => decisionMatches(pattern, given[i]!)))
    ) {
      fail(`[${is.map(patternText).join(', ')}]`, given);
    }
    if (last !== null && !(given.length > 0 && decisionMatches(last, given.at(-1)!))) {
      fail(`to end with ${patternText(last)}`, given);
    }
    for (const { of, test } of count) {
      const found = given.filter((record) =>
        of === 'completed'
          ? record.decision.outcome === 'full' && record.sync?.ended === 'online'
          : decisionMatches(of, record),
      ).length;
      if (compareNumbers(found, test.op, test.value)) continue;
      const what = of === 'completed' ? 'completed full syncs' : patternText(of);
      fail(`to count ${what} ${test.op} ${test.value} (${found} found)`, given);
    }
  };
}
