import { Composer, type Document, Lexer, LineCounter, type ParsedNode, Parser, type YAMLError } from 'yaml';
import type { Problems } from './problems.ts';
import type { Position } from './scenario.ts';
import type { Tree } from './tree.ts';
import { convert } from './yaml-tree.ts';

/** Bytes of the largest file taken for a scenario; reading more of it would take seconds. */
export const MAX_FILE_BYTES = 2 * 1024 * 1024;

/** How deep values may lie in each other: the parser recurses, and a deeper file would end the process. */
const MAX_DEPTH = 120;

/** After a first mistake in the syntax the others mostly follow from it. */
const MAX_SYNTAX_PROBLEMS = 3;

/** Reads YAML into a tree with positions; undefined where problems were reported. */
export function readYaml(source: string, file: string, problems: Problems): Tree | undefined {
  const start: Position = { file, line: 1, column: 1 };
  if (source.length > MAX_FILE_BYTES) {
    const megabytes = `${MAX_FILE_BYTES / 1024 / 1024} MiB`;
    problems.report(
      start,
      `the file is larger than ${megabytes}`,
      'a scenario is a short text; is this one?',
    );
    return undefined;
  }
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parse(text, lines, position, problems);
  if (document === undefined) return undefined;
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    for (const fault of faults.slice(0, MAX_SYNTAX_PROBLEMS)) {
      const place = position(fault.pos[0]);
      const lineStart = lines.lineStarts[place.line - 1] ?? 0;
      const hint = fault.code === 'TAB_AS_INDENT' ? null : syntaxHint(text, fault.pos[0], lineStart);
      problems.report(place, complaint(fault), hint);
    }
    return undefined;
  }
  if (document.contents === null) {
    problems.report(start, 'the file is empty', 'a scenario needs at least name, duration and nodes');
    return undefined;
  }
  return convert(document.contents, position, problems);
}

function parse(
  text: string,
  lines: LineCounter,
  position: (offset: number) => Position,
  problems: Problems,
): Document.Parsed<ParsedNode> | undefined {
  lines.addNewLine(0);
  const strange = unreadable(text);
  if (strange !== undefined) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
    problems.report(position(strange), 'the file is not UTF-8 text', 'save it as UTF-8');
    return undefined;
  }
  const parser = new Parser(lines.addNewLine);
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_DEPTH) {
      problems.report(position(parser.offset), 'values lie too deep in each other');
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  // Duplicate keys are looked for later: the composer compares each key with every other.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, version: '1.2' });
  const documents = [...composer.compose(tokens, true, text.length)];
  const second = documents[1];
  if (second !== undefined) {
    const message = 'a second YAML document starts here';
    problems.report(
      position(second.range[0]),
      message,
      'a file holds one scenario; give each a file of its own',
    );
    return undefined;
  }
  return documents[0] as Document.Parsed<ParsedNode> | undefined;
}

/** Where a character stands that no text has: what decoding leaves of other encodings, or a control code. */
function unreadable(text: string): number | undefined {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd || (code < 32 && code !== 9 && code !== 10 && code !== 13)) return at;
  }
  return undefined;
}

/** The parser's words for a bracket that is never closed, or whose inside is not indented. */
const UNCLOSED =
  /^Flow (map|sequence) in block collection must be sufficiently indented and end with a ([}\]])$/;

function complaint(fault: YAMLError): string {
  switch (fault.code) {
    case 'TAB_AS_INDENT':
      return 'a tab indents this line; YAML takes only blanks';
    case 'TAG_RESOLVE_FAILED':
      return tagComplaint(fault.message);
    default:
      if (UNCLOSED.test(fault.message))
        return `no valid YAML: ${fault.message.replace(UNCLOSED, 'a $2 is missing here, or blanks at the beginning of the line')}`;
      return `no valid YAML: ${fault.message.replace(/\s+/g, ' ')}`;
  }
}

function tagComplaint(message: string): string {
  const tag = /^Unresolved tag: (.*)$/s.exec(message)?.[1];
  if (tag === undefined) return `no valid YAML: ${message.slice(0, 80)}`;
  const own = tag.replace(/^tag:yaml\.org,2002:/, '!!').slice(0, 40);
  return own.startsWith('!!')
    ? `"${own}" is no YAML tag of such a value`
    : `"${own}" is a YAML tag nobody knows`;
}

/** Characters that no plain value starts with. */
const INDICATORS = '>*&!%@`|';
const LEADING = /(?:^|[:,[{-])\s+([>*&!%@`|])/;
/** A plain value with a bracket in it, and one that starts with brackets and goes on after them. */
const BRACKET_INSIDE = /[:,]\s+(?:[^\s"'#,:{}[\]]|:(?!\s))(?:[^"'#,:{}[\]]|:(?!\s))*([{[])/;
const BRACKET_FIRST = /:\s+([{[])[^{}[\]:]*[}\]]\s*[^\s,}\]#]/;

/** What to do about a syntax error, judged by the character it was found at and by its line. */
function syntaxHint(text: string, offset: number, lineStart: number): string | null {
  const end = text.indexOf('\n', lineStart);
  const line = text.slice(lineStart, end === -1 ? undefined : end).slice(0, 2000);
  const unquoted = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, '""');
  const at = text[offset] ?? '';
  const found =
    INDICATORS.includes(at) && at !== ''
      ? at
      : [BRACKET_INSIDE, BRACKET_FIRST, LEADING]
          .map((pattern) => pattern.exec(unquoted)?.[1])
          .find((one) => one !== undefined);
  return found === undefined
    ? null
    : `${found} means something in YAML: put the value in quotes, as in "${EXAMPLES[found] ?? `${found}text`}"`;
}

const EXAMPLES: Readonly<Record<string, string>> = { '{': 'SET key:{n} v', '[': 'SET k [v]', '>': '>= 1' };
