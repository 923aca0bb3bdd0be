import { propagatePendingCommands } from '../commands/propagation-7.ts';
import { clientsArePaused } from '../networking/networking.ts';
import { mstime, type Redis } from '../system.ts';
import { deleteExpiredKey } from './db.ts';
import { keyspaceOf } from './keyspace.ts';

/**
 * Deletes keys whose time is over, in the order of their databases, then times, then names. Redis samples keys
 * at random and stops when it has used up its share of the processor; here a slow cycle (serverCron) always
 * finds all that are due, so a fast one (before the loop sleeps), which only follows a slow cycle that was cut
 * short, has nothing to do (expire.c activeExpireCycle).
 */
export function activeExpireCycle(redis: Redis, type: 'slow' | 'fast'): void {
  if (type === 'fast' || clientsArePaused(redis)) return;
  const { server } = redis;
  const now = mstime(redis);
  for (const id of Object.keys(server.dbs)) {
    const dbid = Number(id);
    for (;;) {
      const next = keyspaceOf(server.dbs, dbid).nextExpiry;
      if (next === null || now <= next.when) break;
      deleteExpiredKey(redis, dbid, next.key);
    }
  }
  if (redis.profile.collectsPropagation) propagatePendingCommands(redis, false);
}

/** Deletes due keys of a writable replica to which its own clients gave a TTL (expire.c expireSlaveKeys). */
export function expireSlaveKeys(redis: Redis): void {
  const { server } = redis;
  const now = mstime(redis);
  for (const name of Object.keys(server.slaveKeysWithExpire)) {
    const { db, key } = server.slaveKeysWithExpire[name]!;
    const when = keyspaceOf(server.dbs, db).get(key)?.expireAt ?? null;
    if (when !== null && now <= when) continue;
    if (when !== null) deleteExpiredKey(redis, db, key);
    delete server.slaveKeysWithExpire[name];
  }
}

/** The timer's part for the keys: a master deletes those whose time is over (server.c databasesCron). */
export function databasesCron(redis: Redis): void {
  const { server } = redis;
  if (!server.activeExpireEnabled) return;
  if (server.masterhost === null) activeExpireCycle(redis, 'slow');
  else redis.rules.expireSlaveKeys(redis);
}
