import { FENCE } from '../../../sim/invariants/index.ts';
import type { History } from '../histories.ts';
import type { Tell } from './tell.ts';

/**
 * A former history may be served up to where the server left it. That place is taken from what was seen of the server
 * when it left, and the request from what the replica holds, not from the words of the decision.
 */
export function checkFence(
  tell: Tell,
  master: number,
  replica: string,
  asked: History,
  has: number,
  leftAt: number | undefined,
): void {
  if (leftAt !== undefined && has <= leftAt) return;
  const left = leftAt === undefined ? 'never was on it' : `left it at ${leftAt}`;
  tell(FENCE, master, `${replica} is served ${asked.name} from ${has + 1} on, and it ${left}`);
}
