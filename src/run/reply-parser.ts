import type { Bytes } from '../../sim/redis/networking/bytes.ts';

/** `call` is no reply at all: the connection ended, could not be made, or never answered. */
export type ReplyKind = 'simple' | 'error' | 'integer' | 'bulk' | 'array' | 'nil' | 'call';

/** A complete reply: its kind and what `replies` shows of it (a bulk reply's text as it is, null for a nil). */
export interface Reply {
  readonly kind: ReplyKind;
  readonly text: string | null;
}

export const NIL: Reply = { kind: 'nil', text: null };
const OK: Reply = { kind: 'simple', text: '+OK' };

/**
 * Splits what a connection receives into replies, however it was cut into pieces. Blank lines before a reply
 * (a master's keep-alives) are skipped.
 */
export class ReplyParser {
  #buffer = '';
  #at = 0;

  feed(bytes: Bytes): void {
    this.#buffer =
      this.#at === this.#buffer.length ? bytes.text() : this.#buffer.slice(this.#at) + bytes.text();
    this.#at = 0;
  }

  /** The next complete reply, or undefined while more bytes are needed. */
  next(): Reply | undefined {
    const buffer = this.#buffer;
    if (buffer === '+OK\r\n' && this.#at === 0) {
      this.#at = buffer.length;
      return OK;
    }
    this.#skipBlank();
    const end = this.#end(this.#at);
    if (end < 0) return undefined;
    const reply = replyOf(buffer, this.#at, end);
    this.#at = end;
    return reply;
  }

  /** The next line whatever it means: the answer to a raw PSYNC or SYNC, after which a stream follows. */
  nextLine(): Reply | undefined {
    this.#skipBlank();
    const end = this.#buffer.indexOf('\r\n', this.#at);
    if (end < 0) return undefined;
    const text = this.#buffer.slice(this.#at, end);
    this.#at = end + 2;
    return { kind: text.startsWith('-') ? 'error' : 'simple', text };
  }

  reset(): void {
    this.#buffer = '';
    this.#at = 0;
  }

  #skipBlank(): void {
    while (this.#buffer[this.#at] === '\n') this.#at++;
  }

  /** Where the reply that begins at `from` ends, or -1 while it is not complete. */
  #end(from: number): number {
    let at = from;
    for (let pending = 1; pending > 0; pending--) {
      const lineEnd = this.#buffer.indexOf('\r\n', at);
      if (lineEnd < 0) return -1;
      const type = this.#buffer[at];
      const size = type === '$' || type === '*' ? Number(this.#buffer.slice(at + 1, lineEnd)) : 0;
      at = lineEnd + 2;
      if (type === '$' && size >= 0) at += size + 2;
      if (type === '*' && size > 0) pending += size;
      if (at > this.#buffer.length) return -1;
    }
    return at;
  }
}

function replyOf(buffer: string, from: number, end: number): Reply {
  const lineEnd = buffer.indexOf('\r\n', from);
  const line = buffer.slice(from, lineEnd);
  switch (line[0]) {
    case '-':
      return { kind: 'error', text: line };
    case ':':
      return { kind: 'integer', text: line };
    case '$':
      return line === '$-1' ? NIL : { kind: 'bulk', text: buffer.slice(lineEnd + 2, end - 2) };
    case '*':
      return line === '*-1' ? NIL : { kind: 'array', text: line };
    default:
      return { kind: 'simple', text: line };
  }
}
