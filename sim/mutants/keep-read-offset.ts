import type { Mutant } from './mutant.ts';

/** A cached master still counts, and has still to pass on, what was read and thrown away. */
export const keepReadOffset: Mutant = {
  name: 'keep-read-offset',
  story:
    'What was read of a half command is thrown away when the link breaks, and comes again. If it stays counted, it is ' +
    'counted twice: the replica stands ahead of its master, and those behind it get the half as well as the whole.',
  reference: 'since 4.0-rc3 (22be435ef)',
  rules: (real) => ({
    replicationCacheMaster(redis, c) {
      const { readReploff, pendingQuerybuf } = c;
      c.pendingQuerybuf = { ...pendingQuerybuf };
      real.replicationCacheMaster(redis, c);
      c.readReploff = readReploff;
      c.pendingQuerybuf = pendingQuerybuf;
    },
  }),
};
