/**
 * Paths with `*`, `**` and `?`, for globs that the shell left alone. As in a shell, a wildcard does not match
 * a leading dot; `**` also stays out of node_modules.
 */

export function isGlob(path: string): boolean {
  return /[*?]/.test(path);
}

/** A directory to walk and what to match below it, segment by segment. */
export interface Glob {
  /** The part before the first wildcard, as written; empty for the current directory. */
  readonly base: string;
  readonly segments: readonly string[];
}

export function parseGlob(pattern: string): Glob {
  const parts = pattern.split('/');
  const firstWild = parts.findIndex(isGlob);
  const base = parts.slice(0, firstWild).join('/');
  const rooted = firstWild === 1 && parts[0] === '';
  return {
    base: rooted ? '/' : base,
    segments: parts.slice(firstWild).filter((part) => part !== '' && part !== '.'),
  };
}

/** Whether a name matches one segment of a pattern. */
export function matchSegment(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  return matchFrom(pattern, 0, name, 0);
}

/** Greedy match with one place to come back to: linear for one star, quadratic at worst. */
function matchFrom(pattern: string, patternStart: number, name: string, nameStart: number): boolean {
  let p = patternStart;
  let n = nameStart;
  let star = -1;
  let starName = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      starName = n;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++starName;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
