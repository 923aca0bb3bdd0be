import type { Address } from './address.ts';
import { Fifo } from './fifo.ts';
import type { Link } from './link.ts';
import { PairFifo } from './pair-fifo.ts';
import type { Errno, Payload, ReadResult } from './payload.ts';

/** What Linux's buffers grow to by themselves (the maxima of tcp_wmem and tcp_rmem). */
export const SEND_BUFFER_BYTES = 4 * 1024 * 1024;
export const RECEIVE_BUFFER_BYTES = 6 * 1024 * 1024;
/** The longest piece that is sent and acknowledged as one. */
export const SEGMENT_BYTES = 64 * 1024;

/**
 * Where one end of a connection stands: the server's is `unborn` until a SYN reaches it and `refusing` after
 * one reached no listener. A `dead` one is unknown to its kernel, though a process may hold its fd still.
 */
export type EndState = 'unborn' | 'connecting' | 'accepting' | 'refusing' | 'established' | 'dead';

/** One end of a connection: a socket, with the bytes it sends and those it received. */
export class End {
  readonly fd: number;
  /** The host it is on, or BESIDE. */
  readonly host: number;
  readonly address: Address;
  peer: End;
  /** What its segments travel on. */
  readonly link: Link;
  state: EndState;
  /** Whether a process holds its fd. */
  held: boolean;
  /** SO_ERROR. */
  error: Errno | undefined = undefined;

  watchesReadable = true;
  watchesWritable = false;
  /** Whether it was asked for writability (or written to while watched) and that was not told yet. */
  writableOwed = false;
  /** Whether an event is on its way that will tell. */
  readableScheduled = false;
  writableScheduled = false;

  /** Bytes received and not read, then the peer's FIN. */
  readonly received = new Fifo<Payload>();
  receivedBytes = 0;
  finReceived = false;

  /** Bytes that wait for the peer's window; a FIN waits behind them. */
  readonly unsent = new Fifo<Payload>();
  unsentBytes = 0;
  finQueued = false;
  finSent = false;
  /** Whether it waits for the window to open, and what became of the word that it did. */
  windowShut = false;
  windowUpdate: 'none' | 'coming' | 'lost' = 'none';

  /** Segments sent and not arrived, each with its departure and its arrival in `flightTimes`. */
  readonly flight = new Fifo<Payload>();
  readonly flightTimes = new PairFifo();
  flightBytes = 0;
  lastArrival = Number.NEGATIVE_INFINITY;
  /** Counts the times that everything in flight was lost: what was scheduled before is void. */
  epoch = 0;

  /** Acknowledgements on their way back: arrival and bytes. Lost ones are repeated when a partition heals. */
  readonly acks = new PairFifo();
  ackBytes = 0;
  lostAckBytes = 0;

  constructor(fd: number, host: number, address: Address, link: Link, state: EndState, peer?: End) {
    this.fd = fd;
    this.host = host;
    this.address = address;
    this.link = link;
    this.state = state;
    this.held = state === 'connecting';
    this.peer = peer ?? this;
  }

  /** Whether reading would give anything but EAGAIN. */
  get readable(): boolean {
    return this.receivedBytes > 0 || this.finReceived || this.state === 'dead';
  }

  /** Whether poll(2) would call it writable: a third of its buffer is free, or an error waits. */
  writable(now: number): boolean {
    if (this.state !== 'established') return this.state === 'dead';
    return 3 * this.queuedBytes(now) <= 2 * SEND_BUFFER_BYTES;
  }

  /** Bytes that take up the send buffer: all that are not known to have arrived. */
  queuedBytes(now: number): number {
    const { acks } = this;
    while (acks.length > 0 && acks.first(0) <= now) {
      this.ackBytes -= acks.second(0);
      acks.shift();
    }
    return this.unackedBytes + this.ackBytes;
  }

  /** Bytes that have not arrived, and those whose acknowledgement a partition swallowed. */
  get unackedBytes(): number {
    return this.unsentBytes + this.flightBytes + this.lostAckBytes;
  }

  /** Bytes that the peer still has room for. */
  get window(): number {
    return RECEIVE_BUFFER_BYTES - this.peer.receivedBytes - this.flightBytes;
  }

  /** Takes at most `max` bytes, of the oldest piece only. As Linux: bytes, then EOF, then the error, once. */
  read(max: number): ReadResult {
    if (this.receivedBytes > 0) {
      const { received } = this;
      const piece = received.at(0);
      if (piece.length <= max) {
        received.shift();
        this.receivedBytes -= piece.length;
        return piece;
      }
      received.set(0, piece.slice(max, piece.length));
      this.receivedBytes -= max;
      return piece.slice(0, max);
    }
    if (this.finReceived) return 'EOF';
    if (this.error !== undefined) return this.takeError()!;
    return this.state === 'dead' ? 'EOF' : 'EAGAIN';
  }

  /** SO_ERROR, cleared by asking. */
  takeError(): Errno | undefined {
    const { error } = this;
    this.error = undefined;
    return error;
  }

  /**
   * The kernel forgets the connection: what waits is dropped, what was lost is not sent again. Segments that it
   * has handed to the link travel on.
   */
  die(now: number, error?: Errno): void {
    this.error = this.held ? error : undefined;
    this.vanish(Math.max(now, this.link.busyUntil));
  }

  /** The connection is forgotten, and with it every segment that has not left by a time. */
  vanish(time: number): void {
    this.state = 'dead';
    this.unsent.truncate(0);
    this.unsentBytes = 0;
    this.windowShut = false;
    let left = 0;
    while (left < this.flightTimes.length && this.flightTimes.first(left) <= time) left++;
    this.keepFlight(left);
  }

  /** Forgets all segments in flight but so many from the front. */
  keepFlight(count: number): void {
    if (count < this.flight.length) {
      for (let i = count; i < this.flight.length; i++) this.flightBytes -= this.flight.at(i).length;
      this.flight.truncate(count);
      this.flightTimes.truncate(count);
      this.lastArrival = count === 0 ? Number.NEGATIVE_INFINITY : this.flightTimes.second(count - 1);
    }
    if (count === 0) this.epoch++;
  }
}
