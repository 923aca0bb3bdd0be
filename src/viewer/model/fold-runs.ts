import type { Entry } from './trace-index.ts';

/** An entry, and how many more of its kind on the same way came right after it and are not told. */
export interface Run {
  readonly entry: Entry;
  readonly more: number;
}

/** So many of one kind in a row are told one by one. */
const MOST_ALIKE = 2;

/** Folds what repeats: of many messages of one kind in a row, the first ones stand for all. */
export function foldRuns(entries: readonly Entry[]): Run[] {
  const runs: { entry: Entry; more: number }[] = [];
  let alike = 0;
  for (const entry of entries) {
    const last = runs.at(-1)?.entry;
    alike = last !== undefined && isAlike(last, entry) ? alike + 1 : 1;
    if (alike > MOST_ALIKE && entry.isMessage) runs.at(-1)!.more++;
    else runs.push({ entry, more: 0 });
  }
  return runs;
}

function isAlike(a: Entry, b: Entry): boolean {
  return a.kind === b.kind && a.node === b.node && a.peer === b.peer && a.arrival >= 0 === b.arrival >= 0;
}
