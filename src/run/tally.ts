import type { ClientResult } from './result.ts';

/**
 * What a workload entry, a repeat or a client did, and for how long no write of it was acknowledged. A
 * skipped tick is an attempt: there was something to write and no way to.
 */
export class Tally {
  readonly name: string;
  sent = 0;
  acknowledged = 0;
  errors = 0;
  retries = 0;
  skipped = 0;
  #firstAttempt = -1;
  #lastAttempt = -1;
  #lastWrite = -1;
  #gap = 0;
  #writes = false;

  constructor(name: string) {
    this.name = name;
  }

  attempt(now: number): void {
    if (this.#firstAttempt < 0) this.#firstAttempt = now;
    this.#lastAttempt = now;
  }

  /** A command meant as a write got this far: it was acknowledged, or refused as one. */
  wrote(now: number): void {
    this.#writes = true;
    const since = this.#lastWrite < 0 ? this.#firstAttempt : this.#lastWrite;
    this.#gap = Math.max(this.#gap, now - since);
    this.#lastWrite = now;
  }

  refusedWrite(): void {
    this.#writes = true;
  }

  /** Microseconds; 0 for one that wrote nothing and was refused no write. */
  writeGap(): number {
    if (!this.#writes || this.#firstAttempt < 0) return 0;
    const since = this.#lastWrite < 0 ? this.#firstAttempt : this.#lastWrite;
    return Math.max(this.#gap, this.#lastAttempt - since);
  }

  result(): ClientResult {
    const { name, sent, acknowledged, errors, retries, skipped } = this;
    return { name, sent, acknowledged, errors, retries, skipped };
  }
}
