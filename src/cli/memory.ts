import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Shares of the heap that Node may use: judging and telling a run needs memory too, a digest of all keys say. */
const NEARLY_FULL = 0.6;
const FULL = 0.5;

/** Whether the process has hardly any memory left. What is garbage is collected first, and does not count. */
export function heapIsFull(): boolean {
  if (shareUsed() < NEARLY_FULL) return false;
  collectGarbage();
  return shareUsed() > FULL;
}

function shareUsed(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used / limit;
}

/** Node shows its collector only to who asks for it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
