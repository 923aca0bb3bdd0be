import { describe, expect, it } from 'vitest';
import { RECEIVE_BUFFER_BYTES, SEND_BUFFER_BYTES } from './end.ts';
import { SECOND, TestNetwork } from './network.test-helper.ts';

describe('closing', () => {
  it('is read as the end after the last byte, and goes on being read so', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.send(client, 'last');
    t.network.close(client);
    t.run();
    expect(t.log).toHaveLength(2);
    expect(t.drain(server)).toBe('last<EOF>');
    expect(t.drain(server)).toBe('<EOF>');
  });

  it('sends first what waits in the send buffer', () => {
    const t = new TestNetwork({ bandwidth: 1_000_000 });
    const [client, server] = t.open();
    t.send(client, SEND_BUFFER_BYTES);
    t.network.close(client);
    t.run();
    expect(t.drain(server).length).toBe(SEND_BUFFER_BYTES + '<EOF>'.length);
  });

  it('with received bytes unread sends a reset instead', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.send(server, 'unread');
    t.run();
    t.told();
    t.send(client, 'ok');
    t.network.close(client);
    t.run();
    expect(t.drain(server)).toBe('ok<ECONNRESET>');
    expect(t.drain(server)).toBe('<EOF>');
  });

  it('lets what the peer sends after it be answered by a reset', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.network.close(client);
    t.run();
    t.told();
    expect(t.send(server, 'anybody?')).toBe(8);
    const { now } = t.scheduler;
    t.run();
    expect(t.log).toEqual([`${now + 200} readable 1 ${server}`]);
    expect(t.send(server, 'x')).toBe('EPIPE');
  });

  it("loses what did not fit the peer's window where the peer sends meanwhile", () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    for (let i = 0; i < 20; i++) {
      t.send(client, SEND_BUFFER_BYTES);
      t.pass(SECOND);
    }
    t.network.close(client);
    t.pass(SECOND);
    t.send(server, 'stop');
    t.run();
    expect(t.drain(server, 1 << 20).length).toBe(RECEIVE_BUFFER_BYTES + '<ECONNRESET>'.length);
  });

  it('makes a write the error once, then EPIPE, after a reset', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.send(server, 'unread');
    t.run();
    t.network.close(client);
    t.run();
    expect(t.send(server, 'x')).toBe('ECONNRESET');
    expect(t.send(server, 'x')).toBe('EPIPE');
    expect(t.network.read(server, 1)).toBe('EOF');
  });

  it('at both ends leaves nothing behind: later events find nobody', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.send(client, 'a');
    t.send(server, 'b');
    t.network.close(client);
    t.network.close(server);
    t.run();
    expect(t.log).toEqual([]);
  });

  it('tells who watches writability of a reset, too', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.send(server, 'unread');
    t.run();
    t.network.watchWritable(server, true);
    t.run();
    t.told();
    const { now } = t.scheduler;
    t.network.close(client);
    t.run();
    expect(t.log).toEqual([`${now + 100} readable 1 ${server}`, `${now + 100} writable 1 ${server}`]);
  });
});

describe('the end of a process', () => {
  it('closes all its connections and listeners: the peers read the end, new ones are refused', () => {
    const t = new TestNetwork();
    const [client, server] = t.open(0, 1);
    const [outgoing, incoming] = t.open(1, 2);
    t.network.closeAll(1);
    const refused = t.network.connect(0, '10.0.0.2', 6379);
    const { now } = t.scheduler;
    t.run();
    expect(t.log).toEqual([
      `${now + 100} readable 0 ${client}`,
      `${now + 100} readable 2 ${incoming}`,
      `${now + 200} failed 0 ${refused} ECONNREFUSED`,
    ]);
    expect([t.drain(client), t.drain(incoming)]).toEqual(['<EOF>', '<EOF>']);
    expect([server, outgoing].every((fd) => fd >= 0)).toBe(true);
  });

  it('with bytes that it did not read resets their connection', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    t.send(client, 'never read');
    t.run();
    t.network.closeAll(1);
    t.run();
    expect(t.drain(client)).toBe('<ECONNRESET>');
  });

  it('in the middle of a handshake is a reset or a refusal for who connects', () => {
    for (let at = 1; at < 300; at += 50) {
      const t = new TestNetwork();
      t.network.listen(1, 6379);
      const fd = t.network.connect(0, '10.0.0.2', 6379);
      t.pass(at);
      t.network.closeAll(1);
      t.run();
      const last = t.log.at(-1)!;
      expect(last).toMatch(at < 100 ? /failed 0 \d+ ECONNREFUSED/ : /readable 0/);
      if (at > 100) expect(t.drain(fd)).toBe('<ECONNRESET>');
    }
  });

  it('is not noticed by the kernel while the process merely does not read', () => {
    const t = new TestNetwork();
    const [client, server] = t.open();
    t.send(client, 'waits');
    t.run(3600_000_000);
    expect(t.network.readableBytes(server)).toBe(5);
    expect(t.network.connect(2, '10.0.0.2', 6379)).toBeGreaterThan(server);
    t.run();
    expect(t.log.at(-1)).toMatch(/accepted 1/);
  });
});
