import { describe, expect, it } from 'vitest';
import { SEND_BUFFER_BYTES } from './end.ts';
import { MS, SECOND, TestNetwork } from './network.test-helper.ts';

describe('a partition', () => {
  it('is silence: connections stay open, and what was sent arrives one latency after it healed', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.network.partition(0, 1);
    t.send(client, 'one');
    t.pass(50 * SECOND);
    t.send(client, 'two');
    t.pass(50 * SECOND);
    expect(t.log).toEqual([]);
    expect(t.network.heal(0, 1)).toBe(true);
    const { now } = t.scheduler;
    t.run();
    expect(t.log).toEqual([`${now + 100} readable 1 ${server}`, `${now + 100} readable 1 ${server}`]);
    expect(t.drain(server)).toBe('onetwo<EAGAIN>');
  });

  it('swallows what is in flight when it begins, however short it is', () => {
    const t = new TestNetwork({ latency: 10 * MS });
    const [client, server] = t.open();
    t.send(client, 'x');
    t.pass(5 * MS);
    t.network.partition(0, 1);
    t.pass(1 * MS);
    t.network.heal(0, 1);
    const { now } = t.scheduler;
    t.run();
    expect(t.log).toEqual([`${now + 10 * MS} readable 1 ${server}`]);
    expect(t.drain(server)).toBe('x<EAGAIN>');
  });

  it('of one direction lets the other through, but not its acknowledgements', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.network.partition(0, 1);
    t.network.watchReadable(client, false);
    let taken = 0;
    let arrived = 0;
    for (let i = 0; i < 4; i++) {
      taken += t.send(server, SEND_BUFFER_BYTES) as number;
      t.pass(SECOND);
      arrived += t.drain(client, SEND_BUFFER_BYTES).length - '<EAGAIN>'.length;
    }
    expect([taken, arrived]).toEqual([SEND_BUFFER_BYTES, SEND_BUFFER_BYTES]);
    t.network.watchWritable(server, true);
    t.pass(SECOND);
    expect(t.told()).toEqual([]);
    t.network.heal(0, 1);
    const { now } = t.scheduler;
    t.run();
    expect(t.log).toEqual([`${now + 200} writable 1 ${server}`]);
    expect(t.send(server, 10)).toBe(10);
  });

  it('swallows acknowledgements in flight', () => {
    const t = new TestNetwork({ latency: 10 * MS });
    const [client] = t.open();
    t.send(client, SEND_BUFFER_BYTES);
    t.pass(15 * MS);
    t.network.partition(1, 0);
    t.pass(SECOND);
    expect(t.send(client, 1)).toBe(0);
    t.network.heal(1, 0);
    t.pass(20 * MS);
    expect(t.send(client, 1)).toBe(1);
  });

  it('swallows the word that a window opened, until it heals', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    let taken = 0;
    for (let i = 0; i < 20; i++) {
      taken += t.send(client, SEND_BUFFER_BYTES) as number;
      t.pass(SECOND);
    }
    let read = t.drain(server, SEND_BUFFER_BYTES).length - '<EAGAIN>'.length;
    t.pass(50);
    t.network.partition(1, 0);
    t.pass(SECOND);
    expect(t.network.readableBytes(server)).toBe(0);
    t.network.heal(1, 0);
    for (let i = 0; i < 10; i++) {
      t.pass(SECOND);
      read += t.drain(server, SEND_BUFFER_BYTES).length - '<EAGAIN>'.length;
    }
    expect(read).toBe(taken);
  });

  it('swallows the word that a window opened while it lasts, too', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    for (let i = 0; i < 20; i++) {
      t.send(client, SEND_BUFFER_BYTES);
      t.pass(SECOND);
    }
    t.network.partition(1, 0);
    t.drain(server, SEND_BUFFER_BYTES);
    t.pass(SECOND);
    expect(t.network.readableBytes(server)).toBe(0);
    t.network.heal(1, 0);
    t.pass(SECOND);
    expect(t.network.readableBytes(server)).toBe(SEND_BUFFER_BYTES);
  });

  it.each([
    [0, 1],
    [1, 0],
  ])('of %d to %d delays a connect until it heals', (from, to) => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    t.network.partition(from, to);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.pass(300 * SECOND);
    expect(t.log).toEqual([]);
    t.network.heal(from, to);
    const heal = t.scheduler.now;
    const there = from === 0 ? 200 : 100;
    t.run();
    expect(t.log).toEqual([
      `${heal + there} connected 0 ${fd}`,
      `${heal + there + 100} accepted 1 ${fd + 1}`,
    ]);
  });

  it('of the way back delays a refusal until it heals', () => {
    const t = new TestNetwork();
    t.network.partition(1, 0);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.pass(SECOND);
    t.network.heal(1, 0);
    t.run();
    expect(t.log).toEqual([`${SECOND + 100} failed 0 ${fd} ECONNREFUSED`]);
  });

  it('swallows a FIN, which is sent again when it heals', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.network.partition(0, 1);
    t.send(client, 'bye');
    t.network.close(client);
    t.pass(SECOND);
    expect(t.drain(server)).toBe('<EAGAIN>');
    t.network.heal(0, 1);
    t.pass(SECOND);
    expect(t.drain(server)).toBe('bye<EOF>');
  });

  it('swallows a reset for good: the other end believes until it sends', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.send(server, 'unread');
    t.pass(SECOND);
    t.told();
    t.network.partition(0, 1);
    t.network.close(client);
    t.pass(SECOND);
    t.network.heal(0, 1);
    t.pass(SECOND);
    expect(t.log).toEqual([]);
    t.send(server, 'still there?');
    t.run();
    expect(t.drain(server)).toBe('<ECONNRESET>');
  });

  it('swallows for good what a reset connection had in flight', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.send(server, 'unread');
    t.pass(SECOND);
    t.send(client, 'gone');
    t.network.close(client);
    t.network.partition(0, 1);
    t.network.heal(0, 1);
    t.pass(SECOND);
    expect(t.drain(server)).toBe('<EAGAIN>');
  });

  it('lets a connect be refused that it kept from the answer of a process that ended meanwhile', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    t.network.partition(1, 0);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.pass(SECOND);
    t.network.closeAll(1);
    t.pass(SECOND);
    expect(t.log).toEqual([]);
    t.network.heal(1, 0);
    t.run();
    expect(t.log).toEqual([`${2 * SECOND + 100} failed 0 ${fd} ECONNREFUSED`]);
  });

  it('counts what it swallowed, acknowledgements included', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    expect(t.network.packets(0, 1).cut).toBe(0);
    t.send(client, 2000);
    t.network.partition(0, 1);
    expect(t.network.packets(0, 1).cut).toBe(2);
    t.send(client, 1);
    t.send(server, 1);
    t.pass(SECOND);
    expect(t.network.packets(0, 1).cut).toBe(4);
    expect(t.network.packets(1, 0).cut).toBe(0);
  });

  it('leaves the connections of other hosts alone', () => {
    const t = new TestNetwork();
    const [client, server] = t.open(0, 2);
    t.network.partition(0, 1);
    t.network.partition(1, 2);
    t.send(client, 'x');
    t.run();
    expect(t.drain(server)).toBe('x<EAGAIN>');
  });

  it('that is none cannot be healed', () => {
    const t = new TestNetwork();
    t.network.partition(0, 1);
    expect([t.network.heal(1, 0), t.network.heal(0, 1), t.network.heal(0, 1)]).toEqual([false, true, false]);
  });

  it('sends again in order, at the speed of the link', () => {
    const t = new TestNetwork({ bandwidth: 1_000_000 });
    const [client, server] = t.open();
    t.network.partition(0, 1);
    for (const letter of 'abc') t.send(client, letter.repeat(1000));
    t.pass(SECOND);
    t.network.heal(0, 1);
    const { now } = t.scheduler;
    t.run();
    expect(t.log.map((line) => Number.parseInt(line, 10) - now)).toEqual([1100, 2100, 3100]);
    expect(t.drain(server)).toMatch(/^a{1000}b{1000}c{1000}<EAGAIN>$/);
  });

  it('pauses the repetitions of what got lost otherwise', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.network.setLink(0, 1, { loss: 0.999_999 });
    t.send(client, 'x');
    t.network.setLink(0, 1, { loss: 0 });
    t.network.partition(0, 1);
    t.pass(3600 * SECOND);
    t.network.heal(0, 1);
    t.pass(100);
    expect(t.drain(server)).toBe('x<EAGAIN>');
  });
});

describe('a link that changes', () => {
  /** Three segments of a millisecond each, the first of which has left when the link gets another pace. */
  const paced = (bandwidth: number): number[] => {
    const t = new TestNetwork({ bandwidth: 1_000_000 });
    const [client, server] = t.open();
    t.told();
    const { now } = t.scheduler;
    for (const letter of 'abc') t.send(client, letter.repeat(1000));
    t.pass(1050);
    t.network.setLink(0, 1, { bandwidth });
    t.run();
    expect(t.drain(server)).toMatch(/^a{1000}b{1000}c{1000}<EAGAIN>$/);
    return t.log.filter((line) => line.includes('readable')).map((line) => Number.parseInt(line, 10) - now);
  };

  it('lets what has left arrive as it would, and sends what is queued at the new pace', () => {
    expect(paced(1_000_000)).toEqual([1100, 2100, 3100]);
    expect(paced(10_000_000)).toEqual([1100, 1245, 1345]);
    expect(paced(500_000)).toEqual([1100, 3050, 5050]);
  });

  it('is free at once where all that was queued has left', () => {
    const t = new TestNetwork({ bandwidth: 1000 });
    const [client, server] = t.open();
    t.send(client, 'x'.repeat(100_000));
    t.network.setLink(0, 1, { bandwidth: 1_000_000_000 });
    t.pass(200);
    t.send(client, 'y');
    t.pass(200);
    expect(t.drain(server)).toMatch(/^x{100000}y<EAGAIN>$/);
  });
});

describe('a reset', () => {
  it('reaches both ends at once; what was received is read first, what was in flight is lost', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.send(client, 'received');
    t.pass(SECOND);
    t.told();
    t.send(client, 'lost');
    expect(t.network.reset(1, 0)).toBe(1);
    expect(t.log).toEqual([]);
    const { now } = t.scheduler;
    t.run();
    expect(t.log.sort()).toEqual([`${now} readable 0 ${client}`, `${now} readable 1 ${server}`]);
    expect(t.drain(server)).toBe('received<ECONNRESET>');
    expect(t.drain(client)).toBe('<ECONNRESET>');
  });

  it('fails who is connecting', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.pass(150);
    expect([t.network.reset(0, 1), t.network.reset(0, 1)]).toEqual([1, 0]);
    t.run();
    expect(t.log).toEqual([`150 failed 0 ${fd} ECONNRESET`]);
  });

  it('overtakes the answer that would have come at the same time', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    const first = t.network.connect(0, '10.0.0.2', 6379);
    const second = t.network.connect(0, '10.0.0.2', 6379);
    t.on = (what) => {
      if (what === 'connected') t.network.reset(0, 1);
    };
    t.run();
    expect(t.log).toEqual([
      `200 connected 0 ${first}`,
      `200 readable 0 ${first}`,
      `200 failed 0 ${second} ECONNRESET`,
    ]);
  });

  it('counts the connections in both directions between the two hosts, and no others', () => {
    const t = new TestNetwork();
    t.open(0, 1);
    t.open(1, 0);
    const [client, server] = t.open(0, 2);
    expect(t.network.reset(0, 1)).toBe(2);
    expect(t.network.reset(0, 1)).toBe(0);
    t.send(client, 'x');
    t.run();
    expect(t.drain(server)).toBe('x<EAGAIN>');
  });

  it('tells who watches writability', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    t.network.watchWritable(client, true);
    t.pass(0);
    t.told();
    t.network.reset(0, 1);
    t.run();
    expect(t.log.filter((line) => line.endsWith(`writable 0 ${client}`))).toHaveLength(1);
    expect(t.network.socketError(client)).toBe('ECONNRESET');
  });
});
