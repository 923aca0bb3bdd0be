import { BESIDE, NOBODY } from '../../sim/network/address.ts';
import type { SegmentTap } from '../../sim/network/core.ts';
import type { End } from '../../sim/network/end.ts';
import { Conversation, type RdbPart, rdbText } from './message.ts';
import type { Instant, SentMessage, TraceTables, Way } from './tables.ts';
import { LOST, NO_NODE, UNDER_WAY } from './trace.ts';

interface Flight {
  readonly message: SentMessage;
  /** When it is to arrive, in microseconds. */
  readonly arrival: number;
}

interface RdbPiece {
  readonly message: SentMessage;
  part: RdbPart;
  /** When its first segment was sent, in microseconds. */
  readonly at: number;
}

/** Segments of an RDB are one message for so long. */
const RDB_PIECE = 250_000;

/** Writes every segment that goes over the network into the trace, and what became of it. */
export class SegmentRecorder implements SegmentTap {
  readonly #tables: TraceTables;
  readonly #now: () => Instant;
  readonly #conversations = new Map<number, Conversation>();
  /** By fd: the segments in flight, in order. */
  readonly #inFlight = new Map<number, Flight[]>();
  /** By fd: the piece of an RDB that was sent last. */
  readonly #rdbs = new Map<number, RdbPiece>();
  /** By fd: the reset that ends the connection. */
  readonly #resets = new Map<number, Flight>();

  constructor(tables: TraceTables, now: () => Instant) {
    this.#tables = tables;
    this.#now = now;
  }

  launched(sender: End, index: number, arrival: number): void {
    if (isNobodys(sender)) return;
    const flight = flightOf(this.#inFlight, sender);
    const before = flight[index];
    if (before !== undefined) before.message.arrival = LOST;
    const segment = sender.flight.at(index);
    const { kind, text, rdb } = this.#conversation(sender).tell(segment, isOpener(sender));
    const again = before !== undefined;
    let message = rdb === undefined || again ? null : this.#goesOn(sender, rdb);
    if (message === null) {
      const told = again ? `${text} (sent again)` : text;
      message = this.#tables.message(this.#now(), kind, wayFrom(sender), segment.length, told);
      if (rdb !== undefined) this.#rdbs.set(sender.fd, { message, part: rdb, at: this.#now().at });
    }
    flight[index] = { message, arrival };
    if (arrival === Number.POSITIVE_INFINITY) message.arrival = LOST;
  }

  arrived(sender: End): void {
    const first = this.#inFlight.get(sender.fd)?.shift();
    if (first !== undefined) first.message.arrival = this.#now();
  }

  /** Each segment that reaches a dead end causes a reset; those after the first find nobody to tell. */
  reset(sender: End, arrival: number | null): void {
    if (isNobodys(sender) || this.#resets.has(sender.fd)) return;
    const message = this.#tables.message(this.#now(), 'close', wayFrom(sender), 0, 'RST: reset');
    if (arrival === null) message.arrival = LOST;
    else this.#resets.set(sender.fd, { message, arrival });
  }

  resetArrived(sender: End): void {
    const reset = this.#resets.get(sender.fd);
    if (reset !== undefined && reset.message.arrival === UNDER_WAY) reset.message.arrival = this.#now();
  }

  /** A direction was cut: what is on its way there gets lost. */
  cut(from: number, to: number): void {
    for (const { message } of this.#underWay()) {
      if (message.node === from && message.peer === to) message.arrival = LOST;
    }
  }

  /** The run is over: what should have arrived by now was dropped unseen. */
  end(): void {
    const { at } = this.#now();
    for (const { message } of this.#resets.values()) {
      if (message.arrival === UNDER_WAY) message.text += ', and nobody is left to read it';
    }
    for (const { message, arrival } of this.#underWay()) if (arrival <= at) message.arrival = LOST;
  }

  /** An RDB goes over the network in many segments; what follows soon upon a piece counts to it. */
  #goesOn({ fd }: End, { to, from }: RdbPart): SentMessage | null {
    const last = this.#rdbs.get(fd);
    if (last === undefined || last.part.to !== from || this.#now().at - last.at > RDB_PIECE) return null;
    last.part = { ...last.part, to };
    last.message.bytes += to - from;
    last.message.text = rdbText(last.part);
    return last.message;
  }

  #underWay(): Flight[] {
    const resets = [...this.#resets.values()].filter(({ message }) => message.arrival === UNDER_WAY);
    return [...[...this.#inFlight.values()].flat(), ...resets];
  }

  #conversation(end: End): Conversation {
    const opener = isOpener(end) ? end : end.peer;
    const known = this.#conversations.get(opener.fd);
    if (known !== undefined) return known;
    const conversation = new Conversation(opener.host === BESIDE);
    this.#conversations.set(opener.fd, conversation);
    return conversation;
  }
}

function flightOf(flights: Map<number, Flight[]>, { fd }: End): Flight[] {
  const known = flights.get(fd);
  if (known !== undefined) return known;
  const flight: Flight[] = [];
  flights.set(fd, flight);
  return flight;
}

/** The end that connected has the first of a pair of neighbouring fds. */
function isOpener({ fd }: End): boolean {
  return fd % 2 === 0;
}

function isNobodys({ host, peer }: End): boolean {
  return host === NOBODY || peer.host === NOBODY;
}

function wayFrom({ host, peer }: End): Way {
  return { from: host === BESIDE ? NO_NODE : host, to: peer.host === BESIDE ? NO_NODE : peer.host };
}
