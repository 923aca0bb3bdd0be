import type { Redis } from '../system.ts';

/** Forgets which scripts every replica knows, so that EVALSHA goes out as EVAL again (seed 3.3.10.1). */
export function replicationScriptCacheFlush(redis: Redis): void {
  redis.server.replScriptcacheFifo = [];
}

/** Remembers that every replica knows a script; the oldest is forgotten when the cache is full. */
export function replicationScriptCacheAdd(redis: Redis, sha1: string): void {
  const { server } = redis;
  if (server.replScriptcacheFifo.length === server.replScriptcacheSize) server.replScriptcacheFifo.pop();
  server.replScriptcacheFifo.unshift(sha1);
}

/** Whether every replica knows the script (replication.c replicationScriptCacheExists). */
export function replicationScriptCacheExists(redis: Redis, sha1: string): boolean {
  return redis.server.replScriptcacheFifo.includes(sha1);
}
