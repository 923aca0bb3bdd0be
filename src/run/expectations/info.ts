import { fieldName } from '../fields.ts';
import type { RunScope } from '../scope.ts';
import { timeText } from '../time.ts';
import type { ExpectationOf, Verdict } from './judge.ts';

/** INFO fields of a node at one time, or at the end. */
export function judgeInfo(spec: ExpectationOf<'info'>, scope: RunScope): Verdict {
  const { fields, failures, checkpoints } = scope;
  const node = fields.node(spec.node);
  const look = (): void => {
    for (const test of spec.has) {
      if (fields.holds(node, test)) continue;
      const expected = fields.expected(spec.node, test);
      const actual = fields.actual(spec.node, test.field);
      const when = spec.at === null ? 'at the end' : `at ${timeText(spec.at)}`;
      const message = `expected ${expected} ${when}, was ${actual}`;
      failures.add('expectation', test.position, message, { at: spec.at ?? scope.scenario.duration });
    }
  };
  if (spec.at === null) return look;
  let looked = false;
  checkpoints.push({
    time: spec.at,
    look: () => {
      looked = true;
      look();
    },
  });
  return () => {
    if (looked) return;
    const what = spec.has.map((test) => fieldName(test.field)).join(', ');
    failures.add(
      'expectation',
      spec.position,
      `${spec.node} ${what} at ${timeText(spec.at!)} was not reached`,
    );
  };
}
