import { connect, createServer, type Server, type Socket } from 'node:net';
import { LOCALHOST } from '../../sim/network/address.ts';
import { Half, type LinkDirection, resetSocket } from './link-direction.ts';

/** A connection through a proxy: from the node that opened it to the node it wanted. */
interface Pipe {
  readonly client: Socket;
  server: Socket | null;
  readonly there: Half;
  back: Half | null;
}

/**
 * The way from one node to another, as a TCP proxy. It listens while the other node does, so that a node that
 * is down refuses; and while the link is cut, so that a partition is silence.
 */
export class LinkProxy {
  readonly #port: number;
  readonly #targetPort: number;
  readonly #there: LinkDirection;
  readonly #back: LinkDirection;
  readonly #pipes = new Set<Pipe>();
  #server: Server | null = null;
  #targetListens = false;

  constructor(port: number, targetPort: number, there: LinkDirection, back: LinkDirection) {
    this.#port = port;
    this.#targetPort = targetPort;
    this.#there = there;
    this.#back = back;
  }

  set targetListens(listens: boolean) {
    this.#targetListens = listens;
    this.look();
  }

  /** The link or the target changed: opens or closes its ear, and lets those in who waited for the link. */
  look(): void {
    const cut = this.#there.cut || this.#back.cut;
    if (this.#targetListens || cut) this.#listen();
    else this.#close();
    if (!cut) for (const pipe of [...this.#pipes]) if (pipe.server === null) this.#reach(pipe);
  }

  /** Resets every connection at both ends; how many there were. */
  reset(): number {
    const count = this.#pipes.size;
    for (const pipe of [...this.#pipes]) this.#drop(pipe);
    return count;
  }

  stop(): void {
    this.#close();
    this.reset();
  }

  #listen(): void {
    if (this.#server !== null) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
    // The port was free a moment ago; where it is not, the node is not to be found and the run will say so.
    server.on('error', () => {});
    server.listen(this.#port, LOCALHOST);
    this.#server = server;
  }

  #close(): void {
    this.#server?.close();
    this.#server = null;
  }

  #accept(client: Socket): void {
    const pipe: Pipe = { client, server: null, there: new Half(this.#there, client), back: null };
    this.#pipes.add(pipe);
    client.on('close', () => {
      if (pipe.server === null || pipe.server.destroyed) this.#forget(pipe);
    });
    if (!this.#there.cut && !this.#back.cut) this.#reach(pipe);
  }

  #reach(pipe: Pipe): void {
    if (pipe.client.destroyed) {
      this.#forget(pipe);
      return;
    }
    const server = connect({ port: this.#targetPort, host: LOCALHOST, allowHalfOpen: true, noDelay: true });
    pipe.server = server;
    pipe.back = new Half(this.#back, server);
    server.on('connect', () => pipe.there.connect(server));
    server.on('close', () => {
      if (pipe.client.destroyed) this.#forget(pipe);
    });
    pipe.back.connect(pipe.client);
  }

  #drop(pipe: Pipe): void {
    this.#forget(pipe);
    resetSocket(pipe.client);
    if (pipe.server !== null) resetSocket(pipe.server);
  }

  #forget(pipe: Pipe): void {
    this.#pipes.delete(pipe);
    pipe.there.stop();
    pipe.back?.stop();
  }
}
