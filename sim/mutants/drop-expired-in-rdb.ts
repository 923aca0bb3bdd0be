import { dbDelete } from '../redis/data/db.ts';
import { keyspaceOf } from '../redis/data/keyspace.ts';
import { mstime } from '../redis/system.ts';
import type { Mutant } from './mutant.ts';

/** A replica leaves out of an RDB what has expired. */
export const dropExpiredInRdb: Mutant = {
  name: 'drop-expired-in-rdb',
  story:
    'A key whose time is over is there until the master deletes it. A replica that leaves it out of the RDB it loads has ' +
    'nothing to delete once it is promoted, and the others keep the key for ever.',
  reference: 'since 4.0.10 (2a887bd53)',
  rules: (real) => ({
    installDataset(redis, rdb) {
      const keys = real.installDataset(redis, rdb);
      const { dbs, masterhost } = redis.server;
      if (masterhost === null) return keys;
      for (const id of Object.keys(dbs).map(Number)) {
        for (;;) {
          const next = keyspaceOf(dbs, id).nextExpiry;
          if (next === null || next.when >= mstime(redis)) break;
          dbDelete(redis, id, next.key);
        }
      }
      return keys;
    },
  }),
};
