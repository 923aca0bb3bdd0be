import { Command } from '../../sim/redis/networking/bytes.ts';
import { nearest } from './nearest.ts';
import { isWrong, type Wrong, wrong } from './problems.ts';
import { parseSize } from './units.ts';

/**
 * A command of a scenario: its text as written and what it becomes. `{n}` counts within its entry, `{n%K}`
 * wraps, `{bytes:K}` is K times `x`.
 */
export interface CommandTemplate {
  readonly text: string;
  /** The n-th command, from 0; the same object again where nothing in it counts. */
  render(n: number): Command;
}

/** The longest `{bytes:K}`. */
const MAX_FILL = 100 * 1024 * 1024;

const PLACEHOLDER = /\{(?:n(?:%(\d{1,15}))?|bytes:([^{}]*))\}/g;

/** What looks like `{bytes:K}` and may be a slip for it. JSON has quotes around its keys. */
const NEARLY = /\{([a-z]+):[^{}]*\}/gi;

/** An argument with counters in it: a text, then for each counter its modulus (0 for none) and the text after. */
interface CountingArgument {
  readonly head: string;
  readonly moduli: readonly number[];
  readonly tails: readonly string[];
}

/** A command from its arguments, one character for each byte; wrong where a placeholder is. */
export function commandTemplate(text: string, args: readonly string[]): CommandTemplate | Wrong {
  const pieces: (string | CountingArgument)[] = [];
  for (const arg of args) {
    const piece = compileArgument(arg);
    if (isWrong(piece)) return piece;
    pieces.push(piece);
  }
  const fixed = pieces.filter((piece) => typeof piece === 'string');
  if (fixed.length === pieces.length) return new FixedTemplate(text, new Command(fixed));
  return new CountingTemplate(text, pieces);
}

function compileArgument(arg: string): string | CountingArgument | Wrong {
  for (const [whole, word = ''] of arg.matchAll(NEARLY)) {
    if (word !== 'bytes' && nearest(word, ['bytes']) !== null)
      return wrong(`${whole.slice(0, 40)} is no placeholder`, 'did you mean "{bytes:100}"?');
  }
  const texts = [''];
  const moduli: number[] = [];
  let at = 0;
  for (const found of arg.matchAll(PLACEHOLDER)) {
    const [whole, modulus, fill] = found;
    texts.push(texts.pop()! + arg.slice(at, found.index));
    at = found.index + whole.length;
    if (fill !== undefined) {
      const bytes = parseSize(fill);
      if (isWrong(bytes)) return wrong(`${whole}: ${bytes.message}`, 'as in {bytes:100} or {bytes:1kb}');
      if (bytes > MAX_FILL) return wrong(`${whole} is more than 100mb`);
      texts.push(texts.pop()! + 'x'.repeat(bytes));
    } else {
      if (modulus !== undefined && Number(modulus) === 0) return wrong(`${whole} would divide by zero`);
      moduli.push(Number(modulus ?? 0));
      texts.push('');
    }
  }
  texts.push(texts.pop()! + arg.slice(at));
  return moduli.length === 0 ? texts[0]! : { head: texts[0]!, moduli, tails: texts.slice(1) };
}

class FixedTemplate implements CommandTemplate {
  readonly text: string;
  private readonly command: Command;

  constructor(text: string, command: Command) {
    this.text = text;
    this.command = command;
  }

  render(): Command {
    return this.command;
  }
}

class CountingTemplate implements CommandTemplate {
  readonly text: string;
  private readonly pieces: readonly (string | CountingArgument)[];

  constructor(text: string, pieces: readonly (string | CountingArgument)[]) {
    this.text = text;
    this.pieces = pieces;
  }

  render(n: number): Command {
    const { pieces } = this;
    const argv: string[] = new Array(pieces.length);
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i]!;
      argv[i] = typeof piece === 'string' ? piece : renderArgument(piece, n);
    }
    return new Command(argv);
  }
}

function renderArgument({ head, moduli, tails }: CountingArgument, n: number): string {
  let text = head;
  for (let i = 0; i < moduli.length; i++) {
    const modulus = moduli[i]!;
    text += (modulus === 0 ? n : n % modulus) + tails[i]!;
  }
  return text;
}
