import { ACK, FIN, type Payload, REFUSAL, SYN, SYN_ACK } from '../../sim/network/payload.ts';
import { type Bytes, Command, Slice } from '../../sim/redis/networking/bytes.ts';
import { RdbFile } from '../../sim/redis/rdb/rdb-file.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { MessageKind } from './trace.ts';

/** What a segment is, and its text for people: no longer than a line. */
export interface Message {
  readonly kind: MessageKind;
  readonly text: string;
  /** What of an RDB it carries: bytes `[from, to)` of `total`. */
  readonly rdb?: RdbPart;
}

export interface RdbPart {
  readonly from: number;
  readonly to: number;
  readonly total: number;
}

/** Longer texts tell no more. */
const MOST_TEXT = 120;
/** So much of a segment is read to find out what it begins with. */
const MOST_READ = 64 * 1024;

const CONTROLS: ReadonlyMap<Payload, Message> = new Map([
  [SYN, { kind: 'connect', text: 'SYN' }],
  [SYN_ACK, { kind: 'connect', text: 'SYN, ACK' }],
  [ACK, { kind: 'connect', text: 'ACK: connected' }],
  [REFUSAL, { kind: 'connect', text: 'RST: connection refused' }],
  [FIN, { kind: 'close', text: 'FIN: closes' }],
]);

/** How far a replica's connection has come: what a segment on it means depends on that. */
type Phase = 'handshake' | 'asked' | 'linked';

/** Tells what the segments of one connection are, from its first one on. */
export class Conversation {
  #phase: Phase = 'handshake';
  readonly #isClients: boolean;

  /** `isClients` for a connection that a client opened, not another server. */
  constructor(isClients: boolean) {
    this.#isClients = isClients;
  }

  /** The next segment; `forth` for one from whoever connected. */
  tell(segment: Payload, forth: boolean): Message {
    const control = CONTROLS.get(segment);
    if (control !== undefined) return control;
    const rdb = rdbPartOf(segment as Bytes);
    if (rdb !== null) return { kind: 'rdb', text: rdbText(rdb), rdb };
    const text = segmentText(segment as Bytes);
    return { kind: forth ? this.#forth(text) : this.#back(text), text };
  }

  #forth(text: string): MessageKind {
    if (this.#isClients) return 'request';
    if (/^P?SYNC\b/i.test(text)) {
      this.#phase = 'asked';
      return 'psync';
    }
    if (text === NEWLINE) return 'ping';
    return /^REPLCONF ACK\b/i.test(text) ? 'ack' : 'handshake';
  }

  #back(text: string): MessageKind {
    if (this.#isClients) return 'answer';
    if (text === NEWLINE || /^ping$/i.test(text)) return this.#phase === 'handshake' ? 'handshake' : 'ping';
    if (this.#phase === 'handshake') return 'handshake';
    if (this.#phase === 'asked' && /^[+-]/.test(text)) {
      this.#phase = 'linked';
      return 'psync';
    }
    this.#phase = 'linked';
    if (/^REPLCONF GETACK\b/.test(text)) return 'ack';
    return text.startsWith('$') ? 'rdb' : 'stream';
  }
}

const NEWLINE = 'newline: still alive';

/** What a segment says, as a command is typed and a reply is written, on one line. */
export function segmentText(segment: Bytes): string {
  if (segment instanceof Command) return shorten(beginning(segment.argv));
  if (segment instanceof Slice && segment.whole instanceof Command) {
    return `part of ${shorten(beginning(segment.whole.argv))}`;
  }
  return plainText(segment.length > MOST_READ ? segment.slice(0, MOST_READ) : segment);
}

function rdbPartOf(segment: Bytes): RdbPart | null {
  if (segment instanceof RdbFile) return { from: 0, to: segment.length, total: segment.length };
  if (!(segment instanceof Slice) || !(segment.whole instanceof RdbFile)) return null;
  return { from: segment.from, to: segment.to, total: segment.whole.length };
}

export function rdbText({ from, to, total }: RdbPart): string {
  if (from === 0 && to === total) return `RDB, all of its ${total} bytes`;
  return `RDB, bytes ${from + 1} to ${to} of ${total}`;
}

function plainText(bytes: Bytes): string {
  const text = bytes.text();
  if (text === '\n') return NEWLINE;
  const first = firstCommand(text);
  if (first === null) return shorten(text.trimEnd());
  const more = text.slice(first.length).match(/^\*\d+\r$/gm)?.length ?? 0;
  return shorten(beginning(first.argv)) + (more > 0 ? `, and ${more} more commands` : '');
}

/** The RESP command with which a text begins, and how long it is there. */
function firstCommand(text: string): { argv: string[]; length: number } | null {
  const head = /^\*(\d{1,6})\r\n/.exec(text);
  if (head === null) return null;
  const argv: string[] = [];
  let at = head[0].length;
  for (let i = 0; i < Number(head[1]); i++) {
    const bulk = /^\$(\d{1,9})\r\n/.exec(text.slice(at, at + 16));
    if (bulk === null) return null;
    const from = at + bulk[0].length;
    argv.push(text.slice(from, from + Number(bulk[1])));
    at = from + Number(bulk[1]) + 2;
  }
  return { argv, length: at };
}

/** As much of a command as is shown: its values can be megabytes. */
function beginning(argv: readonly string[]): string {
  let text = '';
  for (const [i, word] of argv.entries()) {
    text += `${i === 0 ? '' : ' '}${word.slice(0, MOST_TEXT + 1)}`;
    if (text.length > MOST_TEXT) break;
  }
  return text;
}

function shorten(text: string): string {
  const line = sanitizeLine(text.slice(0, MOST_TEXT + 1));
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT - 1)}…` : line;
}
