import type { Command } from '../../../sim/redis/networking/bytes.ts';
import type { Reply } from '../reply-parser.ts';
import type { Hub } from './hub.ts';
import { type Caller, Session } from './session.ts';

/** A command and who waits for its reply. */
export interface Job {
  readonly command: Command;
  readonly caller: Caller;
}

/** Where a timeline entry sends its commands: each is sent once the one before has its reply. */
export interface Channel {
  enqueue(command: Command, caller: Caller): void;
}

/** The operator's long-lived connection to one node: one command after the reply to the one before. */
export class Operator implements Channel, Caller {
  readonly #session: Session;
  readonly #queue: Job[] = [];
  #job: Job | null = null;

  constructor(hub: Hub, node: number) {
    this.#session = new Session(hub, node);
  }

  enqueue(command: Command, caller: Caller): void {
    if (this.#job !== null) {
      this.#queue.push({ command, caller });
      return;
    }
    this.#job = { command, caller };
    this.#session.request(command, this);
  }

  sent(): void {
    this.#job!.caller.sent();
  }

  answered(reply: Reply, wrote: boolean): void {
    const { caller } = this.#job!;
    this.#job = this.#queue.shift() ?? null;
    const next = this.#job;
    caller.answered(reply, wrote);
    if (next !== null) this.#session.request(next.command, this);
  }
}
