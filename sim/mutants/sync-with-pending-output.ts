import type { Mutant } from './mutant.ts';

/** A client whose replies are still to be written becomes a replica all the same. */
export const syncWithPendingOutput: Mutant = {
  name: 'sync-with-pending-output',
  story:
    'Replies that wait for a client when it says PSYNC come out later, in the middle of its RDB or its stream, and are ' +
    'read as a part of that.',
  reference: 'since 2.8.0-rc1 (d2a0348a4, 0ed6daa48)',
  rules: () => ({ hasRepliesInTheWay: () => false }),
};
