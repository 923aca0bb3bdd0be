import type { Pattern } from '../scenario/scenario.ts';

/** Counts the lines of one node's log that match, from when it was made until it is closed. */
export interface LineCounter {
  readonly pattern: Pattern;
  count: number;
  readonly matched: () => void;
}

const nobody = (): void => {};

export function patternMatches(pattern: Pattern, text: string): boolean {
  return pattern.kind === 'text' ? text.includes(pattern.text) : pattern.regex.test(text);
}

export function patternText(pattern: Pattern): string {
  return pattern.kind === 'text' ? `"${pattern.text}"` : pattern.source;
}

/** Who waits for which line of which node's log. */
export class Logbook {
  readonly #byNode: LineCounter[][];
  readonly #last: string[];

  constructor(nodes: number) {
    this.#byNode = Array.from({ length: nodes }, () => []);
    this.#last = Array.from({ length: nodes }, () => '');
  }

  /** Counts from now on; `matched` is told of each line. */
  open(node: number, pattern: Pattern, matched: () => void = nobody): LineCounter {
    const counter = { pattern, count: 0, matched };
    this.#byNode[node]!.push(counter);
    return counter;
  }

  close(node: number, counter: LineCounter): void {
    this.#byNode[node] = this.#byNode[node]!.filter((other) => other !== counter);
  }

  /** A line was written; true if somebody waited for it. */
  line(node: number, text: string): boolean {
    this.#last[node] = text;
    let waited = false;
    for (const counter of this.#byNode[node]!) {
      if (!patternMatches(counter.pattern, text)) continue;
      counter.count++;
      counter.matched();
      waited = true;
    }
    return waited;
  }

  /** The newest line of a node's log, or an empty text. */
  lastLine(node: number): string {
    return this.#last[node]!;
  }
}
