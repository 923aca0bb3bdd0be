import type { Client } from '../networking/client.ts';
import { addReplyError } from '../networking/reply.ts';
import { mstime, type Redis } from '../system.ts';
import { getLongLong } from './numbers.ts';

/** An argument as a 64-bit integer; undefined, and the error answered, where it is none. */
export function getLongLongFromObjectOrReply(
  redis: Redis,
  c: Client,
  text: string,
  message = 'value is not an integer or out of range',
): number | undefined {
  const value = getLongLong(text);
  if (value === undefined) addReplyError(redis, c, message);
  return value;
}

/**
 * A timeout as the mstime at which it ends, 0 for none; undefined, and the error answered, where it is no number
 * or negative (blocked.c getTimeoutFromObjectOrReply).
 */
export function getTimeoutFromText(
  redis: Redis,
  c: Client,
  text: string,
  unit: 'seconds' | 'milliseconds',
): number | undefined {
  const value = getLongLongFromObjectOrReply(redis, c, text, 'timeout is not an integer or out of range');
  if (value === undefined) return undefined;
  if (value < 0) {
    addReplyError(redis, c, 'timeout is negative');
    return undefined;
  }
  return value === 0 ? 0 : (unit === 'seconds' ? value * 1000 : value) + mstime(redis);
}

/** Answers that a command has no such subcommand (networking.c addReplySubcommandSyntaxError). */
export function addReplySubcommandSyntaxError(redis: Redis, c: Client): void {
  const name = c.argv[0]!.toUpperCase();
  addReplyError(
    redis,
    c,
    `Unknown subcommand or wrong number of arguments for '${c.argv[1]}'. Try ${name} HELP.`,
  );
}
