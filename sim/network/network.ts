import { assert } from '../kernel/assert.ts';
import type { RandomStreams } from '../kernel/random.ts';
import type { Scheduler } from '../kernel/scheduler.ts';
import {
  type Address,
  BESIDE,
  FIRST_EPHEMERAL_PORT,
  LAST_EPHEMERAL_PORT,
  LOCALHOST,
  NOBODY,
  NOWHERE,
} from './address.ts';
import * as arrivals from './arrivals.ts';
import * as core from './core.ts';
import { Core, type NetworkUpcalls, release, type SegmentTap } from './core.ts';
import { End, SEGMENT_BYTES, SEND_BUFFER_BYTES } from './end.ts';
import * as faults from './faults.ts';
import type { Link, LinkSettings } from './link.ts';
import { type Errno, type Payload, type ReadResult, SYN } from './payload.ts';
import { expectRoom, openWindow, send, sendReset, sendUnsent } from './transmission.ts';

/**
 * Hosts, the links between them and TCP connections over these: sockets for the processes on the hosts, faults
 * for whoever plays fate. No call makes an upcall; what it leads to is told by events.
 *
 * An fd is used once in a run; the two ends of a connection have neighbouring ones.
 */
export class Network {
  readonly #core: Core;

  /**
   * `linkOf` gives each direction's settings at the start. The network's events have the kinds from
   * `firstEventKind` on, NETWORK_EVENT_KINDS of them. Hosts count from 0 and have `10.0.0.${host + 1}`;
   * their names stand in the names of the links' random streams.
   */
  constructor(
    scheduler: Scheduler,
    streams: RandomStreams,
    linkOf: (from: number, to: number) => LinkSettings,
    upcalls: NetworkUpcalls,
    firstEventKind: number,
    hostNames: readonly string[],
  ) {
    this.#core = new Core(scheduler, streams, linkOf, upcalls, firstEventKind, hostNames);
  }

  /** Handles an event of the network's that the scheduler handed out. */
  handle(kind: number, a: number, b: number): void {
    const end = this.#core.ends[a];
    if (end === undefined) return;
    switch (kind - this.#core.firstEventKind) {
      case core.SEGMENT:
        if (end.peer.epoch === b) arrivals.segmentArrives(this.#core, end);
        return;
      case core.RESET:
        if (end.peer.epoch === b) arrivals.resetArrives(this.#core, end);
        return;
      case core.WINDOW:
        if (end.peer.epoch === b) arrivals.windowOpens(this.#core, end);
        return;
      case core.EXHAUSTED:
        if (end.epoch === b) arrivals.retriesExhausted(this.#core, end);
        return;
      case core.READABLE:
        arrivals.readableDue(this.#core, end);
        return;
      case core.WRITABLE:
        arrivals.writableDue(this.#core, end);
        return;
      case core.CONNECT_FAILED:
        arrivals.connectFailureDue(this.#core, end);
        return;
      default:
        assert(false, 'the network was given an event that is not its own');
    }
  }

  /** Lets somebody see every segment from now on. */
  watch(tap: SegmentTap): void {
    this.#core.tap = tap;
  }

  /** Accepts connections to a port of a host, under all its addresses. */
  listen(host: number, port: number): void {
    this.#core.host(host).listening.add(port);
  }

  unlisten(host: number, port: number): void {
    this.#core.host(host).listening.delete(port);
  }

  /** Begins to connect; `connected` or `connectFailed` tells the result. An unknown ip never answers. */
  connect(host: number, ip: string, port: number): number {
    const { hosts, hostByIp } = this.#core;
    const from = this.#core.host(host);
    assert(from.powered, 'a host without power connected');
    if (ip === LOCALHOST || ip === from.ip) return this.#open(host, host, from.loopback, ip, { ip, port });
    const to = hostByIp.get(ip);
    if (to !== undefined) {
      return this.#open(host, to, this.#core.link(host, to), from.ip, { ip: hosts[to]!.ip, port });
    }
    const fd = this.#open(host, NOBODY, this.#core.void, from.ip, { ip, port });
    if (ip === NOWHERE.ip) this.#core.schedule(this.#core.now, core.CONNECT_FAILED, fd, 0);
    return fd;
  }

  /** Begins to connect a client that sits beside a host: no link, no latency. Its upcalls name host BESIDE. */
  connectLocal(host: number, port: number): number {
    const { loopback } = this.#core.host(host);
    return this.#open(BESIDE, host, loopback, LOCALHOST, { ip: LOCALHOST, port });
  }

  #open(from: number, to: number, link: Link, ip: string, target: Address): number {
    const { ends, hosts } = this.#core;
    const owner = hosts[from] ?? hosts[to]!;
    const port = owner.nextPort;
    owner.nextPort = port === LAST_EPHEMERAL_PORT ? FIRST_EPHEMERAL_PORT : port + 1;
    const client = new End(ends.length, from, { ip, port }, link, 'connecting');
    const server = new End(ends.length + 1, to, target, link.back, 'unborn', client);
    client.peer = server;
    ends.push(client, server);
    send(this.#core, client, SYN);
    return client.fd;
  }

  /** Takes at most `max` bytes that were received, in one piece. After the last, the end or, once, the error. */
  read(fd: number, max: number): ReadResult {
    const end = this.#core.heldEnd(fd);
    const result = end.read(max);
    if (end.peer.windowShut && end.state === 'established') openWindow(this.#core, end);
    return result;
  }

  /** Bytes received and not read. */
  readableBytes(fd: number): number {
    return this.#core.heldEnd(fd).receivedBytes;
  }

  /** Whether reading an fd would give anything but EAGAIN; false for one that was closed or is not watched. */
  isReadable(fd: number): boolean {
    const end = this.#core.ends[fd];
    return end?.held === true && end.watchesReadable && end.readable;
  }

  /** Whether an fd is still held by a process. */
  isOpen(fd: number): boolean {
    return this.#core.ends[fd]?.held === true;
  }

  /** Hands bytes to the send buffer: how many it took (0 where it is full, or not connected yet), or an error. */
  write(fd: number, payload: Payload): number | Errno {
    const end = this.#core.heldEnd(fd);
    if (end.state !== 'established') return end.state === 'dead' ? (end.takeError() ?? 'EPIPE') : 0;
    const room = SEND_BUFFER_BYTES - end.queuedBytes(this.#core.now);
    const taken = Math.min(payload.length, Math.max(room, 0));
    if (taken > 0) this.#enqueue(end, taken === payload.length ? payload : payload.slice(0, taken));
    if (end.watchesWritable) {
      end.writableOwed = true;
      expectRoom(this.#core, end);
    }
    return taken;
  }

  #enqueue(end: End, payload: Payload): void {
    const { length } = payload;
    if (end.unsent.length === 0 && length <= SEGMENT_BYTES && length <= end.window) {
      send(this.#core, end, payload);
      return;
    }
    end.unsent.push(payload);
    end.unsentBytes += length;
    sendUnsent(this.#core, end);
  }

  /** The pending error of a socket (SO_ERROR), cleared by asking. */
  socketError(fd: number): Errno | undefined {
    return this.#core.heldEnd(fd).takeError();
  }

  /** Gives an fd back: a FIN after what is still to be sent, or RST where received bytes were not read. */
  close(fd: number): void {
    this.#close(this.#core.heldEnd(fd));
  }

  #close(end: End): void {
    const { peer } = end;
    end.held = false;
    if (end.state === 'connecting') {
      end.die(this.#core.now);
      if (peer.state !== 'dead') peer.die(this.#core.now);
    } else if (end.state === 'established' && end.receivedBytes > 0) {
      end.die(this.#core.now);
      sendReset(this.#core, end);
    } else if (end.state === 'established') {
      end.finQueued = true;
      sendUnsent(this.#core, end);
    }
    release(this.#core, end);
  }

  /**
   * Asks for a `writable` as soon as a third of the send buffer is free (Linux's rule), and for the next one
   * with each write, until it is ended: as often as poll(2) would tell a process that does something about it.
   * Asking again asks for another. A connecting socket gets `connected` instead.
   */
  watchWritable(fd: number, on: boolean): void {
    const end = this.#core.heldEnd(fd);
    end.watchesWritable = on;
    end.writableOwed = on;
    if (on) expectRoom(this.#core, end);
  }

  /** Asks for a `readable` whenever something arrives, and for one now if something waits. On at first. */
  watchReadable(fd: number, on: boolean): void {
    const end = this.#core.heldEnd(fd);
    end.watchesReadable = on;
    if (!on || !end.readable || end.readableScheduled) return;
    end.readableScheduled = true;
    this.#core.schedule(this.#core.now, core.READABLE, fd, 0);
  }

  /** Whether the kernel still knows of another end: not once the connection was reset or given up. */
  hasPeer(fd: number): boolean {
    return this.#core.heldEnd(fd).state !== 'dead';
  }

  /** The address of the other end. */
  peer(fd: number): Address {
    return this.#core.heldEnd(fd).peer.address;
  }

  /** The address of this end. */
  local(fd: number): Address {
    return this.#core.heldEnd(fd).address;
  }

  /** A host's process ended: its kernel closes its sockets and listens no more. */
  closeAll(host: number): void {
    this.#core.host(host).listening.clear();
    for (const end of this.#core.ends) {
      if (end?.host !== host) continue;
      if (end.held) this.#close(end);
      else if (end.state === 'accepting') {
        end.die(this.#core.now);
        faults.reopen(this.#core, end);
        release(this.#core, end);
      }
    }
  }

  /** The machine dies: silence, also towards those that are connected to it. */
  powerOff(host: number): void {
    faults.powerOff(this.#core, host);
  }

  /** The machine is back and knows no connection: what is repeated to it is answered by RST. */
  powerOn(host: number): void {
    faults.powerOn(this.#core, host);
  }

  /** Packets from one host to another vanish until `heal`. */
  partition(from: number, to: number): void {
    faults.partition(this.#core, from, to);
  }

  /** False where that direction was not cut. Both ends send again at once what was lost. */
  heal(from: number, to: number): boolean {
    return faults.heal(this.#core, from, to);
  }

  /** Resets every open connection between two hosts at both ends; how many there were. */
  reset(a: number, b: number): number {
    return faults.reset(this.#core, a, b);
  }

  /** Changes a direction from now on: what is queued on it leaves at the new pace. Loopbacks stay as they are. */
  setLink(from: number, to: number, settings: Partial<LinkSettings>): void {
    faults.setLink(this.#core, from, to, settings);
  }

  /** Packets that met a direction so far, acknowledgements included, and those a partition swallowed. */
  packets(from: number, to: number): { sent: number; cut: number } {
    const link = this.#core.link(from, to);
    return { sent: link.packetsSent, cut: link.packetsCut };
  }
}
