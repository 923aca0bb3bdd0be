import { createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { releasePorts, takePorts } from './ports.ts';

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

test('no port is given away twice, and one that is given back is', async () => {
  const ports = await takePorts(150);
  const more = await takePorts(150);
  expect(new Set([...ports, ...more]).size).toBe(300);
  releasePorts([ports[0]!]);
  expect(await takePorts(1)).toEqual([ports[0]]);
  releasePorts([...ports, ...more]);
});

test('a port on which something listens is not given away', async () => {
  const [port] = await takePorts(1);
  const server = await listen(port!);
  releasePorts([port!]);
  const others = await takePorts(250);
  expect(others).not.toContain(port);
  releasePorts(others);
  await new Promise((resolve) => server.close(resolve));
});

test('another process does not get what nothing listens on yet', async () => {
  const ports = await takePorts(20);
  const guard = Math.floor(ports[0]! / 200) * 200;
  await expect(listen(guard)).rejects.toThrow('EADDRINUSE');
  releasePorts(ports);
});
