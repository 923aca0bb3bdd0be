import type { Mutant } from './mutant.ts';

/** A master that frees its backlog for want of replicas goes on under its old name. */
export const keepIdOnTtl: Mutant = {
  name: 'keep-id-on-ttl',
  story:
    'Once repl-backlog-ttl has freed the backlog, writes move no offset any more. If the master keeps its id, it later ' +
    'offers an offset that hides them, and whoever took over believes it.',
  reference: 'since 4.0.3 (6ddf0ea29)',
  rules: (real) => ({
    changeReplicationId(redis) {
      const { replBacklog, slaves } = redis.server;
      const freesIt = replBacklog !== null && slaves.length === 0;
      if (!freesIt) real.changeReplicationId(redis);
    },
  }),
};
