import type { Mutant } from './mutant.ts';

/** The stream is kept from the request on, not from the fork on. */
export const feedWaitingStart: Mutant = {
  name: 'feed-waiting-start',
  story:
    'What is written before the fork is in the RDB. If the stream is kept for a replica that still waits for its save to ' +
    'begin, it gets those writes twice and comes to be ahead of its master.',
  reference: 'since 2.8.22 (a5a06a8ec)',
  rules: () => ({ canFeedReplicaReplBuffer: ({ rdbOnly }) => !rdbOnly }),
};
