import type { RedisServer } from '../redis/server.ts';

/** What must hold of one server after every event that touched it (PROTOCOL 9.3). */
export interface Invariant {
  readonly name: string;
  /** What is wrong, with the values; null where all is well. Allocates nothing then. */
  check(server: RedisServer): string | null;
}
