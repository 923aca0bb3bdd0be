import { sanitizeLine, sanitizeLines } from '../../terminal/sanitize.ts';

/**
 * Texts of a scenario in Markdown as GitHub reads it. Everything that a report shows of a run goes through one of
 * these, so that no name, command or log line can become a heading, a link, an image or HTML.
 */

/** Any text on one line, to stand within a paragraph, a heading, a list item or a cell of a table. */
export function plain(text: string): string {
  return escapeStart(escapeSigns(sanitizeLine(text).trim()).replaceAll('*', '\\*'));
}

/** Any text as code on one line. */
export function code(text: string): string {
  const line = sanitizeLine(text);
  if (line.trim() === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** The same in a cell of a table, where a bar needs a backslash even in code. */
export function cellCode(text: string): string {
  return code(text).replaceAll('|', '\\|');
}

/** Lines as a block of code. */
export function codeBlock(lines: readonly string[], language = 'text'): string[] {
  const clean = lines.map((line) => sanitizeLine(line).trimEnd());
  const fence = '`'.repeat(Math.max(3, longestRun(clean.join('\n')) + 1));
  return [`${fence}${language}`, ...clean, fence];
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);
}

/**
 * What a scenario says of itself: paragraphs, lists, `code` and *emphasis* are kept, anything else of Markdown and
 * all of HTML becomes text.
 */
export function prose(about: string): string[] {
  const lines: string[] = [];
  for (const paragraph of sanitizeLines(about.trim()).split(/\n\s*\n/)) {
    if (paragraph.trim() === '') continue;
    if (lines.length > 0) lines.push('');
    lines.push(...proseParagraph(paragraph.split('\n').map((line) => line.trim())));
  }
  return lines;
}

/** Code may run over the end of a line, so a paragraph is taken apart as a whole. */
function proseParagraph(lines: readonly string[]): string[] {
  const text = lines
    .map((line) => line.replace(/^[-*+] /, `${ITEM} `))
    .join('\n')
    .replaceAll('\0', '');
  return text
    .split(/(`[^`]+`)/)
    .map((part, i) => (i % 2 === 1 ? code(part.slice(1, -1).replaceAll('\n', ' ')) : proseText(part)))
    .join('')
    .split('\n')
    .map(startOfLine);
}

/** Stands for the sign of a list item until everything that a text could have in its place is escaped. */
const ITEM = '\ue000';

function proseText(text: string): string {
  return escapeSigns(text).replace(/\*+/g, (stars) =>
    stars.length > 2 ? stars.replaceAll('*', '\\*') : stars,
  );
}

/**
 * Every sign that means something in Markdown, but stars; `_` is none within a word. Addresses are taken apart too:
 * GitHub makes links of them without being asked.
 */
function escapeSigns(text: string): string {
  return text
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/[\\`[\]<>|~$]/g, (sign) => (sign === '<' ? '&lt;' : `\\${sign}`))
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/:\/\//g, ':\\//')
    .replace(/www\./gi, (word) => `${word.slice(0, 3)}\\.`)
    .replaceAll('@', '\\@');
}

function startOfLine(line: string): string {
  const text = line.trim();
  const item = text.startsWith(ITEM);
  const content = escapeStart(text.replaceAll(ITEM, '').trim());
  return item ? `- ${content}` : content;
}

/** What at the beginning of a line would make it a heading, an item of a list or a rule. */
function escapeStart(line: string): string {
  return line.replace(/^(?:[#+=-]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}
