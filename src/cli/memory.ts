import { getHeapStatistics } from 'node:v8';

/** Of the heap that Node may use: beyond this it spends its time collecting, and dies soon. */
const FULL = 0.9;

/** Whether the process has hardly any memory left. */
export function heapIsFull(): boolean {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used > FULL * limit;
}
