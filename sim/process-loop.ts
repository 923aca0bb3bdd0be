import type { Machine } from './machine.ts';
import type { Network } from './network/network.ts';
import {
  FIRST_CRON_DELAY,
  onAccept,
  onChild,
  onPipe,
  onReadable,
  onResume,
  onTimer,
  onWritable,
} from './redis/process.ts';
import { isChildTarget } from './redis/rdb/rdb-socket.ts';
import { NO_TIME, type RedisServer } from './redis/server.ts';
import type { Fd, Redis } from './redis/system.ts';

/** What the event loop of a process wakes up for. */
export type Input = 'accept' | 'readable' | 'writable' | 'timer' | 'pipe';

const MICROS_PER_MILLISECOND = 1000;

interface Waiting {
  readonly input: Input;
  readonly fd: Fd;
}

/**
 * The event loop of one process: an input is handled at once, or waits while the process is blocked or
 * stopped. Then an overdue timer comes once, and after it sockets in the order in which they became ready.
 */
export class ProcessLoop {
  /** When the timer is due again, for whoever schedules it; `NO_TIME` once that is done. */
  nextCron = NO_TIME;
  /** The time for which a resume is scheduled already. */
  resumeAt = NO_TIME;

  readonly #machine: Machine;
  readonly #network: Network;
  #waiting: Waiting[] = [];
  /** What the iteration found that a block interrupted, and has not handled. */
  #iteration: Waiting[] = [];
  #timerDue = false;

  constructor(machine: Machine, network: Network) {
    this.#machine = machine;
    this.#network = network;
  }

  /** A process has started. */
  begin(): void {
    this.#waiting = [];
    this.#iteration = [];
    this.#timerDue = false;
    this.resumeAt = NO_TIME;
    this.nextCron = this.#machine.now() + FIRST_CRON_DELAY;
  }

  /** Something happened that the process waits for. */
  input(input: Input, fd: Fd): void {
    const machine = this.#machine;
    const redis = machine.redis!;
    const { server } = redis;
    if (machine.frozen) {
      if (input !== 'timer') machine.heldBack++;
      this.#wait(input, fd);
    } else if (server.blockedUntil !== NO_TIME) {
      if (input === 'readable' && fd === server.blockedOnFd) this.#unblock(redis);
      else this.#wait(input, fd);
    } else {
      this.#handle(redis, input, fd);
    }
  }

  #wait(input: Input, fd: Fd): void {
    if (input === 'timer') {
      this.#timerDue = true;
      return;
    }
    const isSame = (item: Waiting): boolean => item.input === input && item.fd === fd;
    if (!this.#waiting.some(isSame) && !this.#iteration.some(isSame)) this.#waiting.push({ input, fd });
  }

  /** A block has come to its end, or the process goes on after it was stopped. */
  resume(): void {
    const machine = this.#machine;
    const redis = machine.redis!;
    const { server } = redis;
    if (machine.frozen) return;
    if (server.blockedUntil > machine.now()) return;
    if (server.blockedUntil === NO_TIME) this.#goOn(redis);
    else this.#unblock(redis);
  }

  #unblock(redis: Redis): void {
    this.resumeAt = NO_TIME;
    onResume(redis);
    this.#goOn(redis);
  }

  /**
   * Goes on with the loop after a block or a stop: the rest of the iteration that it interrupted, an overdue timer
   * (aeProcessEvents comes to it before it looks at sockets again; a stop breaks off epoll_wait with EINTR, which
   * ae.c takes for no event), then the sockets that became ready meanwhile. While it loads, its sockets only.
   */
  #goOn(redis: Redis): void {
    const rest = this.#iteration;
    this.#iteration = [];
    this.#handleAll(redis, rest);
    if (isBusy(redis.server)) return;
    this.#overdueTimer(redis);
    if (isBusy(redis.server)) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#handleAll(redis, waiting);
  }

  /** Handles what one iteration found, as far as the process is not blocked anew. */
  #handleAll(redis: Redis, inputs: readonly Waiting[]): void {
    const { server } = redis;
    for (let i = 0; i < inputs.length; i++) {
      if (isBusy(server)) {
        this.#iteration = [...inputs.slice(i), ...this.#iteration];
        return;
      }
      const { input, fd } = inputs[i]!;
      this.#handle(redis, input, fd);
    }
  }

  #overdueTimer(redis: Redis): void {
    const { server } = redis;
    if (!this.#timerDue || server.loading || server.blockedUntil !== NO_TIME) return;
    this.#timerDue = false;
    this.#handle(redis, 'timer', 0);
  }

  #handle(redis: Redis, input: Input, fd: Fd): void {
    switch (input) {
      case 'timer':
        this.nextCron =
          this.#machine.now() + onTimer(redis) * MICROS_PER_MILLISECOND + this.#machine.timerSlip;
        return;
      case 'accept':
        onAccept(redis, fd);
        return;
      case 'pipe':
        onPipe(redis);
        return;
      case 'writable':
        if (isChildTarget(redis, fd)) onChild(redis);
        else if (this.#network.isOpen(fd)) onWritable(redis, fd);
        return;
      case 'readable':
        this.#read(redis, fd);
    }
  }

  /** Reads as long as there is something to be read: one iteration of the loop for each read. */
  #read(redis: Redis, fd: Fd): void {
    const { server } = redis;
    while (this.#network.isReadable(fd)) {
      onReadable(redis, fd);
      if (server.loading) return;
      if (server.blockedUntil !== NO_TIME) {
        if (server.blockedOnFd !== fd) this.#wait('readable', fd);
        return;
      }
    }
  }

  /**
   * The child that streams a snapshot takes a step: one that writes to sockets lives beside the process and is not
   * blocked with it, one that writes to a pipe gives the process something to read.
   */
  child(): void {
    const redis = this.#machine.redis!;
    if (redis.profile.streamsRdbThroughParent) this.input('pipe', 0);
    else onChild(redis);
  }
}

/** Blocked, and not so that it serves its sockets meanwhile, as it does while it loads. */
function isBusy({ load, blockedUntil }: RedisServer): boolean {
  return load?.servesSockets !== true && blockedUntil !== NO_TIME;
}
