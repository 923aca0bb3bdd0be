import type { Mutant } from './mutant.ts';

/** A cached master still counts as read what was read and thrown away. */
export const keepReadOffset: Mutant = {
  name: 'keep-read-offset',
  story:
    'What was read of a half command is thrown away when the link breaks, and comes again. If it stays counted, it is ' +
    'counted twice, and the replica stands ahead of its master.',
  reference: 'E-27, since 4.0-rc3 (22be435ef)',
  rules: (real) => ({
    replicationCacheMaster(redis, c) {
      const { readReploff } = c;
      real.replicationCacheMaster(redis, c);
      c.readReploff = readReploff;
    },
  }),
};
