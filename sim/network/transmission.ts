import { type Core, EXHAUSTED, RESET, SEGMENT, WINDOW, WRITABLE } from './core.ts';
import { type End, SEGMENT_BYTES, SEND_BUFFER_BYTES } from './end.ts';
import { packetsOf } from './link.ts';
import { ACK, FIN, type Payload } from './payload.ts';

/** Sends what waits and fits the peer's window, and a FIN after the last byte. */
export function sendUnsent(core: Core, end: End): void {
  const { unsent } = end;
  while (unsent.length > 0 && !end.windowShut) {
    const room = Math.min(end.window, SEGMENT_BYTES);
    if (room <= 0) {
      end.windowShut = true;
      return;
    }
    let segment = unsent.at(0);
    if (segment.length <= room) {
      unsent.shift();
    } else {
      unsent.set(0, segment.slice(room, segment.length));
      segment = segment.slice(0, room);
    }
    end.unsentBytes -= segment.length;
    send(core, end, segment);
  }
  if (end.finQueued && !end.finSent && unsent.length === 0) {
    end.finSent = true;
    send(core, end, FIN);
  }
}

/** Sends a segment; it stays in flight until it arrives. */
export function send(core: Core, end: End, segment: Payload): void {
  end.flight.push(segment);
  end.flightTimes.push(0, 0);
  end.flightBytes += segment.length;
  launch(core, end, end.flight.length - 1);
}

/** Puts a segment in flight on the link, for the first time or once more. */
export function launch(core: Core, end: End, index: number): void {
  const { link } = end;
  const { now } = core;
  const segment = end.flight.at(index);
  const packets = packetsOf(segment.length);
  if (!link.carries(packets)) {
    neverArrives(core, end, index);
    return;
  }
  let departure = link.departure(now, segment.length);
  if (link.settings.loss > 0) {
    const opening = segment.length === 0 && segment !== FIN && segment !== ACK;
    const { delay, exhausted } = link.repetitions(packets, opening);
    departure += delay;
    if (exhausted) {
      core.schedule(departure, EXHAUSTED, end.fd, end.epoch);
      neverArrives(core, end, index);
      end.lastArrival = Number.POSITIVE_INFINITY;
      return;
    }
  }
  const arrival = Math.max(end.lastArrival, departure + link.transit());
  end.flightTimes.set(index, departure, arrival);
  end.lastArrival = arrival;
  core.tap?.launched(end, index, arrival);
  // Nothing arrives that was sent after what never does.
  if (arrival !== Number.POSITIVE_INFINITY) core.schedule(arrival, SEGMENT, end.peer.fd, end.epoch);
}

function neverArrives(core: Core, end: End, index: number): void {
  end.flightTimes.set(index, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  core.tap?.launched(end, index, Number.POSITIVE_INFINITY);
}

/** Sends what is in flight once more, from its beginning. */
export function relaunch(core: Core, end: End): void {
  end.lastArrival = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < end.flight.length; i++) launch(core, end, i);
}

/** Tells the peer that the connection is no more. Nobody repeats that if it gets lost. */
export function sendReset(core: Core, end: End): void {
  const { link, peer } = end;
  if (!link.carries(1) || link.loses()) {
    core.tap?.reset(end, null);
    return;
  }
  const arrival = Math.max(end.lastArrival, link.departure(core.now, 0) + link.transit());
  core.tap?.reset(end, arrival);
  if (arrival !== Number.POSITIVE_INFINITY) core.schedule(arrival, RESET, peer.fd, end.epoch);
}

/** The receiver's kernel acknowledges bytes that arrived: room in the sender's buffer, once that is back. */
export function acknowledge(core: Core, sender: End, bytes: number): void {
  const { link } = sender.peer;
  if (!link.carries(1)) {
    sender.lostAckBytes += bytes;
    return;
  }
  acknowledgeAt(core, sender, core.now + link.settings.latency, bytes);
}

/** An acknowledgement will be back at a time in microseconds. */
export function acknowledgeAt(core: Core, sender: End, time: number, bytes: number): void {
  const { acks } = sender;
  // Whoever only receives from now on would never look at those that came back.
  sender.queuedBytes(core.now);
  const last = acks.length === 0 ? time : Math.max(time, acks.first(acks.length - 1));
  acks.push(last, bytes);
  sender.ackBytes += bytes;
  expectRoom(core, sender);
}

/** Schedules the word of writability, if it is owed and the acknowledgements on their way will make room. */
export function expectRoom(core: Core, end: End): void {
  if (!end.writableOwed || end.writableScheduled) return;
  if (end.writable(core.now)) {
    scheduleWritable(core, end, core.now);
  } else if (end.acks.length > 0 && 3 * end.unackedBytes <= 2 * SEND_BUFFER_BYTES) {
    scheduleWritable(core, end, end.acks.first(end.acks.length - 1));
  }
}

function scheduleWritable(core: Core, end: End, time: number): void {
  end.writableScheduled = true;
  core.schedule(time, WRITABLE, end.fd, 0);
}

/** The process has read: a sender that waits for the window hears of it once there is room for a segment. */
export function openWindow(core: Core, receiver: End): void {
  const sender = receiver.peer;
  if (!sender.windowShut || sender.windowUpdate !== 'none' || sender.window < SEGMENT_BYTES) return;
  updateWindow(core, receiver);
}

/** Sends the word that the window is open. */
export function updateWindow(core: Core, receiver: End): void {
  const { link, peer: sender } = receiver;
  if (!link.carries(1)) {
    sender.windowUpdate = 'lost';
    return;
  }
  sender.windowUpdate = 'coming';
  core.schedule(core.now + link.settings.latency, WINDOW, sender.fd, receiver.epoch);
}
