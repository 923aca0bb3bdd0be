import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { LinkDirection } from './link-direction.ts';
import { LinkProxy } from './link-proxy.ts';
import { releasePorts, takePorts } from './ports.ts';

const FAST = { latency: 0, jitter: 0, loss: 0, bandwidth: 1_250_000_000 };

interface Way {
  readonly proxy: LinkProxy;
  readonly there: LinkDirection;
  readonly back: LinkDirection;
  readonly port: number;
  readonly server: Server;
  /** Connections that reached the far end. */
  readonly arrived: Socket[];
  readonly ports: readonly number[];
}

let ways: Way[] = [];

async function way(): Promise<Way> {
  const ports = await takePorts(2);
  const [port, target] = ports as [number, number];
  const arrived: Socket[] = [];
  const server = createServer((socket) => {
    arrived.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => socket.write(`echo ${String(bytes)}`));
  });
  server.listen(target, '127.0.0.1');
  await once(server, 'listening');
  const there = new LinkDirection(FAST);
  const back = new LinkDirection(FAST);
  const proxy = new LinkProxy(port, target, there, back);
  proxy.targetListens = true;
  const made = { proxy, there, back, port, server, arrived, ports };
  ways.push(made);
  await pause(20);
  return made;
}

afterEach(() => {
  for (const { proxy, server, arrived, ports } of ways) {
    proxy.stop();
    for (const socket of arrived) socket.destroy();
    server.close();
    releasePorts(ports);
  }
  ways = [];
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A client, and all that it received so far. */
function client(port: number): { socket: Socket; text: () => string; error: () => string } {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let error = '';
  socket.on('data', (bytes) => {
    text += String(bytes);
  });
  socket.on('error', (problem: NodeJS.ErrnoException) => {
    error = problem.code ?? '?';
  });
  return { socket, text: () => text, error: () => error };
}

test('bytes pass both ways, and an end is handed on', async () => {
  const { port, arrived } = await way();
  const { socket, text } = client(port);
  socket.write('a');
  await pause(50);
  expect(text()).toBe('echo a');
  socket.end();
  await pause(50);
  expect(arrived[0]!.readableEnded).toBe(true);
});

test('a cut direction holds bytes and hands them on when it is healed; the other one works', async () => {
  const { port, there, proxy, arrived } = await way();
  const { socket, text } = client(port);
  socket.write('a');
  await pause(50);
  there.setCut(true);
  proxy.look();
  socket.write('b');
  arrived[0]!.write('still');
  await pause(50);
  expect(text()).toBe('echo astill');
  there.setCut(false);
  proxy.look();
  await pause(50);
  expect(text()).toBe('echo astillecho b');
});

test('who connects over a cut link hears nothing until it is healed', async () => {
  const { port, back, proxy, arrived } = await way();
  back.setCut(true);
  proxy.look();
  const { socket, text, error } = client(port);
  socket.write('a');
  await pause(50);
  expect(arrived).toEqual([]);
  expect(error()).toBe('');
  back.setCut(false);
  proxy.look();
  await pause(50);
  expect(text()).toBe('echo a');
});

test('a target that does not listen refuses, unless the link is cut', async () => {
  const { port, there, proxy } = await way();
  proxy.targetListens = false;
  const refused = client(port);
  await pause(50);
  expect(refused.error()).toBe('ECONNREFUSED');
  there.setCut(true);
  proxy.look();
  const silent = client(port);
  await pause(50);
  expect(silent.error()).toBe('');
  expect(silent.socket.readyState).toBe('open');
});

test('a reset reaches both ends', async () => {
  const { port, proxy, arrived } = await way();
  const { socket, error } = client(port);
  socket.write('a');
  await pause(50);
  const far = new Promise((resolve) => arrived[0]!.on('close', resolve));
  expect(proxy.reset()).toBe(1);
  await far;
  await pause(20);
  expect(error()).toBe('ECONNRESET');
  expect(proxy.reset()).toBe(0);
});

test('latency delays what travels in its direction and keeps its order', async () => {
  const { port, there } = await way();
  there.change({ latency: 100_000, jitter: 50_000 });
  const { socket, text } = client(port);
  const begin = performance.now();
  for (const letter of 'abcdefgh') {
    socket.write(letter);
    await pause(2);
  }
  await pause(50);
  expect(text()).toBe('');
  while (!text().endsWith('h') && performance.now() - begin < 2_000) await pause(5);
  expect(performance.now() - begin).toBeGreaterThanOrEqual(100);
  expect(text().replaceAll('echo ', '')).toBe('abcdefgh');
});
