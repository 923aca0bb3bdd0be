import type { Position } from './scenario.ts';

/** Something wrong in a scenario or in the options that change it, where, and what could be done. */
export interface Problem {
  readonly position: Position;
  readonly message: string;
  readonly hint: string | null;
}

/** What a parser of one text found wrong; the caller knows where the text stands. */
export interface Wrong {
  readonly message: string;
  readonly hint: string | null;
}

export function wrong(message: string, hint: string | null = null): Wrong {
  return { message, hint };
}

/** Whether a parser's answer is a complaint. */
export function isWrong(value: unknown): value is Wrong {
  return typeof value === 'object' && value !== null && 'message' in value && 'hint' in value;
}

/** Enough to repair a file by; a hostile file does not fill the terminal. */
const MAX_PROBLEMS = 100;

/**
 * Collects problems, each once. A value of the wrong shape is reported by the schema; what the later checks
 * say of the same place follows from that and is left out.
 */
export class Problems {
  private readonly found = new Map<string, Problem>();
  private readonly misshapen = new Set<string>();

  get any(): boolean {
    return this.found.size > 0;
  }

  /** A value that the schema refuses. */
  reportShape(position: Position, message: string, hint: string | null = null): void {
    this.add(position, message, hint);
    this.misshapen.add(placeKey(position));
  }

  report(position: Position, message: string, hint: string | null = null): void {
    if (!this.misshapen.has(placeKey(position))) this.add(position, message, hint);
  }

  /** Whether one of a map's keys is unknown to the schema: what seems to be missing may be that key. */
  hasUnknownKey(entries: readonly { readonly position: Position }[]): boolean {
    return entries.some(({ position }) => this.misshapen.has(placeKey(position)));
  }

  reportWrong(position: Position, found: Wrong): void {
    this.report(position, found.message, found.hint);
  }

  /** All of them by file in the order of first mention, then by line and column. */
  sorted(): Problem[] {
    const files = new Map<string, number>();
    for (const problem of this.found.values()) {
      if (!files.has(problem.position.file)) files.set(problem.position.file, files.size);
    }
    const order = (a: Problem, b: Problem) =>
      files.get(a.position.file)! - files.get(b.position.file)! ||
      a.position.line - b.position.line ||
      a.position.column - b.position.column;
    const all = [...this.found.values()].sort(order);
    if (all.length <= MAX_PROBLEMS) return all;
    const kept = all.slice(0, MAX_PROBLEMS);
    const left = all.length - MAX_PROBLEMS;
    return [...kept, { position: kept.at(-1)!.position, message: `and ${left} more problems`, hint: null }];
  }

  private add(position: Position, message: string, hint: string | null): void {
    const key = `${placeKey(position)}:${message}`;
    if (!this.found.has(key)) this.found.set(key, { position, message, hint });
  }
}

function placeKey(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

/**
 * `FILE:LINE:COL: message`, with the hint indented below it; what comes from the command line has the option
 * in place of file and line.
 */
export function formatProblem(problem: Problem): string {
  const { file, line, column } = problem.position;
  const place = isOption(file) ? file : `${file}:${line}:${column}`;
  const hint = (problem.hint ?? '').split('\n').filter((text) => text !== '');
  return [`${place}: ${problem.message}`, ...hint.map((text) => `  hint: ${text}`)].join('\n');
}

/** The position of an option on the command line. */
export function optionPosition(option: string, value: string): Position {
  return { file: `${option} ${value}`, line: 1, column: 1 };
}

function isOption(file: string): boolean {
  return file.startsWith('--');
}
