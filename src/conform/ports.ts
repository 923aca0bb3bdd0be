import { createServer } from 'node:net';

/** Below the ports that kernels give to those who connect: a listener closed for a while must find its port free. */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

/** A port on which nothing listens, and on which nothing but the system's administrator can. */
export const CLOSED_PORT = 1;

/** The ports given away by this process: several scenarios may be under way. */
const taken = new Set<number>();

/** So many free ports on loopback; give them back with `releasePorts`. Throws where the machine has none left. */
export async function takePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries > 20 * count + 1000)
      throw new Error(`no ${count} free ports between ${FIRST_PORT} and ${LAST_PORT}`);
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (taken.has(port)) continue;
    taken.add(port);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

export function releasePorts(ports: readonly number[]): void {
  for (const port of ports) taken.delete(port);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
