import { type ByteQueue, first } from '../networking/byte-queue.ts';
import { Slice } from '../networking/bytes.ts';
import { type Redis, serverLog } from '../system.ts';
import { RdbFile } from './rdb-file.ts';

/** A server read other bytes in the middle of an RDB, and ends. */
export class CorruptRdbError extends Error {}

/**
 * The RDB that a transfer brought; null, and the log tells why, where it is no RDB or one of a later version. Bytes of
 * others in its middle end the process: only servers with a broken rule get them (rdb.c rdbLoadRio).
 */
export function receivedRdb(redis: Redis, payload: ByteQueue, from: 'disk' | 'socket'): RdbFile | null {
  const { profile } = redis;
  const head = first(payload);
  const begun = head instanceof Slice && head.from === 0 ? head.whole : head;
  if (!(begun instanceof RdbFile)) {
    serverLog(redis, 'warning', 'Wrong signature trying to load DB from file');
    return null;
  }
  if (begun.rdbVersion > profile.rdbVersion) {
    serverLog(redis, 'warning', `Can't handle RDB format version ${begun.rdbVersion}`);
    return null;
  }
  if (head !== begun) {
    const lines = profile.corruptRdb[from];
    for (const line of lines) serverLog(redis, 'warning', line);
    throw new CorruptRdbError(lines.at(-1));
  }
  return begun;
}
