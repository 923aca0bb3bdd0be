import type { OrderStep } from '../../scenario/scenario.ts';
import { patternText as logText } from '../logbook.ts';
import type { RunScope } from '../scope.ts';
import { timeText } from '../time.ts';
import type { ExpectationOf, Verdict } from './judge.ts';
import { decisionMatches, patternText } from './psync.ts';

/**
 * Steps that happened each after the one before, with others between. Taking each as soon as it comes finds
 * the order wherever there is one.
 */
export function judgeOrder(spec: ExpectationOf<'order'>, scope: RunScope): Verdict {
  const { fields, failures, listeners, logbook, hand } = scope;
  const { steps } = spec;
  let index = 0;
  let last = 0;
  const reached = (): void => {
    index++;
    last = hand.now;
  };
  listeners.decided.push((record) => {
    const step = steps[index];
    if (step?.kind !== 'psync' || !decisionMatches(step.is, record)) return;
    if (record.replica === fields.node(step.replica) && record.master === fields.node(step.master)) reached();
  });
  listeners.acted.push((id) => {
    const step = steps[index];
    if (step?.kind === 'fault' && step.id === id) reached();
  });
  steps.forEach((step, i) => {
    if (step.kind !== 'log') return;
    logbook.open(fields.node(step.node), step.pattern, () => {
      if (index === i) reached();
    });
  });
  return () => {
    const step = steps[index];
    if (step === undefined) return;
    const after = index === 0 ? '' : ` after ${stepText(steps[index - 1]!)} at ${timeText(last)}`;
    const message = `expected the order to go on with ${stepText(step)}${after} (step ${index + 1} of ${steps.length}), was never so`;
    failures.add('expectation', spec.position, message);
  };
}

function stepText(step: OrderStep): string {
  switch (step.kind) {
    case 'psync':
      return `psync ${step.replica} -> ${step.master} ${patternText(step.is)}`;
    case 'log':
      return `${logText(step.pattern)} in the log of ${step.node}`;
    case 'fault':
      return `"${step.id}"`;
  }
}
