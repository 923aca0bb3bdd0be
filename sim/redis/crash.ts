import { ServerAssertionError } from './assert.ts';
import { CorruptRdbError } from './rdb/received-rdb.ts';
import { type Redis, serverLog } from './system.ts';

/** The exit status of a process that was ended by SIGSEGV: 128 and the signal's number. */
const SEGFAULT = 139;

/**
 * A server whose rules are broken has come to a state that cannot be: it ends there as Redis would, by its own
 * assertion, by reading what is not there, or because an RDB is none. What the log says of it, or null where the error is
 * of another kind (debug.c _serverAssert, sigsegvHandler, rdb.c rdbReportError).
 */
export function crash(redis: Redis, error: unknown): string | null {
  if (error instanceof CorruptRdbError) return end(redis, 1, error.message);
  const isAssertion = error instanceof ServerAssertionError;
  if (!isAssertion && !(error instanceof TypeError)) return null;
  const message = isAssertion
    ? `==> ${error.message}`
    : `Redis ${redis.profile.version} crashed by signal: 11`;
  const title = isAssertion ? '=== ASSERTION FAILED ===' : '=== REDIS BUG REPORT START ===';
  serverLog(redis, 'warning', title);
  serverLog(redis, 'warning', message);
  return end(redis, SEGFAULT, message);
}

function end(redis: Redis, code: number, message: string): string {
  redis.system.exit(code);
  // A process that has crashed handles nothing any more.
  redis.server.blockedUntil = Number.MAX_SAFE_INTEGER;
  return message;
}
