import type { RunScope } from '../scope.ts';
import { timeText } from '../time.ts';
import { compileCondition } from '../triggers/conditions.ts';
import type { Watch } from '../watch.ts';
import type { ExpectationOf, Verdict } from './judge.ts';

/**
 * always, never, eventually: looked at once all of the window's first moment has happened, then after each
 * event that touched a node of the condition, up to and with the window's last moment.
 */
export function judgeWindow(
  spec: ExpectationOf<'always' | 'never' | 'eventually'>,
  scope: RunScope,
): Verdict {
  const condition = compileCondition(spec.condition, scope);
  const { watches, failures, checkpoints, hand } = scope;
  const wanted = spec.kind !== 'never';
  const window = `from ${timeText(spec.from)} until ${timeText(spec.until)}`;
  let opened = false;
  let decided = false;
  const end = (): void => {
    decided = true;
    watches.remove(watch);
    condition.disarm();
  };
  const watch: Watch = {
    nodes: condition.nodes,
    active: false,
    look: () => {
      const holds = condition.holds();
      if (spec.kind === 'eventually') {
        if (holds) end();
        return;
      }
      if (holds === wanted) return;
      const now = Math.max(hand.now, spec.from);
      const actual = wanted ? `: ${condition.actual()}` : '';
      const message = `expected ${spec.kind} ${condition.wanted()} ${window}, but not so at ${timeText(now)}${actual}`;
      failures.add('expectation', spec.position, message, { at: now });
      end();
    },
  };
  const close = (): void => {
    if (decided) return;
    if (spec.kind === 'eventually') {
      const message = `expected eventually ${condition.wanted()} ${window}, at its end ${condition.actual()}`;
      failures.add('expectation', spec.position, message);
    }
    end();
  };
  checkpoints.push({
    time: spec.from,
    look: () => {
      opened = true;
      condition.arm();
      watches.add(watch);
      watch.look();
    },
  });
  checkpoints.push({ time: spec.until, look: close });
  return () => {
    if (!opened)
      failures.add(
        'expectation',
        spec.position,
        `${spec.kind} ${condition.wanted()} ${window} was not reached`,
      );
    else close();
  };
}
