import { createServer, type Server } from 'node:net';

/** Below the ports that kernels give to those who connect: a listener closed for a while must find its port free. */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

/**
 * Ports are given away in blocks, and the first port of a block is its guard: who listens on it has the block. A
 * node that is down listens nowhere, and another process that looked for free ports then would take its port.
 */
const BLOCK = 200;

/** A port on which nothing listens, and on which nothing but the system's administrator can. */
export const CLOSED_PORT = 1;

/** Free ports of the blocks that this process has: several scenarios may be under way. */
const free: number[] = [];
/** The first ports of blocks that were tried, whoever has them. */
const tried = new Set<number>();

/** So many free ports on loopback; give them back with `releasePorts`. Throws where the machine has none left. */
export async function takePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = free.pop();
    if (port === undefined) {
      if (await claimBlock()) continue;
      releasePorts(ports);
      throw new Error(`no ${count} free ports between ${FIRST_PORT} and ${LAST_PORT}`);
    }
    // A port on which something else listens is not given away again.
    const probe = await listenOn(port);
    if (probe === null) continue;
    await new Promise((resolve) => probe.close(resolve));
    ports.push(port);
  }
  return ports;
}

export function releasePorts(ports: readonly number[]): void {
  free.push(...ports);
}

/** Claims another block, for as long as this process lives; false where none is left. */
async function claimBlock(): Promise<boolean> {
  const blocks = (LAST_PORT - FIRST_PORT) / BLOCK;
  while (tried.size < blocks) {
    const first = FIRST_PORT + BLOCK * Math.floor(Math.random() * blocks);
    if (tried.has(first)) continue;
    tried.add(first);
    const guard = await listenOn(first);
    if (guard === null) continue;
    guard.unref();
    for (let port = first + 1; port < first + BLOCK; port++) free.push(port);
    return true;
  }
  return false;
}

function listenOn(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
  });
}
