import { connect, type Socket } from 'node:net';
import { LOCALHOST } from '../../sim/network/address.ts';
import { Command, Text } from '../../sim/redis/networking/bytes.ts';
import { type Reply, ReplyParser } from '../run/reply-parser.ts';

/** A connection beside those of the scenario, over which the program itself asks a server. */
export class Control {
  readonly #socket: Socket;
  readonly #parser = new ReplyParser();
  readonly #passwords: () => readonly string[];
  readonly #waiting: ((reply: Reply | null) => void)[] = [];
  #closed = false;

  /** `passwords` are those that the server may ask for, the likeliest first. */
  constructor(port: number, passwords: () => readonly string[]) {
    this.#passwords = passwords;
    this.#socket = connect({ port, host: LOCALHOST, noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text) => this.#received(String(text)));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.#closed = true;
      for (const answer of this.#waiting.splice(0)) answer(null);
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The reply, or null where the connection ended before it came. */
  async ask(...argv: readonly string[]): Promise<Reply | null> {
    const reply = await this.#send(argv);
    if (reply?.text?.startsWith('-NOAUTH') !== true) return reply;
    for (const password of this.#passwords()) {
      const answer = await this.#send(['AUTH', password]);
      if (answer?.text === '+OK') return this.#send(argv);
    }
    return reply;
  }

  #send(argv: readonly string[]): Promise<Reply | null> {
    if (this.#closed) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#socket.write(new Command(argv).text(), 'latin1');
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #received(text: string): void {
    this.#parser.feed(new Text(text));
    for (;;) {
      const reply = this.#parser.next();
      if (reply === undefined) return;
      this.#waiting.shift()?.(reply);
    }
  }
}
