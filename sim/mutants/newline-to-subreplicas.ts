import { SLAVE_STATE_ONLINE } from '../redis/networking/client.ts';
import { REPL_STATE_CONNECTED } from '../redis/server.ts';
import type { Mutant } from './mutant.ts';

/** A replica without its master sends its own replicas newlines to keep them. */
export const newlineToSubreplicas: Mutant = {
  name: 'newline-to-subreplicas',
  story:
    'While its master is away a node in the middle has nothing to send. Newlines would keep its replicas from timing ' +
    'out, but these count them: each puts them a byte ahead of what they follow.',
  reference: 'since 4.0-rc1 (eab865a0a)',
  rules: (real) => ({
    isPresync(redis, slave) {
      const { masterhost, replState } = redis.server;
      const hasLostMaster = masterhost !== null && replState !== REPL_STATE_CONNECTED;
      return real.isPresync(redis, slave) || (hasLostMaster && slave.replstate === SLAVE_STATE_ONLINE);
    },
  }),
};
