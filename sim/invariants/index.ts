import { appliedOffset } from './applied-offset.ts';
import { backlogArithmetic } from './backlog-arithmetic.ts';
import type { Invariant } from './invariant.ts';
import { masterWithoutLink } from './master-without-link.ts';
import { oneMasterLink } from './one-master-link.ts';
import { replicasNeedBacklog } from './replicas-need-backlog.ts';
import { secondIdBound } from './second-id-bound.ts';

export type { Invariant } from './invariant.ts';

/** What is checked of a server after every event that touched it. */
export const SERVER_INVARIANTS: readonly Invariant[] = [
  masterWithoutLink,
  oneMasterLink,
  replicasNeedBacklog,
  backlogArithmetic,
  secondIdBound,
  appliedOffset,
];

/**
 * Under one replication id there is one history: whoever is allowed to go on from an offset has the very
 * bytes before it that the other has, and only one process ever writes under an id (PROTOCOL 9.3, 8).
 */
export const ONE_HISTORY = 'one-history';

/** The names that `violates` takes. */
export const INVARIANT_NAMES: readonly string[] = [...SERVER_INVARIANTS.map(({ name }) => name), ONE_HISTORY];
