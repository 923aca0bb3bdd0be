/**
 * Bytes on their way: what a socket carries, a buffer holds and the backlog remembers.
 *
 * A command keeps its arguments and knows its encoded length; its text is spelled out only where somebody
 * asks for it. One object serves the client, the master, every replica and every buffer between them, so a
 * write costs no copies. All of them are immutable; each character of a text stands for one byte.
 */
export abstract class Bytes {
  abstract readonly length: number;
  /** The bytes as a string of one character per byte. */
  abstract text(): string;

  /** The bytes in `[from, to)`; the object itself where that is all of it. */
  slice(from: number, to: number): Bytes {
    return from === 0 && to === this.length ? this : new Slice(this, from, to);
  }
}

/** Bytes given literally: a status line, a newline, an inline command. */
export class Text extends Bytes {
  readonly length: number;
  private readonly value: string;

  constructor(value: string) {
    super();
    this.value = value;
    this.length = value.length;
  }

  text(): string {
    return this.value;
  }
}

/** A command in RESP: an array of bulk strings. */
export class Command extends Bytes {
  readonly length: number;
  readonly argv: readonly string[];

  constructor(argv: readonly string[]) {
    super();
    this.argv = argv;
    let length = arrayHeaderLength(argv.length);
    for (let i = 0; i < argv.length; i++) length += bulkLength(argv[i]!.length);
    this.length = length;
  }

  text(): string {
    let text = `*${this.argv.length}\r\n`;
    for (const arg of this.argv) text += `$${arg.length}\r\n${arg}\r\n`;
    return text;
  }
}

/** A part of other bytes. */
export class Slice extends Bytes {
  readonly length: number;
  readonly whole: Bytes;
  readonly from: number;
  readonly to: number;

  constructor(whole: Bytes, from: number, to: number) {
    super();
    this.whole = whole;
    this.from = from;
    this.to = to;
    this.length = to - from;
  }

  text(): string {
    return this.whole.text().slice(this.from, this.to);
  }

  override slice(from: number, to: number): Bytes {
    return this.whole.slice(this.from + from, this.from + to);
  }
}

/** The encoded length of `*<argc>\r\n`. */
export function arrayHeaderLength(argc: number): number {
  return 3 + decimalDigits(argc);
}

/** The encoded length of `$<length>\r\n<bytes>\r\n`. */
export function bulkLength(length: number): number {
  return 5 + decimalDigits(length) + length;
}

/** How many digits a non-negative integer has. */
export function decimalDigits(n: number): number {
  let digits = 1;
  for (let limit = 10; n >= limit; limit *= 10) digits++;
  return digits;
}

/** Two neighbours as one, where they are adjoining parts of the same bytes; otherwise undefined. */
export function join(left: Bytes, right: Bytes): Bytes | undefined {
  if (!(left instanceof Slice) || !(right instanceof Slice)) return undefined;
  if (left.whole !== right.whole || left.to !== right.from) return undefined;
  return left.whole.slice(left.from, right.to);
}
