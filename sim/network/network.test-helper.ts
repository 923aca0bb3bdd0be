import { RandomStreams } from '../kernel/random.ts';
import { Scheduler } from '../kernel/scheduler.ts';
import type { LinkSettings } from './link.ts';
import { Network } from './network.ts';
import type { Payload } from './payload.ts';

/** Bytes of a text, or so many of one kind. */
export class TestBytes implements Payload {
  readonly text: string;
  readonly length: number;

  constructor(text: string) {
    this.text = text;
    this.length = text.length;
  }

  slice(from: number, to: number): TestBytes {
    return new TestBytes(this.text.slice(from, to));
  }
}

export function bytes(content: string | number): TestBytes {
  return new TestBytes(typeof content === 'number' ? 'x'.repeat(content) : content);
}

export const MS = 1000;
export const SECOND = 1_000_000;
const FIRST_KIND = 10;

/** 100 µs one way, and so quick that the sizes of small things do not show. */
export const LAN: LinkSettings = { latency: 100, jitter: 0, loss: 0, bandwidth: 1_250_000_000 };

/** A network whose upcalls are written down as lines `<time> <what> <host> <fd>`, and handed to `on`. */
export class TestNetwork {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly log: string[] = [];
  /** The fds that were accepted, in order. */
  readonly accepted: number[] = [];
  on: (what: string, host: number, fd: number) => void = () => {};
  #inCall = true;

  constructor(settings: Partial<LinkSettings> = {}, seed = '1', hosts: readonly string[] = ['A', 'B', 'C']) {
    this.scheduler = new Scheduler();
    const tell = (what: string, host: number, fd: number, more = '') => {
      if (this.#inCall) throw new Error(`${what} was told from within a call`);
      this.log.push(`${this.scheduler.now} ${what} ${host} ${fd}${more}`);
      if (what === 'accepted') this.accepted.push(fd);
      this.on(what, host, fd);
    };
    this.network = new Network(
      this.scheduler,
      new RandomStreams(seed),
      () => ({ ...LAN, ...settings }),
      {
        accepted: (host, fd) => tell('accepted', host, fd),
        connected: (host, fd) => tell('connected', host, fd),
        connectFailed: (host, fd, errno) => tell('failed', host, fd, ` ${errno}`),
        readable: (host, fd) => tell('readable', host, fd),
        writable: (host, fd) => tell('writable', host, fd),
      },
      FIRST_KIND,
      hosts,
    );
  }

  /** Handles everything up to a time, or to the end; leaves the clock there. */
  run(until = Number.MAX_SAFE_INTEGER): void {
    const { scheduler, network } = this;
    if (until !== Number.MAX_SAFE_INTEGER) scheduler.schedule(until, 0, 0, 0);
    while (scheduler.next(until)) {
      if (scheduler.kind === 0) continue;
      this.#inCall = false;
      network.handle(scheduler.kind, scheduler.a, scheduler.b);
      this.#inCall = true;
    }
  }

  /** Runs for so many microseconds more. */
  pass(micros: number): void {
    this.run(this.scheduler.now + micros);
  }

  /** What was told since the last time it was asked. */
  told(): string[] {
    return this.log.splice(0);
  }

  /** An established connection between two hosts: the fds of its client and its server. */
  open(from = 0, to = 1, port = 6379): [number, number] {
    this.network.listen(to, port);
    const client = this.network.connect(from, `10.0.0.${to + 1}`, port);
    this.run();
    const server = this.accepted.at(-1)!;
    this.told();
    return [client, server];
  }

  /** Everything that can be read, as text, with the result that ended it. */
  drain(fd: number, max = 16_384): string {
    let text = '';
    for (;;) {
      const result = this.network.read(fd, max);
      if (typeof result === 'string') return `${text}<${result}>`;
      text += (result as TestBytes).text;
    }
  }

  /** Writes a text; what write gave. */
  send(fd: number, content: string | number): number | string {
    return this.network.write(fd, bytes(content));
  }
}
