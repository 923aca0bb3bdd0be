import type { Expectation } from '../../scenario/scenario.ts';
import type { RunScope } from '../scope.ts';
import { judgeConverged } from './converged.ts';
import { judgeCost } from './cost.ts';
import { judgeInfo } from './info.ts';
import { judgeLog } from './log.ts';
import { judgeLostWrites } from './lost-writes.ts';
import { judgeOrder } from './order.ts';
import { judgePsync } from './psync.ts';
import { judgeWindow } from './window.ts';

/** Tells what it found wrong, once the run is over. */
export type Verdict = () => void;

/** Makes ready what an expectation has to look at during the run; the verdict is asked for at its end. */
export function judge(expectation: Expectation, scope: RunScope): Verdict {
  switch (expectation.kind) {
    case 'psync':
      return judgePsync(expectation, scope);
    case 'info':
      return judgeInfo(expectation, scope);
    case 'always':
    case 'never':
    case 'eventually':
      return judgeWindow(expectation, scope);
    case 'converged':
      return judgeConverged(expectation, scope);
    case 'log':
      return judgeLog(expectation, scope);
    case 'order':
      return judgeOrder(expectation, scope);
    case 'lost_writes':
      return judgeLostWrites(expectation, scope);
    case 'cost':
      return judgeCost(expectation, scope);
    case 'violates':
      // The invariants themselves tell whether they were broken; see invariant-watch.ts.
      return () => {};
  }
}

/** An expectation of one form, with its place in the file. */
export type ExpectationOf<K extends Expectation['kind']> = Extract<Expectation, { readonly kind: K }>;
