import { type Bytes, Slice } from '../../../sim/redis/networking/bytes.ts';

/** Pieces that are kept, and bytes of them; what is older is not compared. */
const MOST_PIECES = 8192;
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * What stands in one history, by offsets, as the first server that had it has it. Pieces are mostly the commands
 * themselves, which all servers share, so that comparing them costs no bytes.
 */
export class StreamLog {
  /** The offset of the first byte that this history has of its own. */
  readonly base: number;
  /** The history that comes before the base; null where nobody knows it. */
  readonly parent: StreamLog | null;
  /** The offset after the last byte. */
  end: number;
  readonly #starts: number[] = [];
  readonly #pieces: Bytes[] = [];
  /** Pieces let go of: a place counts from the first piece there ever was. */
  #dropped = 0;

  constructor(base: number, parent: StreamLog | null) {
    this.base = base;
    this.parent = parent;
    this.end = base;
  }

  /**
   * A server has these bytes at this offset: notes them where they are new. `place` is where it had the bytes
   * before, plus one. Returns the place of the next bytes, or -1 where other bytes stand there.
   */
  has(start: number, bytes: Bytes, place: number): number {
    const at = place - this.#dropped;
    if (this.#pieces[at] === bytes && this.#starts[at] === start) return place + 1;
    if (start === this.end) {
      this.#append(start, bytes);
      return this.#dropped + this.#pieces.length;
    }
    return this.#hasSlowly(start, bytes);
  }

  #append(start: number, bytes: Bytes): void {
    this.#starts.push(start);
    this.#pieces.push(bytes);
    this.end = start + bytes.length;
    const first = this.#starts[0]!;
    if (this.#pieces.length <= MOST_PIECES && this.end - first <= MOST_BYTES) return;
    const spent = Math.ceil(this.#pieces.length / 2);
    if (spent === this.#pieces.length) return;
    this.#starts.splice(0, spent);
    this.#pieces.splice(0, spent);
    this.#dropped += spent;
  }

  /** Bytes that are no piece of their own here: compared part by part, and what goes beyond the end is noted. */
  #hasSlowly(start: number, bytes: Bytes): number {
    if (start > this.end) {
      // Nobody who could be asked has what lies between.
      this.#starts.length = 0;
      this.#pieces.length = 0;
      this.#append(start, bytes);
      return this.#dropped + 1;
    }
    if (!this.same(start, bytes)) return -1;
    const stop = start + bytes.length;
    if (stop > this.end) this.#append(this.end, bytes.slice(this.end - start, bytes.length));
    return this.#dropped + Math.max(this.#indexOf(stop), 0);
  }

  /** Whether nothing else than these bytes stands from this offset on; true of what is not known. */
  same(start: number, bytes: Bytes): boolean {
    const stop = start + bytes.length;
    if (start < this.base && this.parent !== null) {
      const part = Math.min(stop, this.base) - start;
      if (!this.parent.same(start, bytes.slice(0, part))) return false;
    }
    for (let i = Math.max(this.#indexOf(start), 0); i < this.#pieces.length; i++) {
      const piece = this.#pieces[i]!;
      const from = this.#starts[i]!;
      if (from >= stop) break;
      const low = Math.max(from, start);
      const high = Math.min(from + piece.length, stop);
      if (low >= high) continue;
      if (!equal(piece.slice(low - from, high - from), bytes.slice(low - start, high - start))) return false;
    }
    return true;
  }

  /** Whether every piece after this offset is such; false where they are not known. */
  every(beyond: number, isSuch: (piece: Bytes) => boolean): boolean {
    const from = this.#indexOf(beyond + 1);
    if (from < 0 || this.#starts[from] !== beyond + 1) return false;
    return this.#pieces.slice(from).every(isSuch);
  }

  /** The index of the piece in which this offset lies or would lie. */
  #indexOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    const last = low - 1;
    if (last >= 0 && this.#starts[last]! + this.#pieces[last]!.length <= offset) return low;
    return last;
  }
}

function equal(a: Bytes, b: Bytes): boolean {
  if (a === b) return true;
  if (a instanceof Slice && b instanceof Slice && a.whole === b.whole && a.from === b.from) return true;
  return a.text() === b.text();
}
