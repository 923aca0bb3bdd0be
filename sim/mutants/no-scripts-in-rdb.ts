import type { Mutant } from './mutant.ts';

/** An RDB brings no scripts. */
export const noScriptsInRdb: Mutant = {
  name: 'no-scripts-in-rdb',
  story:
    'The stream calls a script by its digest once all replicas know it. One that restarts and goes on in the stream knows ' +
    'only what its RDB brought: without the scripts it answers NOSCRIPT and misses the writes.',
  reference: 'since 4.0.4 (452ad2e92)',
  profile: 'redis-5.0',
  rules: (real) => ({
    installDataset(redis, rdb) {
      const scripts = { ...redis.server.scripts };
      const keys = real.installDataset(redis, rdb);
      redis.server.scripts = scripts;
      return keys;
    },
  }),
};
