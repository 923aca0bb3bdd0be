import { compareNumbers } from '../fields.ts';
import { patternText } from '../logbook.ts';
import type { RunScope } from '../scope.ts';
import type { ExpectationOf, Verdict } from './judge.ts';

/** How many lines of a server's log match. */
export function judgeLog(spec: ExpectationOf<'log'>, scope: RunScope): Verdict {
  const counter = scope.logbook.open(scope.fields.node(spec.node), spec.pattern);
  return () => {
    const { op, value } = spec.count;
    if (compareNumbers(counter.count, op, value)) return;
    const message = `expected lines of the log of ${spec.node} with ${patternText(spec.pattern)} ${op} ${value}, was ${counter.count}`;
    scope.failures.add('expectation', spec.position, message);
  };
}
