import { assert } from '../kernel/assert.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { Scheduler } from '../kernel/scheduler.ts';
import { FIRST_EPHEMERAL_PORT, hostIp, NOBODY } from './address.ts';
import type { End } from './end.ts';
import { Link, type LinkSettings } from './link.ts';
import type { Errno } from './payload.ts';

/** What the network tells the processes, always from within one of its events. BESIDE stands for a client. */
export interface NetworkUpcalls {
  /** The kernel of a listening host has a new connection. */
  accepted(host: number, fd: number): void;
  /** A connect came about, or did not; `socketError` still gives the reason once. */
  connected(host: number, fd: number): void;
  connectFailed(host: number, fd: number, errno: Errno): void;
  /** Bytes, the peer's end or an error arrived, or wait and were asked for. */
  readable(host: number, fd: number): void;
  /** There is room in the send buffer, or an error. */
  writable(host: number, fd: number): void;
}

/**
 * Whoever wants to see every segment on its way. An end's segments in flight are told by their place among them: one
 * that is put on the link again was lost, and so were all behind one that never arrives.
 */
export interface SegmentTap {
  /** `arrival` is in microseconds, and Infinity for one that vanishes. */
  launched(sender: End, index: number, arrival: number): void;
  /** The first in flight reached the other end. */
  arrived(sender: End): void;
  /** A RST, of which nothing is in flight; null where it got lost at once. */
  reset(sender: End, arrival: number | null): void;
  resetArrived(sender: End): void;
}

/** The network's events, counted from its first kind. `a` is an fd, `b` the epoch of the end that sent it. */
export const SEGMENT = 0;
export const RESET = 1;
export const WINDOW = 2;
export const EXHAUSTED = 3;
export const READABLE = 4;
export const WRITABLE = 5;
export const CONNECT_FAILED = 6;
/** How many kinds of events the network takes. */
export const NETWORK_EVENT_KINDS = 7;

/** A machine on the network. */
export interface Host {
  readonly name: string;
  readonly ip: string;
  powered: boolean;
  readonly listening: Set<number>;
  nextPort: number;
  /** To itself and to the clients beside it; faults do not touch it. */
  readonly loopback: Link;
}

const LOOPBACK: LinkSettings = { latency: 0, jitter: 0, loss: 0, bandwidth: Number.POSITIVE_INFINITY };

/** What all parts of the network share: hosts, links and the ends of connections by their fd. */
export class Core {
  readonly scheduler: Scheduler;
  readonly upcalls: NetworkUpcalls;
  readonly firstEventKind: number;
  readonly hosts: readonly Host[];
  readonly hostByIp = new Map<string, number>();
  /** By fd; an undefined one is of no more consequence. */
  readonly ends: (End | undefined)[] = [];
  tap: SegmentTap | null = null;
  /** Where segments to unknown addresses go. */
  readonly void: Link;
  readonly #links: Link[] = [];

  constructor(
    scheduler: Scheduler,
    streams: RandomStreams,
    linkOf: (from: number, to: number) => LinkSettings,
    upcalls: NetworkUpcalls,
    firstEventKind: number,
    hostNames: readonly string[],
  ) {
    this.scheduler = scheduler;
    this.upcalls = upcalls;
    this.firstEventKind = firstEventKind;
    this.void = new Link(streams, ['', ''], [NOBODY, NOBODY], [LOOPBACK, LOOPBACK]);
    this.void.dark = true;
    this.hosts = hostNames.map((name, host) => ({
      name,
      ip: hostIp(host),
      powered: true,
      listening: new Set(),
      nextPort: FIRST_EPHEMERAL_PORT,
      loopback: new Link(streams, [name, name], [host, host], [LOOPBACK, LOOPBACK]),
    }));
    for (const [a, host] of this.hosts.entries()) {
      this.hostByIp.set(host.ip, a);
      this.#links[a * hostNames.length + a] = host.loopback;
      for (let b = a + 1; b < hostNames.length; b++) {
        const names = [host.name, this.hosts[b]!.name] as const;
        const link = new Link(streams, names, [a, b], [linkOf(a, b), linkOf(b, a)]);
        this.#links[a * hostNames.length + b] = link;
        this.#links[b * hostNames.length + a] = link.back;
      }
    }
  }

  get now(): number {
    return this.scheduler.now;
  }

  host(host: number): Host {
    const found = this.hosts[host];
    assert(found !== undefined, 'there is no such host');
    return found;
  }

  link(from: number, to: number): Link {
    assert(this.hosts[from] !== undefined && this.hosts[to] !== undefined, 'there is no such link');
    return this.#links[from * this.hosts.length + to]!;
  }

  /** The end whose fd a process holds. */
  heldEnd(fd: number): End {
    const end = this.ends[fd];
    assert(end?.held === true, 'a process used a file descriptor that it does not hold');
    return end;
  }

  /** Adds an event of the network's at a time in microseconds, rounded to whole ones. */
  schedule(time: number, event: number, fd: number, epoch: number): void {
    this.scheduler.schedule(Math.round(time), this.firstEventKind + event, fd, epoch);
  }
}

/** Forgets a connection that no process can notice any more. */
export function release(core: Core, end: End): void {
  const { peer } = end;
  if (end.held || peer.held || end.state === 'accepting' || peer.state === 'accepting') return;
  core.ends[end.fd] = undefined;
  core.ends[peer.fd] = undefined;
}
