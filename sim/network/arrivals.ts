import { assert } from '../kernel/assert.ts';
import { type Core, release } from './core.ts';
import type { End } from './end.ts';
import { ACK, type Errno, FIN, type Payload, REFUSAL, SYN, SYN_ACK } from './payload.ts';
import { acknowledge, expectRoom, send, sendReset, sendUnsent } from './transmission.ts';

/** Times are parts of microseconds, events come at the nearest whole one. */
const HALF = 0.5;

/** The next segment of a connection reaches an end. */
export function segmentArrives(core: Core, end: End): void {
  const sender = end.peer;
  if (sender.flight.length === 0) return;
  // It is still queued: a link that changed its pace has made its arrival another.
  if (sender.flightTimes.second(0) >= core.now + HALF) return;
  const segment = sender.flight.shift();
  sender.flightTimes.shift();
  core.tap?.arrived(sender);
  const { length } = segment;
  if (length === 0) {
    controlArrives(core, end, segment);
    return;
  }
  sender.flightBytes -= length;
  if (!end.held || end.state !== 'established') {
    refuseBytes(core, end);
    return;
  }
  end.received.push(segment);
  end.receivedBytes += length;
  acknowledge(core, sender, length);
  tellReadable(core, end);
}

/** Bytes for an end that nobody will read from: the kernel answers RST and forgets it. */
function refuseBytes(core: Core, end: End): void {
  if (end.state !== 'dead') end.die(core.now);
  sendReset(core, end);
  release(core, end);
}

function controlArrives(core: Core, end: End, segment: Payload): void {
  if (segment === SYN) synArrives(core, end);
  else if (segment === SYN_ACK) synAckArrives(core, end);
  else if (segment === REFUSAL) refusalArrives(core, end);
  else if (segment === ACK) ackArrives(core, end);
  else if (segment === FIN) finArrives(core, end);
  else assert(false, 'a segment without bytes was sent');
}

function synArrives(core: Core, end: End): void {
  const listens = core.host(end.host).listening.has(end.address.port);
  end.state = listens ? 'accepting' : 'refusing';
  send(core, end, listens ? SYN_ACK : REFUSAL);
}

function synAckArrives(core: Core, end: End): void {
  if (end.state !== 'connecting') {
    refuseBytes(core, end);
    return;
  }
  end.state = 'established';
  send(core, end, ACK);
  core.upcalls.connected(end.host, end.fd);
}

function refusalArrives(core: Core, end: End): void {
  end.peer.state = 'dead';
  if (end.state === 'connecting') connectFails(core, end, 'ECONNREFUSED');
}

/** The server's kernel accepts, unless its process ended meanwhile. */
function ackArrives(core: Core, end: End): void {
  if (end.state === 'accepting' && core.host(end.host).listening.has(end.address.port)) {
    end.state = 'established';
    end.held = true;
    core.upcalls.accepted(end.host, end.fd);
  } else {
    refuseBytes(core, end);
  }
}

function finArrives(core: Core, end: End): void {
  if (end.state !== 'established') {
    sendReset(core, end);
    return;
  }
  end.finReceived = true;
  if (end.held) tellReadable(core, end);
}

/** A RST reaches an end. What it received before stays readable. */
export function resetArrives(core: Core, end: End): void {
  core.tap?.resetArrived(end.peer);
  if (end.state === 'dead') return;
  end.peer.keepFlight(0);
  fail(core, end, end.finReceived ? 'EPIPE' : 'ECONNRESET');
}

/** The last repetition of an end's segment got no answer. The other end learns nothing of it. */
export function retriesExhausted(core: Core, end: End): void {
  const { peer } = end;
  if (peer.state === 'connecting') fail(core, peer, 'ETIMEDOUT');
  end.keepFlight(0);
  fail(core, end, 'ETIMEDOUT');
}

/** An end's kernel gives a connection up and tells the process that holds it. */
function fail(core: Core, end: End, errno: Errno): void {
  if (end.state === 'connecting') {
    connectFails(core, end, errno === 'ETIMEDOUT' ? errno : 'ECONNREFUSED');
    return;
  }
  end.die(core.now, errno);
  if (end.held) {
    tellReadable(core, end);
    if (end.watchesWritable && end.held) tellWritable(core, end);
  }
  release(core, end);
}

/** A connect that never left its host, or that a fault ended, is told of it. */
export function connectFailureDue(core: Core, end: End): void {
  if (end.held && end.state === 'connecting') connectFails(core, end, end.error ?? 'ECONNREFUSED');
}

function connectFails(core: Core, end: End, errno: Errno): void {
  end.die(core.now, errno);
  core.upcalls.connectFailed(end.host, end.fd, errno);
}

/** The word that a peer's window is open reaches the sender. */
export function windowOpens(core: Core, end: End): void {
  end.windowUpdate = 'none';
  end.windowShut = false;
  sendUnsent(core, end);
}

/** It is time to look whether a process can be told that it may read, or write. */
export function readableDue(core: Core, end: End): void {
  end.readableScheduled = false;
  if (end.held && end.readable) tellReadable(core, end);
}

export function writableDue(core: Core, end: End): void {
  end.writableScheduled = false;
  if (!end.held || !end.writableOwed) return;
  if (end.writable(core.now)) tellWritable(core, end);
  else expectRoom(core, end);
}

function tellWritable(core: Core, end: End): void {
  end.writableOwed = false;
  core.upcalls.writable(end.host, end.fd);
}

function tellReadable(core: Core, end: End): void {
  if (end.watchesReadable) core.upcalls.readable(end.host, end.fd);
}
