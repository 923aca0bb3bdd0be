import type { Mutant } from './mutant.ts';

/** From here on an argument is long enough for its last byte to be forgotten. */
const LONG_COMMAND = 100;

/** The backlog misses a byte of long commands that the replicas got. */
export const backlogDropCrlf: Mutant = {
  name: 'backlog-drop-crlf',
  story:
    'Backlog and replicas must be given the very same bytes. Where the backlog misses the last one of a long command, ' +
    'the offsets drift apart, and who resumes reads the next command as a part of this one.',
  reference: 'since 2.8.0-rc2 (c151eb6d9)',
  profile: 'redis-5.0',
  rules: (real) => ({
    feedReplicationBacklogWithObject(redis, object) {
      const { length } = object;
      const isLong = length >= LONG_COMMAND;
      real.feedReplicationBacklogWithObject(redis, isLong ? object.slice(0, length - 1) : object);
    },
  }),
};
