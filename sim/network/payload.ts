/** Bytes on a connection. The network knows how many there are and how to part them, nothing more. */
export interface Payload {
  readonly length: number;
  /** The bytes in `[from, to)`. */
  slice(from: number, to: number): Payload;
}

/** A segment of a connection that carries no bytes. They queue, get lost and are repeated like those that do. */
class Control implements Payload {
  readonly length = 0;

  slice(): Payload {
    return this;
  }
}

/** The three steps that open a connection, or the answer where nobody listens. */
export const SYN: Payload = new Control();
export const SYN_ACK: Payload = new Control();
export const ACK: Payload = new Control();
export const REFUSAL: Payload = new Control();
/** No more bytes will come. */
export const FIN: Payload = new Control();

/** Why a socket call did not work. */
export type Errno = 'ECONNREFUSED' | 'ECONNRESET' | 'ETIMEDOUT' | 'EPIPE';

/** What reading a socket gives: bytes, nothing for now, the peer's end, or an error. */
export type ReadResult = Payload | 'EAGAIN' | 'EOF' | Errno;
