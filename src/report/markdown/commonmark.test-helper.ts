/** The lines of a Markdown text that are no code, without the code in them. */
export function withoutCode(markdown: string): string[] {
  const lines: string[] = [];
  let fence: string | null = null;
  for (const line of markdown.split('\n')) {
    const mark = /^`{3,}/.exec(line)?.[0];
    if (fence !== null) {
      if (line === fence) fence = null;
    } else if (mark !== undefined) fence = mark;
    else lines.push(withoutSpans(line));
  }
  if (fence !== null) throw new Error(`a block of code is not closed: ${fence}`);
  return lines;
}

/** A line without its spans of code, as CommonMark finds them: a backslash escapes outside of them only. */
function withoutSpans(line: string): string {
  let left = '';
  for (let i = 0; i < line.length; ) {
    const run = /^`+/.exec(line.slice(i))?.[0];
    const end = run === undefined ? null : new RegExp(`(?<!\`)${run}(?!\`)`).exec(line.slice(i + run.length));
    if (run !== undefined && end !== null) {
      i += run.length + end.index + run.length;
      continue;
    }
    const next = run ?? line.slice(i, i + (line[i] === '\\' ? 2 : 1));
    left += next;
    i += next.length;
  }
  return left;
}
