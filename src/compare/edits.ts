/** One row of two lists laid side by side: what stands in both, or in one of them only. */
export type Aligned<T> =
  | { readonly left: T; readonly right: T }
  | { readonly left: T; readonly right: null }
  | { readonly left: null; readonly right: T };

/** Lists that differ in more places than this are not alike, and aligning them says nothing. */
const MOST_EDITS = 2000;

/**
 * Lays two lists side by side with as few edits as possible (Myers' greedy algorithm). Where the lists have too
 * little in common, the left one comes whole before the right one.
 */
export function align<T>(
  left: readonly T[],
  right: readonly T[],
  same: (a: T, b: T) => boolean,
): Aligned<T>[] {
  const trail = furthestPaths(left, right, same);
  if (trail === null) {
    return [
      ...left.map((one): Aligned<T> => ({ left: one, right: null })),
      ...right.map((one): Aligned<T> => ({ left: null, right: one })),
    ];
  }
  return walkBack(left, right, trail);
}

/**
 * For each number of edits, how far to the right one gets on each diagonal; null where too many would be needed.
 * Diagonal k holds the points x - y = k; the index into a row is k plus the number of edits.
 */
function furthestPaths<T>(
  left: readonly T[],
  right: readonly T[],
  same: (a: T, b: T) => boolean,
): number[][] | null {
  const rows: number[][] = [];
  const most = Math.min(left.length + right.length, MOST_EDITS);
  for (let edits = 0; edits <= most; edits++) {
    const before = rows[edits - 1];
    const row: number[] = [];
    for (let k = -edits; k <= edits; k += 2) {
      let x = before === undefined ? 0 : start(before, edits, k);
      let y = x - k;
      while (x < left.length && y < right.length && same(left[x]!, right[y]!)) {
        x++;
        y++;
      }
      row[k + edits] = x;
      if (x >= left.length && y >= right.length) return [...rows, row];
    }
    rows.push(row);
  }
  return null;
}

/** Where a diagonal begins after one more edit: down from the one above, or right from the one below. */
function start(before: readonly number[], edits: number, k: number): number {
  return goesDown(before, edits, k) ? before[k + edits]! : before[k + edits - 2]! + 1;
}

/** Whether the last edit took an element of the right list. Index of diagonal j in the row before is j + edits - 1. */
function goesDown(before: readonly number[], edits: number, k: number): boolean {
  if (k === -edits) return true;
  return k !== edits && before[k + edits - 2]! < before[k + edits]!;
}

function walkBack<T>(left: readonly T[], right: readonly T[], rows: readonly number[][]): Aligned<T>[] {
  const aligned: Aligned<T>[] = [];
  let x = left.length;
  let y = right.length;
  for (let edits = rows.length - 1; edits >= 0; edits--) {
    const before = rows[edits - 1];
    const k = x - y;
    const down = before !== undefined && goesDown(before, edits, k);
    const beginX = before === undefined ? 0 : start(before, edits, k);
    while (x > beginX) {
      x--;
      y--;
      aligned.push({ left: left[x]!, right: right[y]! });
    }
    if (before === undefined) break;
    if (down) aligned.push({ left: null, right: right[--y]! });
    else aligned.push({ left: left[--x]!, right: null });
  }
  return aligned.reverse();
}
