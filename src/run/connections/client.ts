import type { Command } from '../../../sim/redis/networking/bytes.ts';
import type { ClientSpec } from '../../scenario/scenario.ts';
import { type Due, TIMER_ORDER } from '../agenda.ts';
import type { Reply } from '../reply-parser.ts';
import type { Tally } from '../tally.ts';
import { timeText } from '../time.ts';
import type { Hub } from './hub.ts';
import type { Channel, Job } from './operator.ts';
import { CALL_CLOSED, CALL_REFUSED, type Caller, Session } from './session.ts';

/** What connections of clients need of the run. */
export interface ClientScope {
  readonly hub: Hub;
  readonly now: () => number;
  readonly schedule: (due: Due) => void;
  /** Adds a line to the story, if one is told. */
  readonly tell: (text: string) => void;
}

const CALL_TEXT: Readonly<Record<string, string>> = {
  [CALL_CLOSED.text!]: 'the connection was closed',
  [CALL_REFUSED.text!]: 'the connection was refused',
};

const nobody: Caller = { sent() {}, answered() {} };

/**
 * A client of `clients`: `count` connections that take its commands in turn. A command that was refused as
 * READONLY or LOADING, lost its connection or got no answer in time is sent again after `retry`, to wherever
 * the client points by then.
 */
export class Client implements Channel {
  readonly spec: ClientSpec;
  readonly tally: Tally;
  readonly #slots: Slot[];
  readonly #queue: Job[] = [];
  readonly #tell: (text: string) => void;
  #turn = 0;
  #inTrouble = false;

  constructor(spec: ClientSpec, node: number, tally: Tally, scope: ClientScope) {
    this.spec = spec;
    this.tally = tally;
    this.#tell = scope.tell;
    this.#slots = Array.from({ length: spec.count }, () => new Slot(this, node, scope));
  }

  /** From now on it talks to these nodes, its connections spread over them. */
  point(nodes: readonly number[]): void {
    this.#slots.forEach((slot, i) => {
      slot.point(nodes[i % nodes.length]!);
    });
  }

  /** Sends over the next free connection; false where all of them are waiting. */
  trySend(command: Command, caller: Caller = nobody): boolean {
    for (let i = 0; i < this.#slots.length; i++) {
      const slot = this.#slots[(this.#turn + i) % this.#slots.length]!;
      if (slot.busy) continue;
      this.#turn = (this.#turn + i + 1) % this.#slots.length;
      slot.start(command, caller);
      return true;
    }
    return false;
  }

  enqueue(command: Command, caller: Caller): void {
    if (!this.trySend(command, caller)) this.#queue.push({ command, caller });
  }

  /** Tells when its retries begin and when a command gets through again, not each of them. */
  trouble(why: string | null): void {
    if (this.#inTrouble === (why !== null)) return;
    this.#inTrouble = why !== null;
    this.#tell(why === null ? `${this.spec.name} is served again` : `${this.spec.name} retries: ${why}`);
  }

  /** One of its connections has nothing to do any more. */
  free(): void {
    const job = this.#queue.shift();
    if (job !== undefined) this.enqueue(job.command, job.caller);
  }
}

/** One connection of a client and the command that is under way on it, through all its retries. */
class Slot implements Caller {
  readonly #client: Client;
  readonly #scope: ClientScope;
  readonly #session: Session;
  readonly #timeout: Timer;
  readonly #retry: Timer;
  #target: number;
  #command: Command | null = null;
  #caller: Caller = nobody;
  #told = false;

  constructor(client: Client, node: number, scope: ClientScope) {
    this.#client = client;
    this.#scope = scope;
    this.#target = node;
    this.#session = new Session(scope.hub, node);
    this.#timeout = new Timer(scope, () => this.#timedOut());
    this.#retry = new Timer(scope, () => this.#attempt());
  }

  get busy(): boolean {
    return this.#command !== null;
  }

  point(node: number): void {
    this.#target = node;
    if (!this.#session.busy && this.#session.node !== node) this.#session.drop();
  }

  start(command: Command, caller: Caller): void {
    this.#command = command;
    this.#caller = caller;
    this.#told = false;
    this.#client.tally.sent++;
    this.#attempt();
  }

  sent(): void {
    if (this.#told) return;
    this.#told = true;
    this.#caller.sent();
  }

  answered(reply: Reply, wrote: boolean): void {
    this.#timeout.stop();
    const { tally } = this.#client;
    const readonly = reply.kind === 'error' && reply.text!.startsWith('-READONLY');
    if (readonly) tally.refusedWrite();
    if (readonly || reply.kind === 'call' || (reply.kind === 'error' && reply.text!.startsWith('-LOADING'))) {
      this.#again(reply.kind === 'call' ? (CALL_TEXT[reply.text!] ?? '') : reply.text!.slice(1));
      return;
    }
    this.#client.trouble(null);
    if (reply.kind === 'error') tally.errors++;
    else tally.acknowledged++;
    if (wrote) tally.wrote(this.#scope.now());
    const caller = this.#caller;
    this.#command = null;
    this.#caller = nobody;
    caller.answered(reply, wrote);
    if (!this.busy) this.#client.free();
  }

  #attempt(): void {
    this.#client.tally.attempt(this.#scope.now());
    if (this.#session.node !== this.#target) {
      this.#session.drop();
      this.#session.node = this.#target;
    }
    this.#timeout.start(this.#client.spec.timeout);
    this.#session.request(this.#command!, this);
  }

  #timedOut(): void {
    this.#session.drop();
    this.#again(`no reply within ${timeText(this.#client.spec.timeout)}`);
  }

  #again(why: string): void {
    this.#client.trouble(why);
    this.#client.tally.retries++;
    this.#retry.start(this.#client.spec.retry);
  }
}

/** A timer that can be started anew and stopped; it stands on the agenda once however often it is started. */
class Timer implements Due {
  readonly order = TIMER_ORDER;
  time = 0;
  readonly #scope: ClientScope;
  readonly #action: () => void;
  #queued = false;
  /** When to act, or -1. */
  #at = -1;

  constructor(scope: ClientScope, action: () => void) {
    this.#scope = scope;
    this.#action = action;
  }

  start(delay: number): void {
    if (!Number.isFinite(delay)) return;
    this.#at = this.#scope.now() + delay;
    if (!this.#queued) this.#enqueue();
  }

  stop(): void {
    this.#at = -1;
  }

  act(): void {
    this.#queued = false;
    if (this.#at < 0) return;
    if (this.#at > this.#scope.now()) {
      this.#enqueue();
      return;
    }
    this.#at = -1;
    this.#action();
  }

  #enqueue(): void {
    this.#queued = true;
    this.time = this.#at;
    this.#scope.schedule(this);
  }
}
