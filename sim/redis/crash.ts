import { ServerAssertionError } from './assert.ts';
import { type Redis, serverLog } from './system.ts';

/** The exit status of a process that was ended by SIGSEGV: 128 and the signal's number. */
const SEGFAULT = 139;

/**
 * A server whose rules are broken has come to a state that cannot be: it ends there as Redis would, by its own
 * assertion or by reading what is not there. What the log says last, or null where the error is of another kind
 * (debug.c _serverAssert, sigsegvHandler).
 */
export function crash(redis: Redis, error: unknown): string | null {
  const isAssertion = error instanceof ServerAssertionError;
  if (!isAssertion && !(error instanceof TypeError)) return null;
  const message = isAssertion
    ? `==> ${error.message}`
    : `Redis ${redis.profile.version} crashed by signal: 11`;
  const title = isAssertion ? '=== ASSERTION FAILED ===' : '=== REDIS BUG REPORT START ===';
  serverLog(redis, 'warning', title);
  serverLog(redis, 'warning', message);
  redis.system.exit(SEGFAULT);
  // A process that has crashed handles nothing any more.
  redis.server.blockedUntil = Number.MAX_SAFE_INTEGER;
  return message;
}
