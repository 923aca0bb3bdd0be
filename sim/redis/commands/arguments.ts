import type { Client } from '../networking/client.ts';
import { addReplyError } from '../networking/reply.ts';
import { mstime, type Redis } from '../system.ts';
import { getLongDouble, getLongLong } from './numbers.ts';

/** How many bytes of an argument an error quotes. */
const QUOTED_LIMIT = 128;

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
  const value =
    unit === 'seconds' && redis.profile.takesFractionalTimeouts
      ? fractionalSeconds(redis, c, text)
      : getLongLongFromObjectOrReply(redis, c, text, 'timeout is not an integer or out of range');
  if (value === undefined) return undefined;
  if (value < 0) {
    addReplyError(redis, c, 'timeout is negative');
    return undefined;
  }
  return value === 0 ? 0 : (unit === 'seconds' ? Math.ceil(value * 1000) : value) + mstime(redis);
}

/** The least number that 64 bits do not hold. */
const BEYOND_INT64 = Number(1n << 63n);

/** Seconds with decimals; those beyond 64 bits of milliseconds come out negative, as a cast makes them. */
function fractionalSeconds(redis: Redis, c: Client, text: string): number | undefined {
  const seconds = getLongDouble(text);
  if (seconds === undefined) addReplyError(redis, c, 'timeout is not a float or out of range');
  else if (seconds * 1000 >= BEYOND_INT64) return -1;
  return seconds;
}

/** Answers that a command has the wrong number of arguments; 5.0 says it of the command it had in mind (addReplyErrorArity). */
export function addReplyErrorArity(redis: Redis, c: Client, nameIn5: string): void {
  const name = redis.profile.wordsErrorsAnew ? `'${c.cmd}' command` : nameIn5;
  addReplyError(redis, c, `wrong number of arguments for ${name}`);
}

/** Answers that a command has no such subcommand (networking.c addReplySubcommandSyntaxError). */
export function addReplySubcommandSyntaxError(redis: Redis, c: Client): void {
  const name = c.argv[0]!.toUpperCase();
  const unknown = redis.profile.wordsErrorsAnew ? 'unknown' : 'Unknown';
  const sub = c.argv[1]!.slice(0, QUOTED_LIMIT).replace(/[\r\n]/g, ' ');
  addReplyError(
    redis,
    c,
    `${unknown} subcommand or wrong number of arguments for '${sub}'. Try ${name} HELP.`,
  );
}
