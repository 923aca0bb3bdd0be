import { splitArguments } from '../commands/split-arguments.ts';
import { type ByteQueue, first, peekText } from './byte-queue.ts';
import { Command, Slice } from './bytes.ts';

/** A query buffer may hold an inline command of at most so many bytes (PROTO_INLINE_MAX_SIZE). */
const PROTO_INLINE_MAX_SIZE = 64 * 1024;
const MAX_MULTIBULK = 1024 * 1024;
const MAX_BULK = 512 * 1024 * 1024;

/** What stands at the front of a query buffer. */
export type Parsed =
  /** A command and its length in bytes; no arguments for an empty line. */
  | { readonly kind: 'command'; readonly command: Command; readonly length: number; readonly inline: boolean }
  | { readonly kind: 'incomplete' }
  /** The reply to give before the connection is closed. */
  | { readonly kind: 'error'; readonly reply: string };

const INCOMPLETE: Parsed = { kind: 'incomplete' };
const EMPTY = new Command([]);

/**
 * Reads the next command of a query buffer without taking it out. A command that came in one piece is
 * recognised as itself; anything else is parsed byte for byte (processMultibulkBuffer, processInlineBuffer).
 */
export function parseCommand(queue: ByteQueue): Parsed {
  const head = first(queue)!;
  if (head instanceof Command) return { kind: 'command', command: head, length: head.length, inline: false };
  if (
    head instanceof Slice &&
    head.whole instanceof Command &&
    head.from === 0 &&
    queue.length === head.length
  ) {
    return INCOMPLETE;
  }
  const text = peekText(queue, queue.length);
  return text.startsWith('*') ? parseMultibulk(text) : parseInline(text);
}

function parseInline(text: string): Parsed {
  const newline = text.indexOf('\n');
  if (newline === -1) {
    if (text.length <= PROTO_INLINE_MAX_SIZE) return INCOMPLETE;
    return { kind: 'error', reply: 'Protocol error: too big inline request' };
  }
  const line = text.slice(0, newline > 0 && text[newline - 1] === '\r' ? newline - 1 : newline);
  const argv = splitArguments(line);
  if (argv === undefined) return { kind: 'error', reply: 'Protocol error: unbalanced quotes in request' };
  const command = argv.length === 0 ? EMPTY : new Command(argv);
  return { kind: 'command', command, length: newline + 1, inline: true };
}

function parseMultibulk(text: string): Parsed {
  let position = text.indexOf('\r');
  if (position === -1 || position + 2 > text.length) {
    if (text.length <= PROTO_INLINE_MAX_SIZE) return INCOMPLETE;
    return { kind: 'error', reply: 'Protocol error: too big mbulk count string' };
  }
  const count = integer(text.slice(1, position));
  if (count === undefined || count > MAX_MULTIBULK) {
    return { kind: 'error', reply: 'Protocol error: invalid multibulk length' };
  }
  position += 2;
  const argv: string[] = [];
  while (argv.length < count) {
    if (position >= text.length) return INCOMPLETE;
    const end = text.indexOf('\r', position);
    if (end === -1 && text.length - position > PROTO_INLINE_MAX_SIZE) {
      return { kind: 'error', reply: 'Protocol error: too big bulk count string' };
    }
    if (end === -1 || end + 2 > text.length) return INCOMPLETE;
    if (text[position] !== '$') {
      return { kind: 'error', reply: `Protocol error: expected '$', got '${text[position]}'` };
    }
    const length = integer(text.slice(position + 1, end));
    if (length === undefined || length < 0 || length > MAX_BULK) {
      return { kind: 'error', reply: 'Protocol error: invalid bulk length' };
    }
    position = end + 2;
    if (text.length < position + length + 2) return INCOMPLETE;
    argv.push(text.slice(position, position + length));
    position += length + 2;
  }
  return {
    kind: 'command',
    command: count <= 0 ? EMPTY : new Command(argv),
    length: position,
    inline: false,
  };
}

/** As string2ll takes it: no plus, no leading zeros. */
function integer(text: string): number | undefined {
  return /^(0|-?[1-9][0-9]{0,14})$/.test(text) ? Number(text) : undefined;
}
