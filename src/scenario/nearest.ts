/** Longer names are never near anything; it keeps a hostile file from costing time. */
const MAX_LENGTH = 64;
/** How many names a hint lists. */
const MAX_LISTED = 24;

/** The candidate with the fewest edits to a name, if that is near enough to be meant; ties go to the first. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name.length > MAX_LENGTH) return null;
  const lower = name.toLowerCase();
  let best: string | null = null;
  // Of a single letter every other is one edit away.
  let bestDistance = Math.min(name.length, Math.max(1, Math.floor(name.length / 3)) + 1);
  for (const candidate of candidates) {
    if (candidate.length > MAX_LENGTH) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `did you mean "x"?`, or what there is where nothing is near and the list is short. */
export function suggest(name: string, candidates: readonly string[]): string | null {
  const near = nearest(name, candidates);
  if (near !== null) return `did you mean "${near}"?`;
  if (candidates.length === 0 || candidates.length > MAX_LISTED) return null;
  return candidates.length === 1 ? `there is only ${candidates[0]}` : `one of: ${candidates.join(', ')}`;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(row[j - 1]! + 1, last[j]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
