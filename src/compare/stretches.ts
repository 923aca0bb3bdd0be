import type { Aligned } from './edits.ts';

/** A longer stretch that is the same in both is folded, but for its first and last rows. */
const MOST_SAME = 5;

/** Rows of which so many are left out because they are the same on both sides. */
export interface Folded {
  readonly folded: number;
}

export function isSame<T>(row: Aligned<T>): boolean {
  return row.left !== null && row.right !== null;
}

/** Rows next to each other that are all the same on both sides, or all not. */
export function stretchesOf<T>(rows: readonly Aligned<T>[]): Aligned<T>[][] {
  const stretches: Aligned<T>[][] = [];
  for (const row of rows) {
    const last = stretches.at(-1);
    if (last !== undefined && isSame(last[0]!) === isSame(row)) last.push(row);
    else stretches.push([row]);
  }
  return stretches;
}

/** The rows with every long stretch that is the same folded. */
export function foldSame<T>(rows: readonly Aligned<T>[]): (Aligned<T> | Folded)[] {
  return stretchesOf(rows).flatMap((stretch) => {
    if (!isSame(stretch[0]!) || stretch.length <= MOST_SAME) return stretch;
    return [stretch[0]!, { folded: stretch.length - 2 }, stretch.at(-1)!];
  });
}
