import { NO_REPLID } from '../../sim/redis/server.ts';

/** Replication ids by their names: `A#2` is the second that A made. */
export class History {
  readonly #names: ReadonlyMap<string, string>;

  constructor(names: ReadonlyMap<string, string>) {
    this.#names = names;
  }

  name(replid: string): string {
    if (replid === '?' || replid === NO_REPLID) return replid === '?' ? '?' : 'none';
    return this.#names.get(replid) ?? `${replid.slice(0, 8)}…`;
  }
}
