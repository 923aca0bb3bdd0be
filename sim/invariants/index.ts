import type { RedisServer } from '../redis/server.ts';
import { appliedOffset } from './applied-offset.ts';
import type { Invariant } from './invariant.ts';
import { masterWithoutLink } from './master-without-link.ts';
import { oneMasterLink } from './one-master-link.ts';
import { replicasNeedBacklog } from './replicas-need-backlog.ts';
import { secondIdBound } from './second-id-bound.ts';
import { windowArithmetic } from './window.ts';

export type { Invariant } from './invariant.ts';
export { WINDOW } from './window.ts';

/** What is checked of a server after every event that touched it. */
export const SERVER_INVARIANTS: readonly Invariant[] = [
  masterWithoutLink,
  oneMasterLink,
  replicasNeedBacklog,
  windowArithmetic,
  secondIdBound,
  appliedOffset,
];

/** Whether none of them is broken. It is asked after every event: calls by name can be inlined, a loop's cannot. */
export function isSound(server: RedisServer): boolean {
  return (
    masterWithoutLink.check(server) === null &&
    oneMasterLink.check(server) === null &&
    replicasNeedBacklog.check(server) === null &&
    windowArithmetic.check(server) === null &&
    secondIdBound.check(server) === null &&
    appliedOffset.check(server) === null
  );
}

/**
 * Under one replication id there is one history: whoever is at one offset of it holds the same data, whoever is
 * allowed to go on from an offset has the very bytes before it that the other has, and only one process ever writes
 * under an id (PROTOCOL 9.3, 8 and 9).
 */
export const ONE_HISTORY = 'one-history';

/**
 * The stream has one text: at each offset of a history every server has the same bytes, whether its own clients
 * wrote them, its master sent them, or it took them up again after +CONTINUE; and nobody is ahead of its master
 * (PROTOCOL 9.3, 7 and 8).
 */
export const CONTINUITY = 'continuity';

/**
 * A former history is served only up to where the server left it, the bound that second_replid_offset is to be
 * (masterTryPartialResynchronization).
 */
export const FENCE = 'the-fence';

/**
 * Nobody synchronizes in full whose master holds all that it has and keeps the rest, but where a rule of Redis wants it:
 * that is what replication ids, the second one and the backlog are for (PSYNC2, since 4.0).
 */
export const NO_NEEDLESS_FULL_SYNC = 'no-needless-full-sync';

/**
 * An acknowledged write is lost only as Redis says that it may be: not yet replicated, not waited for, not saved; and a
 * WAIT counts nobody who has not the write (redis.io on replication and WAIT, PROTOCOL 2.16 and 2.17).
 */
export const ACKNOWLEDGED_WRITES = 'acknowledged-writes';

/**
 * Once nothing is done any more, replicas that can reach their masters are online and hold the same data, within what
 * the timeouts, the data and the links allow (PROTOCOL 5, T1 to T12).
 */
export const CONVERGENCE = 'convergence';

/**
 * No server ends itself because of what it came to: no assertion of its own fails, it reads nothing that is not there, and
 * what it loads is an RDB from the first byte to the last (debug.c _serverAssert, rdb.c rdbReportError).
 */
export const NO_CRASH = 'no-crash';

/** The names that `violates` takes. */
export const INVARIANT_NAMES: readonly string[] = [
  ...SERVER_INVARIANTS.map(({ name }) => name),
  ONE_HISTORY,
  CONTINUITY,
  FENCE,
  NO_NEEDLESS_FULL_SYNC,
  ACKNOWLEDGED_WRITES,
  CONVERGENCE,
  NO_CRASH,
];
