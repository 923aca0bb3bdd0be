import type { Socket } from 'node:net';
import type { LinkSettings } from '../../sim/network/link.ts';

/** So many bytes wait in a proxy before it stops reading: the buffers of the kernels are what should fill. */
const HELD_BYTES = 64 * 1024;
/** Latencies below this are those of loopback itself. */
const LEAST_DELAY_MS = 1;
/** A link so fast that there is no queue worth making. */
const FAST_BYTES_PER_SECOND = 1_000_000_000;

/** What may travel from one end of a connection to the other. */
type Item =
  | { readonly kind: 'data'; readonly bytes: Buffer; readonly due: number }
  | { readonly kind: 'end' | 'reset'; readonly due: number };

/** One direction between two nodes: what its link does to everything that travels on it. */
export class LinkDirection {
  readonly halves = new Set<Half>();
  #cut = false;
  #settings: LinkSettings;
  /** When the line is free again, on the clock of `performance.now`. */
  #freeAt = 0;

  constructor(settings: LinkSettings) {
    this.#settings = settings;
  }

  get cut(): boolean {
    return this.#cut;
  }

  /** While it is cut, what travels is held; healed, it is handed on. */
  setCut(cut: boolean): void {
    this.#cut = cut;
    if (!cut) for (const half of [...this.halves]) half.pump();
  }

  change(settings: Partial<LinkSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  /** When something of this size that leaves now arrives. */
  arrival(bytes: number): number {
    const now = performance.now();
    const { latency, jitter, bandwidth } = this.#settings;
    const delay = (latency + Math.random() * jitter) / 1000;
    if (bandwidth >= FAST_BYTES_PER_SECOND) return delay < LEAST_DELAY_MS ? now : now + delay;
    this.#freeAt = Math.max(this.#freeAt, now) + (bytes / bandwidth) * 1000;
    return this.#freeAt + delay;
  }
}

/** One direction of one connection: from the socket that is read to the one that is written. */
export class Half {
  readonly #direction: LinkDirection;
  readonly #source: Socket;
  readonly #queue: Item[] = [];
  #target: Socket | null = null;
  #held = 0;
  #lastDue = 0;
  #timer: NodeJS.Timeout | null = null;
  #over = false;

  constructor(direction: LinkDirection, source: Socket) {
    this.#direction = direction;
    this.#source = source;
    direction.halves.add(this);
    source.on('data', (bytes) => this.#push('data', bytes));
    source.on('end', () => this.#push('end', null));
    source.on('error', () => this.#push('reset', null));
  }

  /** Where it is to be written; until then everything waits. */
  connect(target: Socket): void {
    this.#target = target;
    target.on('drain', () => this.pump());
    this.pump();
  }

  /** Hands on what is due. */
  pump(): void {
    const target = this.#target;
    if (target === null || this.#over || this.#direction.cut) return;
    const now = performance.now();
    while (this.#queue.length > 0 && target.writableLength < HELD_BYTES) {
      const item = this.#queue[0]!;
      if (item.due > now) {
        this.#wakeAt(item.due - now);
        break;
      }
      this.#queue.shift();
      this.#deliver(item, target);
    }
    if (this.#held < HELD_BYTES && this.#source.isPaused()) this.#source.resume();
  }

  stop(): void {
    this.#over = true;
    this.#direction.halves.delete(this);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #deliver(item: Item, target: Socket): void {
    if (item.kind === 'data') {
      this.#held -= item.bytes.length;
      if (!target.destroyed) target.write(item.bytes);
    } else if (item.kind === 'end') {
      target.end();
    } else {
      resetSocket(target);
      this.stop();
    }
  }

  #push(kind: Item['kind'], bytes: Buffer | null): void {
    if (this.#over) return;
    // Order within a connection is kept, whatever the jitter.
    const due = Math.max(this.#lastDue, this.#direction.arrival(bytes?.length ?? 0));
    this.#lastDue = due;
    if (kind === 'data') {
      this.#held += bytes!.length;
      this.#queue.push({ kind, bytes: bytes!, due });
      if (this.#held >= HELD_BYTES) this.#source.pause();
    } else {
      this.#queue.push({ kind, due });
    }
    this.pump();
  }

  #wakeAt(delay: number): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.pump();
    }, delay);
  }
}

/**
 * Ends a connection with a reset. One whose end was announced already is only closed: libuv cannot reset it,
 * and Node would keep its handle for ever.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded || socket.connecting) socket.destroy();
  else socket.resetAndDestroy();
}
