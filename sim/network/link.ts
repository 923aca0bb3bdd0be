import type { RandomStream, RandomStreams } from '../kernel/random.ts';

/** How one direction between two hosts behaves. */
export interface LinkSettings {
  /** Microseconds on the way. */
  readonly latency: number;
  /** Up to so many microseconds more, drawn for each segment. */
  readonly jitter: number;
  /** The part of all packets that gets lost, 0 to 1. */
  readonly loss: number;
  /** Bytes a second. */
  readonly bandwidth: number;
}

/** The bytes that one packet carries: Ethernet's 1500 without the headers. */
const PACKET_BYTES = 1448;
const MICROS_PER_SECOND = 1_000_000;

/** How often Linux repeats a segment before it gives the connection up, how soon at first and how late at last. */
const DATA_RETRIES = 15;
const SYN_RETRIES = 6;
const DATA_TIMEOUT_MIN = 200_000;
const SYN_TIMEOUT = 1_000_000;
const TIMEOUT_MAX = 120_000_000;

/** How many packets a segment takes; one without bytes takes one as well. */
export function packetsOf(length: number): number {
  return length <= PACKET_BYTES ? 1 : Math.ceil(length / PACKET_BYTES);
}

/** One direction between two hosts: what is sent on it queues here, for all connections together. */
export class Link {
  readonly from: number;
  readonly to: number;
  /** The other direction. */
  readonly back: Link;
  settings: LinkSettings;
  /** Whether a partition cuts it, and whether the host at its end has no power. */
  cut = false;
  dark = false;
  /** Packets that met it so far, and those of them lost to a partition. */
  packetsSent = 0;
  packetsCut = 0;
  /** Until when what was sent keeps it busy, in microseconds and parts of them. */
  busyUntil = Number.NEGATIVE_INFINITY;

  readonly #streams: RandomStreams;
  readonly #name: string;
  #jitterStream: RandomStream | null = null;
  #lossStream: RandomStream | null = null;

  /** Makes both directions; the second comes by itself, as `back`. */
  constructor(
    streams: RandomStreams,
    names: readonly [string, string],
    hosts: readonly [number, number],
    settings: readonly [LinkSettings, LinkSettings],
    back?: Link,
  ) {
    this.#streams = streams;
    this.#name = `link/${names[0]}->${names[1]}`;
    this.from = hosts[0];
    this.to = hosts[1];
    this.settings = settings[0];
    this.back =
      back ?? new Link(streams, [names[1], names[0]], [hosts[1], hosts[0]], [settings[1], settings[0]], this);
  }

  /** Whether packets vanish on it. */
  get silent(): boolean {
    return this.cut || this.dark;
  }

  /** Counts packets that are sent; false where they vanish. */
  carries(packets: number): boolean {
    this.packetsSent += packets;
    if (this.cut) this.packetsCut += packets;
    return !(this.cut || this.dark);
  }

  /** Puts bytes into the queue of what is to be sent; when the last of them leaves, in microseconds. */
  departure(now: number, length: number): number {
    const begin = this.busyUntil > now ? this.busyUntil : now;
    this.busyUntil = begin + (length * MICROS_PER_SECOND) / this.settings.bandwidth;
    return this.busyUntil;
  }

  /** How long a segment is on its way, in microseconds. */
  transit(): number {
    const { latency, jitter } = this.settings;
    if (jitter <= 0) return latency;
    this.#jitterStream ??= this.#streams.stream(`${this.#name}/jitter`);
    return latency + this.#jitterStream.integer(Math.floor(jitter) + 1);
  }

  /** Whether a packet gets lost. */
  loses(): boolean {
    const { loss } = this.settings;
    if (loss <= 0) return false;
    this.#lossStream ??= this.#streams.stream(`${this.#name}/loss`);
    return this.#lossStream.next() < loss;
  }

  /**
   * How much later a segment arrives because packets of it got lost and were repeated, each time after twice
   * as long, in microseconds; `exhausted` where the last repetition was in vain, too. Acknowledgements are
   * cumulative, so that the loss of one of them delays nothing.
   */
  repetitions(packets: number, opening: boolean): { delay: number; exhausted: boolean } {
    const retries = opening ? SYN_RETRIES : DATA_RETRIES;
    let timeout = opening ? SYN_TIMEOUT : DATA_TIMEOUT_MIN + this.roundTrip();
    let delay = 0;
    let missing = packets;
    for (let attempt = 0; attempt <= retries; attempt++) {
      let lost = 0;
      for (let i = 0; i < missing; i++) if (this.loses()) lost++;
      if (attempt > 0) this.packetsSent += missing;
      if (lost === 0) return { delay, exhausted: false };
      missing = lost;
      delay += Math.min(timeout, TIMEOUT_MAX);
      timeout *= 2;
    }
    return { delay, exhausted: true };
  }

  /** Microseconds there and back, without jitter. */
  roundTrip(): number {
    return this.settings.latency + this.back.settings.latency;
  }
}
