import { assert } from '../kernel/assert.ts';
import { CONNECT_FAILED, type Core, READABLE, release, SEGMENT } from './core.ts';
import type { End } from './end.ts';
import { type Link, type LinkSettings, packetsOf } from './link.ts';
import { SYN } from './payload.ts';
import { acknowledgeAt, expectRoom, relaunch, send, sendReset, updateWindow } from './transmission.ts';

/** From now on packets of this direction vanish, those on their way included. A loopback cannot be cut. */
export function partition(core: Core, from: number, to: number): void {
  const link = core.link(from, to);
  if (from === to || link.cut) return;
  link.cut = true;
  for (const end of core.ends) {
    if (end?.link === link) link.packetsCut += loseFlight(end);
    else if (end?.peer.link === link) link.packetsCut += loseAcks(core, end);
  }
}

/** What is in flight is lost; its sender keeps it to send it again, if it lives. How many packets that were. */
function loseFlight(end: End): number {
  let packets = 0;
  for (let i = 0; i < end.flight.length; i++) {
    if (end.flightTimes.first(i) !== Number.POSITIVE_INFINITY) packets += packetsOf(end.flight.at(i).length);
    end.flightTimes.set(i, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  }
  end.epoch++;
  end.lastArrival = Number.NEGATIVE_INFINITY;
  if (end.state === 'dead') end.keepFlight(0);
  return packets;
}

/** The acknowledgements on their way to an end are lost, and the word that its peer's window is open. */
function loseAcks(core: Core, end: End): number {
  end.queuedBytes(core.now);
  let packets = end.acks.length;
  end.acks.truncate(0);
  end.lostAckBytes += end.ackBytes;
  end.ackBytes = 0;
  if (end.windowUpdate === 'coming') {
    end.windowUpdate = 'lost';
    packets++;
  }
  return packets;
}

/** Ends the partition of a direction; false where there was none. What was lost is sent again at once. */
export function heal(core: Core, from: number, to: number): boolean {
  const link = core.link(from, to);
  if (!link.cut) return false;
  link.cut = false;
  if (!link.dark) resume(core, link);
  return true;
}

/** What was lost on a link is sent again: segments, acknowledgements, windows. */
function resume(core: Core, link: Link): void {
  for (const end of core.ends) {
    if (end?.link === link) relaunch(core, end);
    else if (end?.peer.link === link) resumeAcks(core, end);
  }
}

/** The sender repeats what it has no acknowledgement of, or asks after the window, and is answered. */
function resumeAcks(core: Core, end: End): void {
  const { peer, lostAckBytes } = end;
  if (peer.state === 'dead') {
    if (end.state === 'established' && (lostAckBytes > 0 || end.windowShut)) sendReset(core, peer);
    return;
  }
  if (lostAckBytes > 0 && peer.link.carries(1)) {
    end.lostAckBytes = 0;
    acknowledgeAt(core, end, core.now + end.link.roundTrip(), lostAckBytes);
  }
  if (end.windowUpdate === 'lost') updateWindow(core, peer);
}

/** Changes a direction from now on. What has left is on its way as it was; what is queued leaves at the new pace. */
export function setLink(core: Core, from: number, to: number, settings: Partial<LinkSettings>): void {
  if (from === to) return;
  const link = core.link(from, to);
  const { bandwidth } = link.settings;
  link.settings = { ...link.settings, ...settings };
  const pace = bandwidth / link.settings.bandwidth;
  if (pace === 1 || link.busyUntil <= core.now) return;
  link.busyUntil = core.now + (link.busyUntil - core.now) * pace;
  for (const end of core.ends) if (end?.link === link) requeue(core, end, pace);
}

/** Segments that have not left yet leave so much later; the events of their former arrivals find nothing to do. */
function requeue(core: Core, end: End, pace: number): void {
  const { flightTimes: times } = end;
  let arrival = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < times.length; i++) {
    const departure = times.first(i);
    const transit = times.second(i) - departure;
    if (departure <= core.now || departure === Number.POSITIVE_INFINITY) {
      arrival = times.second(i);
      continue;
    }
    const leaves = core.now + (departure - core.now) * pace;
    arrival = Math.max(arrival, leaves + transit);
    times.set(i, leaves, arrival);
    if (arrival !== Number.POSITIVE_INFINITY) core.schedule(arrival, SEGMENT, end.peer.fd, end.epoch);
  }
  if (times.length > 0) end.lastArrival = arrival;
}

/**
 * Resets every connection between two hosts at both ends at once. What is on its way is lost, what was
 * received can still be read, then comes the error. How many connections that were.
 */
export function reset(core: Core, a: number, b: number): number {
  if (a === b) return 0;
  let count = 0;
  for (const end of core.ends) {
    if (end === undefined || !joins(end, a, b)) continue;
    const { peer } = end;
    if (isOpen(end) || isOpen(peer)) count++;
    end.keepFlight(0);
    peer.keepFlight(0);
    abort(core, end);
    abort(core, peer);
    release(core, end);
  }
  return count;
}

/** Whether it is the first end of a connection between two hosts, in either direction. */
function joins(end: End, a: number, b: number): boolean {
  if (end.fd % 2 !== 0) return false;
  return (end.host === a && end.peer.host === b) || (end.host === b && end.peer.host === a);
}

/** Whether a process holds it and no fault has ended it; one that is connecting hears of that by an event. */
function isOpen(end: End): boolean {
  return end.held && end.state !== 'dead' && end.error === undefined;
}

function abort(core: Core, end: End): void {
  if (end.state === 'connecting') {
    if (end.error !== undefined) return;
    end.error = 'ECONNRESET';
    core.schedule(core.now, CONNECT_FAILED, end.fd, 0);
  } else if (end.state !== 'dead') {
    end.die(core.now, end.finReceived ? 'EPIPE' : 'ECONNRESET');
    if (!end.held) return;
    core.schedule(core.now, READABLE, end.fd, 0);
    end.writableOwed = end.watchesWritable;
    expectRoom(core, end);
  }
}

/** The machine dies: nobody is told, and what is sent to it vanishes. What has left it is on its way still. */
export function powerOff(core: Core, host: number): void {
  const machine = core.host(host);
  assert(machine.powered, 'a host without power lost it');
  machine.powered = false;
  machine.listening.clear();
  setDark(core, host, true);
  for (const end of core.ends) {
    if (end !== undefined && end.peer.host === host && end.host !== host) loseFlight(end);
  }
  for (const end of core.ends) {
    if (end?.host !== host || end.state === 'unborn') continue;
    end.held = false;
    if (end.state !== 'dead') {
      end.vanish(core.now);
      reopen(core, end);
    }
    release(core, end);
  }
}

/** The machine is there again, with none of its connections: whoever repeats something to it is told so. */
export function powerOn(core: Core, host: number): void {
  const machine = core.host(host);
  assert(!machine.powered, 'a host with power was given it');
  machine.powered = true;
  setDark(core, host, false);
  for (const end of core.ends) {
    if (end === undefined || end.peer.host !== host || end.link.cut) continue;
    relaunch(core, end);
    if (!end.peer.link.cut) resumeAcks(core, end);
  }
}

function setDark(core: Core, host: number, dark: boolean): void {
  for (let from = 0; from < core.hosts.length; from++) core.link(from, host).dark = dark;
}

/** A handshake at an end that was just forgotten begins anew, if no answer to it is on its way. */
export function reopen(core: Core, end: End): void {
  if (end.state !== 'dead' || end.flight.length > 0 || end.peer.state !== 'connecting') return;
  end.state = 'unborn';
  send(core, end.peer, SYN);
}
