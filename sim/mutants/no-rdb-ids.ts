import { RdbFile } from '../redis/rdb/rdb-file.ts';
import type { Mutant } from './mutant.ts';

/** A server that starts does not read in its RDB which history the data are of. */
export const noRdbIds: Mutant = {
  name: 'no-rdb-ids',
  story:
    'An RDB names the history and the offset of its data. A replica that does not read them when it starts has nothing ' +
    'to offer, and every restart is a full synchronization.',
  reference: 'since 4.0-rc1 (28c96d73b)',
  rules: (real) => ({
    finishBootLoad: (redis, rdb) =>
      real.finishBootLoad(redis, new RdbFile({ ...rdb, repl: null }, rdb.length, rdb.storedLength)),
  }),
};
