import { describe, expect, it } from 'vitest';
import { SEND_BUFFER_BYTES } from './end.ts';
import { MS, SECOND, TestNetwork } from './network.test-helper.ts';

describe('a machine without power', () => {
  it('is silent: what is connected to it notices nothing, what connects to it hangs', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    t.network.powerOff(1);
    t.send(client, 'x');
    t.network.connect(0, '10.0.0.2', 6379);
    t.pass(3600 * SECOND);
    expect(t.log).toEqual([]);
    expect(t.network.packets(0, 1).cut).toBe(0);
  });

  it('lets arrive what had left it, and nothing else', () => {
    const t = new TestNetwork({ latency: 10 * MS, bandwidth: 1_000_000 });
    const [client, server] = t.open();
    t.send(server, 'a'.repeat(1000));
    t.send(server, 'b'.repeat(1000));
    t.pass(1500);
    t.network.powerOff(1);
    t.run();
    expect(t.drain(client)).toBe(`${'a'.repeat(1000)}<EAGAIN>`);
  });

  it('answers with a reset, once it is back, what is sent to it again', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    const [quiet] = t.open();
    t.network.powerOff(1);
    t.send(client, 'x');
    t.pass(SECOND);
    t.network.powerOn(1);
    const { now } = t.scheduler;
    t.run();
    expect(t.log).toEqual([`${now + 200} readable 0 ${client}`]);
    expect(t.drain(client)).toBe('<ECONNRESET>');
    expect(t.drain(quiet)).toBe('<EAGAIN>');
    t.send(quiet, 'hello?');
    t.run();
    expect(t.drain(quiet)).toBe('<ECONNRESET>');
  });

  it.each([50, 150, 250])('that lost it %d µs into a handshake accepts or refuses once it is back', (at) => {
    for (const listens of [true, false]) {
      const t = new TestNetwork();
      t.network.listen(1, 6379);
      const fd = t.network.connect(0, '10.0.0.2', 6379);
      t.pass(at);
      t.network.powerOff(1);
      t.pass(SECOND);
      const before = t.told().length;
      expect(before).toBe(at < 100 ? 0 : 1);
      t.network.powerOn(1);
      if (listens) t.network.listen(1, 6379);
      t.run();
      if (at > 100) expect(t.drain(fd)).toBe('<ECONNRESET>');
      else expect(t.log.at(-1)).toMatch(listens ? /accepted 1/ : /failed 0 \d+ ECONNREFUSED/);
    }
  });

  it('whose answer a partition swallowed is asked again', () => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    t.network.partition(1, 0);
    const fd = t.network.connect(0, '10.0.0.2', 6379);
    t.pass(SECOND);
    t.network.powerOff(1);
    t.network.heal(1, 0);
    t.pass(SECOND);
    t.network.powerOn(1);
    t.network.listen(1, 6379);
    t.run();
    expect(t.log.at(0)).toMatch(`connected 0 ${fd}`);
    expect(t.log.at(1)).toMatch(/accepted 1/);
  });

  it.each([50, 150])('knows nothing of a connect that it began %d µs before', (micros) => {
    const t = new TestNetwork();
    t.network.listen(1, 6379);
    t.network.connect(0, '10.0.0.2', 6379);
    t.pass(micros);
    t.network.powerOff(0);
    t.pass(SECOND);
    t.network.powerOn(0);
    t.run();
    expect(t.log).toEqual([]);
  });

  it('tells a sender that waits for its window once it is back', () => {
    const t = new TestNetwork();
    const [client] = t.open();
    for (let i = 0; i < 20; i++) {
      t.send(client, SEND_BUFFER_BYTES);
      t.pass(SECOND);
    }
    t.network.powerOff(1);
    t.pass(SECOND);
    t.network.powerOn(1);
    t.run();
    expect(t.drain(client)).toBe('<ECONNRESET>');
  });
});
