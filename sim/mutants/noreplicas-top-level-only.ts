import type { Mutant } from './mutant.ts';

/** A script may write although too few replicas are in sync. */
export const noreplicasTopLevelOnly: Mutant = {
  name: 'noreplicas-top-level-only',
  story:
    'EVAL itself writes nothing; what it calls does. If min-replicas-to-write is asked of the outermost command only, a ' +
    'script is let through where a SET is refused, and its write is lost when the old master has to give way.',
  reference: 'since 7.0-rc2 (53c43fcc8)',
  profile: 'redis-7.0',
  rules: (real) => ({
    notEnoughGoodSlaves: (redis) => redis.server.luaCaller === null && real.notEnoughGoodSlaves(redis),
  }),
};
