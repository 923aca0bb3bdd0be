/** Whether a text matches a glob-style pattern: `*`, `?`, `[...]`, backslash (util.c stringmatchlen). */
export function stringmatch(pattern: string, text: string, nocase = false): boolean {
  return nocase ? match(pattern.toLowerCase(), 0, text.toLowerCase(), 0) : match(pattern, 0, text, 0);
}

function match(pattern: string, patternFrom: number, text: string, textFrom: number): boolean {
  let p = patternFrom;
  let t = textFrom;
  while (p < pattern.length && t < text.length) {
    const ch = pattern[p];
    if (ch === '*') {
      while (pattern[p + 1] === '*') p++;
      if (p + 1 === pattern.length) return true;
      for (; t < text.length; t++) if (match(pattern, p + 1, text, t)) return true;
      return false;
    }
    if (ch === '[') {
      const end = matchClass(pattern, p, text[t]!);
      if (end === undefined) return false;
      p = end;
    } else if (ch !== '?') {
      if (ch === '\\' && p + 1 < pattern.length) p++;
      if (pattern[p] !== text[t]) return false;
    }
    t++;
    p++;
  }
  if (t === text.length) while (pattern[p] === '*') p++;
  return p === pattern.length && t === text.length;
}

/** Where the class that opens at `from` ends, if the character is in it; an unclosed one ends with the pattern. */
function matchClass(pattern: string, from: number, ch: string): number | undefined {
  let p = from + 1;
  const negated = pattern[p] === '^';
  if (negated) p++;
  let found = false;
  for (; p < pattern.length && pattern[p] !== ']'; p++) {
    if (pattern[p] === '\\' && p + 1 < pattern.length) {
      p++;
      if (pattern[p] === ch) found = true;
    } else if (pattern[p + 1] === '-' && p + 2 < pattern.length) {
      const [low, high] = [pattern[p]!, pattern[p + 2]!].sort();
      p += 2;
      if (ch >= low! && ch <= high!) found = true;
    } else if (pattern[p] === ch) {
      found = true;
    }
  }
  if (p === pattern.length) p--;
  return found === negated ? undefined : p;
}
