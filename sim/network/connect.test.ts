import { describe, expect, it } from 'vitest';
import { NOWHERE } from './address.ts';
import { bytes, LAN, MS, SECOND, TestNetwork } from './network.test-helper.ts';

describe('connecting', () => {
  it('tells the client after one round trip, the server half a round trip later', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.run();
    expect(t.log).toEqual([`200 connected 0 ${fd}`, `300 accepted 1 ${fd + 1}`]);
  });

  it('knows the addresses of both ends', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    const { network } = t;
    expect(network.peer(client)).toEqual({ ip: '10.0.0.2', port: 6379 });
    expect(network.local(server)).toEqual({ ip: '10.0.0.2', port: 6379 });
    expect(network.local(client).ip).toBe('10.0.0.1');
    expect(network.peer(server)).toEqual(network.local(client));
    const [other] = t.open();
    expect(network.local(other).port).not.toBe(network.local(client).port);
  });

  it('is refused after one round trip where nobody listens', () => {
    const t = new TestNetwork();
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.run();
    expect(t.log).toEqual([`200 failed 0 ${fd} ECONNREFUSED`]);
    expect(t.network.socketError(fd)).toBe('ECONNREFUSED');
    expect(t.network.socketError(fd)).toBeUndefined();
  });

  it('is refused once the listener is gone', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    t.network.unlisten(1, 6379);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.run();
    expect(t.log).toEqual([`200 failed 0 ${fd} ECONNREFUSED`]);
  });

  it('is refused at once at NOWHERE, by an event of the same time', () => {
    const t = new TestNetwork();
    t.pass(77);
    const fd = t.network.connect(0, NOWHERE.ip, NOWHERE.port);
    expect(t.log).toEqual([]);
    t.run();
    expect(t.log).toEqual([`77 failed 0 ${fd} ECONNREFUSED`]);
  });

  it('hangs at an ip that nobody has', () => {
    const t = new TestNetwork();
    const fd = t.network.connect(0, '192.168.1.1', 6379);
    t.pass(3600 * SECOND);
    expect(t.log).toEqual([]);
    t.network.close(fd);
  });

  it('writes nothing and reads nothing before it is connected', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    expect(t.send(fd, 'early')).toBe(0);
    expect(t.network.read(fd, 10)).toBe('EAGAIN');
  });

  it('leaves no trace at the server where the client closes before it is connected', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.pass(150);
    t.network.close(fd);
    t.run();
    expect(t.log).toEqual([]);
  });

  it('is accepted where the client sent and closed before the server heard of it', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    t.on = (what, _, fd) => {
      if (what !== 'connected') return;
      t.network.write(fd, bytes('bye'));
      t.network.close(fd);
    };
    t.network.connect(0, '10.0.0.2', 6379);
    t.run();
    expect(t.drain(t.accepted[0]!)).toBe('bye<EOF>');
  });

  it('ends in a reset where the listener goes while the handshake is under way', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.pass(250);
    t.network.unlisten(1, 6379);
    t.run();
    expect(t.log).toEqual([`200 connected 0 ${fd}`, `400 readable 0 ${fd}`]);
    expect(t.network.read(fd, 10)).toBe('ECONNRESET');
  });

  it('gives each connection fds of its own', () => {
    const t = new TestNetwork();
    const fds = new Set<number>();
    for (let i = 0; i < 5; i++) {
      const [client, server] = t.open();
      fds.add(client).add(server);
      t.network.close(client);
      t.network.close(server);
    }
    expect(fds.size).toBe(10);
  });
});

describe('a connection of a host to itself', () => {
  it.each(['10.0.0.1', '127.0.0.1'])('over %s takes no time and meets no fault', (ip) => {
    const t = new TestNetwork({ loss: 1, latency: 5000 });
    t.network.partition(0, 0);
    t.network.setLink(0, 0, { latency: 9 });
    t.network.listen(0, 6379);
    const fd = t.network.connect(0, ip, 6379);
    t.run();
    expect(t.log).toEqual([`0 connected 0 ${fd}`, `0 accepted 0 ${fd + 1}`]);
    expect(t.network.reset(0, 0)).toBe(0);
    t.send(fd, 'me');
    t.run();
    expect(t.drain(fd + 1)).toBe('me<EAGAIN>');
    expect(t.scheduler.now).toBe(0);
    expect(t.network.local(fd).ip).toBe(ip);
  });
});

describe('a client beside a host', () => {
  it('connects and talks in no time, from 127.0.0.1', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    const fd = t.network.connectLocal(1, 6379);
    t.run();
    expect(t.told()).toEqual([`0 connected -1 ${fd}`, `0 accepted 1 ${fd + 1}`]);
    expect(t.network.peer(fd + 1).ip).toBe('127.0.0.1');
    t.send(fd, 'PING');
    t.run();
    t.send(fd + 1, '+PONG');
    t.run();
    expect(t.log).toEqual([`0 readable 1 ${fd + 1}`, `0 readable -1 ${fd}`]);
    expect(t.drain(fd)).toBe('+PONG<EAGAIN>');
  });

  it('is refused where nobody listens, and closed when the process dies', () => {
    const t = new TestNetwork();
    const refused = t.network.connectLocal(1, 6379);
    t.run();
    expect(t.told()).toEqual([`0 failed -1 ${refused} ECONNREFUSED`]);
    t.network.listen(1, 6379);
    const fd = t.network.connectLocal(1, 6379);
    t.run();
    t.told();
    t.network.closeAll(1);
    t.run();
    expect(t.log).toEqual([`0 readable -1 ${fd}`]);
    expect(t.drain(fd)).toBe('<EOF>');
  });

  it('hears nothing from a machine without power, and a reset when that is back', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    const fd = t.network.connectLocal(1, 6379);
    t.run();
    t.told();
    t.network.powerOff(1);
    t.send(fd, 'PING');
    const late = t.network.connectLocal(1, 6379);
    t.pass(SECOND);
    expect(t.log).toEqual([]);
    t.network.powerOn(1);
    t.run();
    expect(t.log).toEqual([`${SECOND} readable -1 ${fd}`, `${SECOND} failed -1 ${late} ECONNREFUSED`]);
  });
});

describe('an opening that loses packets', () => {
  it('fails with ETIMEDOUT after six repetitions, 127 seconds', () => {
    const t = new TestNetwork({ loss: 1 });
    t.network.listen(1, 6379);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.run();
    expect(t.log).toEqual([`${127 * SECOND} failed 0 ${fd} ETIMEDOUT`]);
  });

  it('fails with ETIMEDOUT where only the answers get lost', () => {
    const t = new TestNetwork();
    t.network.setLink(1, 0, { loss: 1 });
    t.network.listen(1, 6379);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.run();
    expect(t.log).toEqual([`${127 * SECOND + 100} failed 0 ${fd} ETIMEDOUT`]);
  });

  it('is repeated after 1, 2, 4, ... seconds', () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const t = new TestNetwork({}, String(seed));
      t.network.setLink(0, 1, { loss: 0.5 });
      t.network.listen(1, 6379);
      t.network.connect(0, '10.0.0.2', 6379);
      t.run();
      if (t.log[0]!.includes('connected')) seen.add(Number.parseInt(t.log[0]!, 10));
    }
    const allowed = [0, 1, 3, 7, 15, 31, 63].map((s) => s * SECOND + 2 * LAN.latency);
    expect([...seen].filter((time) => !allowed.includes(time))).toEqual([]);
    expect(seen.size).toBeGreaterThan(3);
    expect(Math.min(...seen)).toBeLessThan(MS);
  });
});
