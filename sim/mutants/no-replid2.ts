import { clearReplicationId2 } from '../redis/replication/replication-id.ts';
import type { Mutant } from './mutant.ts';

/** A promoted node forgets the name under which everybody knows its past. */
export const noReplid2: Mutant = {
  name: 'no-replid2',
  story:
    'A promoted replica keeps no second id, so its siblings ask for a history that it no longer goes by: every ' +
    'promotion costs a full synchronization of everybody.',
  reference: 'since 4.0-rc1 (2669fb836)',
  rules: (real) => ({
    shiftReplicationId(redis) {
      real.shiftReplicationId(redis);
      clearReplicationId2(redis);
    },
  }),
};
