import { describe, expect, it } from 'vitest';
import { SimulatorError } from '../kernel/assert.ts';
import { RECEIVE_BUFFER_BYTES, SEGMENT_BYTES, SEND_BUFFER_BYTES } from './end.ts';
import { MS, SECOND, TestNetwork } from './network.test-helper.ts';

/** Reads until nothing is left; how many bytes that were. */
function swallow(t: TestNetwork, fd: number): number {
  let count = 0;
  for (;;) {
    const result = t.network.read(fd, 1 << 20);
    if (typeof result === 'string') return count;
    count += result.length;
  }
}

describe('sending', () => {
  it('arrives after the latency, with one upcall for each segment', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    const begin = t.scheduler.now;
    expect(t.send(client, 'SET k v')).toBe(7);
    t.pass(50);
    t.send(client, 'GET k');
    t.run();
    expect(t.log).toEqual([`${begin + 100} readable 1 ${server}`, `${begin + 150} readable 1 ${server}`]);
    expect(t.network.readableBytes(server)).toBe(12);
    expect(t.drain(server)).toBe('SET k vGET k<EAGAIN>');
  });

  it('takes one event for a small segment', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    const before = t.scheduler.events;
    for (let i = 0; i < 10; i++) t.send(client, 'x');
    t.run();
    expect(t.scheduler.events - before).toBe(10);
  });

  it('is read piece by piece, never more than asked for', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.send(client, 'abcdef');
    t.send(client, 'gh');
    t.run();
    const pieces = [4, 4, 4].map((max) => (t.network.read(server, max) as unknown as { text: string }).text);
    expect(pieces).toEqual(['abcd', 'ef', 'gh']);
    expect(t.network.read(server, 4)).toBe('EAGAIN');
  });

  it('parts what is long into segments of 64 KiB, and the link takes its time for each', () => {
    const t = new TestNetwork({ bandwidth: 65_536_000 });
    const [client, server] = t.open();
    const begin = t.scheduler.now;
    t.send(client, 2 * SEGMENT_BYTES + 655);
    t.run();
    expect(t.log.map((line) => Number.parseInt(line, 10) - begin)).toEqual([1100, 2100, 2110]);
    expect(swallow(t, server)).toBe(2 * SEGMENT_BYTES + 655);
  });

  it('queues on a link direction with what other connections send, not with the other direction', () => {
    const t = new TestNetwork({ bandwidth: 1_000_000 });
    const [first, firstServer] = t.open();
    const [second, secondServer] = t.open();
    const begin = t.scheduler.now;
    t.send(first, 1000);
    t.send(second, 500);
    t.send(firstServer, 100);
    t.run();
    expect(t.log).toEqual([
      `${begin + 200} readable 0 ${first}`,
      `${begin + 1100} readable 1 ${firstServer}`,
      `${begin + 1600} readable 1 ${secondServer}`,
    ]);
  });

  it('keeps the order within a connection, whatever the jitter', () => {
    const t = new TestNetwork({ jitter: 10 * MS });
    const [client, server] = t.open();
    const begin = t.scheduler.now;
    for (let i = 0; i < 26; i++) t.send(client, String.fromCharCode(97 + i));
    t.run();
    const last = Number.parseInt(t.log.at(-1)!, 10) - begin;
    expect(t.drain(server)).toBe('abcdefghijklmnopqrstuvwxyz<EAGAIN>');
    expect(last).toBeGreaterThan(5 * MS);
    expect(last).toBeLessThanOrEqual(100 + 10 * MS);
  });

  it('adds from 0 to jitter, both included', () => {
    const t = new TestNetwork({ jitter: 2 });
    const [client] = t.open();
    const seen = new Set<number>();
    for (let i = 0; i < 100; i++) {
      const begin = t.scheduler.now;
      t.send(client, 'x');
      t.run();
      seen.add(t.scheduler.now - begin);
    }
    expect([...seen].sort()).toEqual([100, 101, 102]);
  });

  it('uses the settings of the moment it was sent in', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    const begin = t.scheduler.now;
    t.send(client, 'a');
    t.network.setLink(0, 1, { latency: 5000 });
    t.send(client, 'b');
    t.send(server, 'c');
    t.run();
    expect(t.log).toEqual([
      `${begin + 100} readable 1 ${server}`,
      `${begin + 100} readable 0 ${client}`,
      `${begin + 5000} readable 1 ${server}`,
    ]);
  });

  it('counts packets of 1448 bytes and an acknowledgement for each segment', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    const there = t.network.packets(0, 1).sent;
    const back = t.network.packets(1, 0).sent;
    t.send(client, 1448);
    t.send(client, 1449);
    t.run();
    expect(t.network.packets(0, 1)).toEqual({ sent: there + 3, cut: 0 });
    expect(t.network.packets(1, 0)).toEqual({ sent: back + 2, cut: 0 });
  });

  it('is refused to a process that does not hold the fd', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    t.network.close(client);
    expect(() => t.send(client, 'x')).toThrow(SimulatorError);
  });
});

describe('buffers', () => {
  it('take 4 MiB at the sender until the first acknowledgement is back', () => {
    const t = new TestNetwork({ latency: 10 * MS });
    const [client, server] = t.open();
    expect(t.send(client, SEND_BUFFER_BYTES - 1)).toBe(SEND_BUFFER_BYTES - 1);
    expect(t.send(client, 10)).toBe(1);
    expect(t.send(client, 10)).toBe(0);
    t.pass(19 * MS);
    expect(t.network.readableBytes(server)).toBeGreaterThan(0);
    expect(t.send(client, 10)).toBe(0);
    t.pass(1100);
    expect(t.send(client, 10)).toBe(10);
  });

  it('take 6 MiB at a receiver that does not read, and 4 MiB more at the sender', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    let taken = 0;
    for (let i = 0; i < 20; i++) {
      taken += t.send(client, SEND_BUFFER_BYTES) as number;
      t.pass(SECOND);
    }
    expect(taken).toBe(RECEIVE_BUFFER_BYTES + SEND_BUFFER_BYTES);
    expect(t.network.readableBytes(server)).toBe(RECEIVE_BUFFER_BYTES);
  });

  it('let the sender go on once the receiver reads, one latency later', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    for (let i = 0; i < 20; i++) {
      t.send(client, SEND_BUFFER_BYTES);
      t.pass(SECOND);
    }
    t.told();
    let count = 0;
    while (count < SEGMENT_BYTES) count += t.network.read(server, 1000).length;
    const begin = t.scheduler.now;
    t.run();
    expect(Number.parseInt(t.told()[0]!, 10)).toBeGreaterThanOrEqual(begin + 200);
    for (let i = 0; i < 1000 && t.network.readableBytes(server) > 0; i++) {
      count += swallow(t, server);
      t.run();
    }
    expect(count).toBe(RECEIVE_BUFFER_BYTES + SEND_BUFFER_BYTES);
  });
});

describe('watching', () => {
  it('for writability is told at the same time where there is room, once for each asking', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    t.network.watchWritable(client, true);
    expect(t.log).toEqual([]);
    t.pass(1000);
    expect(t.told()).toEqual([`${t.scheduler.now - 1000} writable 0 ${client}`]);
    t.network.watchWritable(client, true);
    t.network.watchWritable(client, true);
    t.pass(0);
    expect(t.told()).toEqual([`${t.scheduler.now} writable 0 ${client}`]);
  });

  it('for writability is told once a third of a full buffer was acknowledged', () => {
    const t = new TestNetwork({ latency: 10 * MS, bandwidth: SEND_BUFFER_BYTES });
    const [client] = t.open();
    const begin = t.scheduler.now;
    t.send(client, SEND_BUFFER_BYTES);
    t.network.watchWritable(client, true);
    t.run();
    const told = t.log.filter((line) => line.includes('writable')).map((line) => Number.parseInt(line, 10));
    expect(told).toHaveLength(1);
    const third = begin + Math.ceil((SEND_BUFFER_BYTES / 3 / SEGMENT_BYTES) * (SECOND / 64)) + 20 * MS;
    expect(told[0]! - third).toBeGreaterThanOrEqual(0);
    expect(told[0]! - third).toBeLessThan(SECOND / 64);
  });

  it('for writability is told again after a write that fell short', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    t.network.watchWritable(client, true);
    t.pass(0);
    t.told();
    t.send(client, SEND_BUFFER_BYTES + 1);
    t.run();
    expect(t.log.filter((line) => line.includes('writable'))).toHaveLength(1);
  });

  it('for writability is told after each write while it lasts, and not without one', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    let writes = 0;
    t.on = (what) => {
      if (what !== 'writable') return;
      t.send(client, 100);
      if (++writes === 5) t.network.watchWritable(client, false);
    };
    t.network.watchWritable(client, true);
    t.pass(0);
    expect(writes).toBe(5);
    t.on = () => {};
    t.network.watchWritable(client, true);
    t.pass(SECOND);
    expect(t.log.filter((line) => line.includes('writable'))).toHaveLength(6);
  });

  it('for writability is not told once it ended', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    t.network.watchWritable(client, true);
    t.network.watchWritable(client, false);
    t.run();
    expect(t.log).toEqual([]);
  });

  it('for readability may pause: it is told of what waits when it goes on', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.network.watchReadable(server, false);
    t.send(client, 'x');
    t.run();
    expect(t.log).toEqual([]);
    t.network.watchReadable(server, true);
    t.network.watchReadable(server, true);
    const { now } = t.scheduler;
    t.run();
    expect(t.told()).toEqual([`${now} readable 1 ${server}`]);
    t.drain(server);
    t.network.watchReadable(server, true);
    t.run();
    expect(t.log).toEqual([]);
  });
});

describe('loss', () => {
  it('delays by 200 ms and a round trip, then twice that, and never drops bytes', () => {
    const seen = new Set<number>();
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.network.setLink(0, 1, { loss: 0.4 });
    for (let i = 0; i < 60; i++) {
      const begin = t.scheduler.now;
      t.send(client, 'x');
      t.run();
      seen.add(t.scheduler.now - begin);
    }
    expect(swallow(t, server)).toBe(60);
    const timeout = 200 * MS + 200;
    const allowed = [0, 1, 3, 7, 15, 31, 63, 127].map((n) => n * timeout + 100);
    expect([...seen].filter((delay) => !allowed.includes(delay))).toEqual([]);
    expect(seen.size).toBeGreaterThan(2);
  });

  it('of one packet delays all that was sent after it on its connection, not on others', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    const [other, otherServer] = t.open();
    const begin = t.scheduler.now;
    t.network.setLink(0, 1, { loss: 0.999_999 });
    t.send(client, 'a');
    t.network.setLink(0, 1, { loss: 0 });
    t.send(client, 'b');
    t.send(other, 'c');
    t.pass(10 * SECOND);
    expect(t.told()).toEqual([`${begin + 100} readable 1 ${otherServer}`]);
    expect(t.drain(server)).toBe('<EAGAIN>');
  });

  it('hits long segments more often than short ones', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    t.network.setLink(0, 1, { loss: 0.02 });
    let shortOnes = 0;
    let longOnes = 0;
    for (let i = 0; i < 50; i++) {
      for (const length of [1, SEGMENT_BYTES]) {
        const begin = t.scheduler.now;
        t.send(client, length);
        t.run();
        if (t.scheduler.now - begin < 200 * MS) continue;
        if (length === 1) shortOnes++;
        else longOnes++;
      }
    }
    expect(longOnes).toBeGreaterThan(20);
    expect(shortOnes).toBeLessThan(10);
  });

  it('of everything ends the connection with ETIMEDOUT at the sender after fifteen repetitions', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    const begin = t.scheduler.now;
    t.network.setLink(0, 1, { loss: 1 });
    t.send(client, 'lost');
    t.run();
    expect(t.log).toHaveLength(1);
    expect(t.log[0]).toMatch(new RegExp(`readable 0 ${client}$`));
    const took = t.scheduler.now - begin;
    expect(took).toBeGreaterThan(900 * SECOND);
    expect(took).toBeLessThan(950 * SECOND);
    expect(t.network.read(client, 1)).toBe('ETIMEDOUT');
    expect(t.send(client, 'x')).toBe('EPIPE');
    expect(t.network.read(server, 1)).toBe('EAGAIN');
    t.told();
    t.network.setLink(0, 1, { loss: 0 });
    t.send(server, 'still there?');
    t.run();
    expect(t.drain(server)).toBe('<ECONNRESET>');
  });

  it('on one link leaves the draws of another as they were', () => {
    const arrivals = (disturbed: boolean) => {
      const t = new TestNetwork({ jitter: 100 });
      const [client] = t.open(0, 1);
      const [other] = t.open(0, 2);
      if (disturbed) t.network.setLink(0, 2, { loss: 0.5 });
      for (let i = 0; i < 20; i++) {
        t.send(client, 'x');
        if (disturbed) t.send(other, 'x');
        t.pass(SECOND);
      }
      return t.log.filter((line) => line.includes('readable 1'));
    };
    expect(arrivals(true)).toEqual(arrivals(false));
  });
});
