import type { RedisServer } from '../redis/server.ts';
import type { Invariant } from './invariant.ts';

/**
 * A master with replicas has a backlog (PROTOCOL 9.3, 3; asserted in replicationFeedSlaves). A replica may be
 * without one while it synchronizes, but it has just dropped its own replicas then.
 */
export const replicasNeedBacklog: Invariant = {
  name: 'replicas-need-backlog',
  check(server: RedisServer): string | null {
    if (server.masterhost !== null || server.slaves.length === 0 || server.replBacklog !== null) return null;
    return `a master with ${server.slaves.length} replicas has no backlog`;
  },
};
