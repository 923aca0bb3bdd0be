/**
 * The examples of a Markdown document: files that it tells the reader to write, and commands with what they print.
 * A block of code with `<!-- file: PATH -->` in the line above it is such a file. In a `console` block a line with `$ `
 * is a command, and what follows it is its output; a line `…` there stands for lines that are left out.
 */
export interface Reader {
  write(path: string, text: string): void;
  /** What a command prints, without the last line break. */
  run(command: string): string;
}

export interface Example {
  readonly command: string;
  readonly shown: readonly string[];
  readonly printed: readonly string[];
}

const BLOCK = /^(?:<!-- file: (\S+) -->\n)?```(\w+)\n([\s\S]*?)^```$/gm;
const OMITTED = '…';

/** What readers do once, and a test does not repeat: they install. */
const NOT_PLAYED = /^(npm|git|cd) /;

/** Does what a document says, from its first line to its last. */
export function play(document: string, reader: Reader): Example[] {
  const examples: Example[] = [];
  renew(document, reader, (example) => examples.push(example));
  return examples;
}

/** The document with what its commands print now. */
export function renew(document: string, reader: Reader, look: (example: Example) => void = () => {}): string {
  return document.replace(BLOCK, (block, path: string | undefined, language: string, text: string) => {
    if (path !== undefined) reader.write(path, text);
    if (language !== 'console') return block;
    const parts = text.split(/^(?=\$ )/m).map((part) => renewPart(part, reader, look));
    return `\`\`\`console\n${parts.join('')}\`\`\``;
  });
}

function renewPart(part: string, reader: Reader, look: (example: Example) => void): string {
  const [line = '', ...shown] = part.trimEnd().split('\n');
  const command = line.replace(/^\$ /, '');
  if (command === line || NOT_PLAYED.test(command)) return part;
  const printed = reader.run(command);
  const example = { command, shown, printed: printed === '' ? [] : printed.split('\n') };
  look(example);
  const lines = isShown(example) ? shown : newlyShown(example);
  return [line, ...lines, ''].join('\n');
}

/** Whether a command printed what is shown of it. */
export function isShown({ shown, printed }: Example): boolean {
  const pieces = piecesOf(shown);
  if (pieces.length === 1) return sameLines(shown, printed);
  if (pieces.every((piece) => piece.length === 0)) return false;
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (first.length + last.length > printed.length) return false;
  if (!sameLines(first, printed.slice(0, first.length))) return false;
  if (!sameLines(last, printed.slice(printed.length - last.length))) return false;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = findLines(piece, printed, from, printed.length - last.length);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return true;
}

/**
 * As many lines from the beginning and from the end as were shown. What was shown between them is looked for with other
 * numbers in it; if it is not there either, it is left to the writer.
 */
function newlyShown({ shown, printed }: Example): string[] {
  const pieces = piecesOf(shown);
  if (pieces.length === 1) return [...printed];
  const first = pieces[0]!.length;
  const last = pieces.at(-1)!.length;
  const masked = printed.map(withoutNumbers);
  const middle = pieces.slice(1, -1).flatMap((piece) => {
    const at = findLines(piece.map(withoutNumbers), masked, 0, printed.length);
    return [...(at === -1 ? piece : printed.slice(at, at + piece.length)), OMITTED];
  });
  return [...printed.slice(0, first), OMITTED, ...middle, ...printed.slice(printed.length - last)];
}

function withoutNumbers(line: string): string {
  return line.replace(/ *\d+/g, ' 0');
}

function piecesOf(shown: readonly string[]): string[][] {
  const pieces: string[][] = [[]];
  for (const line of shown) {
    if (line === OMITTED) pieces.push([]);
    else pieces.at(-1)!.push(line);
  }
  return pieces;
}

function sameLines(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((line, i) => line === right[i]);
}

function findLines(piece: readonly string[], lines: readonly string[], from: number, to: number): number {
  for (let at = from; at + piece.length <= to; at++) {
    if (sameLines(piece, lines.slice(at, at + piece.length))) return at;
  }
  return -1;
}
