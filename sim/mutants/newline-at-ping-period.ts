import type { Mutant } from './mutant.ts';

/** Replicas that wait for a save get a newline only when others get a PING. */
export const newlineAtPingPeriod: Mutant = {
  name: 'newline-at-ping-period',
  story:
    'A replica that waits for a slow save is kept by a newline each second. At a PING period longer than its timeout it ' +
    'gives up before, and the save was for nothing.',
  reference: 'since 2.8.22 (55ba77270)',
  rules: (real) => ({
    isPresync(redis, slave) {
      const { replicationCronLoops, replPingSlavePeriod } = redis.server;
      return replicationCronLoops % replPingSlavePeriod === 0 && real.isPresync(redis, slave);
    },
  }),
};
