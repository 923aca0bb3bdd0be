import { type Redis, serverLog } from './system.ts';

/** The process ends over something that must not be, and says what (debug.c _serverPanic). */
export function serverPanic(redis: Redis, message: string): void {
  const line = '-'.repeat(48);
  serverLog(redis, 'warning', line);
  serverLog(redis, 'warning', '!!! Software Failure. Press left mouse button to continue');
  serverLog(redis, 'warning', `Guru Meditation: ${message}`);
  serverLog(redis, 'warning', line);
  redis.system.exit(1);
  redis.server.blockedUntil = Number.MAX_SAFE_INTEGER;
}
