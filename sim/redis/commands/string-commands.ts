import {
  dbAdd,
  dbOverwrite,
  lookupKeyRead,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  setExpire,
  setKey,
  signalModifiedKey,
  wrongType,
} from '../data/db.ts';
import type { Client } from '../networking/client.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  addReplyNull,
  addReplyText,
  shared,
} from '../networking/reply.ts';
import { mstime, type Redis } from '../system.ts';
import { addReplyErrorArity, getLongLongFromObjectOrReply } from './arguments.ts';
import { rewriteClientCommandVector } from './execute.ts';
import { addLongLong, getLongLong, multiplyAdd } from './numbers.ts';
import { PLAIN, parseSetOptions, type SetOptions } from './set-options.ts';

/** The longest string there may be, in bytes. */
const MAX_STRING_BYTES = 512 * 1024 * 1024;

/** When a time to live ends, in absolute milliseconds; undefined where it is none, which is answered. */
export function getExpireMillisecondsOrReply(
  redis: Redis,
  c: Client,
  expire: string,
  unitMs: number,
  isAbsolute: boolean,
): number | undefined {
  const { profile } = redis;
  const parsed = getLongLongFromObjectOrReply(redis, c, expire);
  if (parsed === undefined) return undefined;
  const { value, overflows } = multiplyAdd(expire, unitMs, isAbsolute ? 0 : mstime(redis));
  if (parsed > 0 && !(overflows && profile.refusesOverflowingTimes)) return value;
  addReplyError(redis, c, profile.invalidExpireTime.replace('{}', c.cmd));
  return undefined;
}

/** t_string.c setGenericCommand. */
function setGenericCommand(redis: Redis, c: Client, key: string, value: string, options: SetOptions): void {
  const { condition, expire, unitMs } = options;
  let milliseconds = 0;
  if (expire !== null) {
    const value = getExpireMillisecondsOrReply(redis, c, expire, unitMs, options.isAbsolute);
    if (value === undefined) return;
    milliseconds = value;
  }
  if (options.get && !getGenericCommand(redis, c)) return;
  if (condition !== null) {
    const exists = lookupKeyWrite(redis, c.db, key) !== undefined;
    if (exists === (condition === 'nx')) {
      if (!options.get) addReply(redis, c, options.refused);
      return;
    }
  }
  const ttl = options.keepTtl ? (lookupKeyWrite(redis, c.db, key)?.expireAt ?? null) : null;
  setKey(redis, c.db, key, value);
  redis.server.dirty++;
  if (ttl !== null) setExpire(redis, c, c.db, key, ttl);
  if (expire !== null) {
    setExpire(redis, c, c.db, key, milliseconds);
    if (redis.profile.propagatesAbsoluteTimes) {
      rewriteClientCommandVector(c, 'SET', key, value, 'PXAT', String(milliseconds));
    }
  } else if (options.get) {
    const isGet = (arg: string, i: number): boolean => i >= 3 && arg.toLowerCase() === 'get';
    rewriteClientCommandVector(c, ...c.argv.filter((arg, i) => !isGet(arg, i)));
  }
  if (!options.get) addReply(redis, c, options.done);
}

/** SET key value [NX|XX] [EX seconds|PX milliseconds], in Redis 7 also EXAT, PXAT, KEEPTTL and GET. */
export function setCommand(redis: Redis, c: Client): void {
  const { argv } = c;
  const options = argv.length === 3 ? PLAIN : parseSetOptions(redis.profile, c);
  if (options === undefined) addReply(redis, c, shared.syntaxerr);
  else setGenericCommand(redis, c, argv[1]!, argv[2]!, options);
}

const IF_NOT_THERE: SetOptions = { ...PLAIN, condition: 'nx', done: shared.cone, refused: shared.czero };

/** SETNX key value. */
export function setnxCommand(redis: Redis, c: Client): void {
  setGenericCommand(redis, c, c.argv[1]!, c.argv[2]!, IF_NOT_THERE);
}

/** SETEX key seconds value. */
export function setexCommand(redis: Redis, c: Client): void {
  setGenericCommand(redis, c, c.argv[1]!, c.argv[3]!, { ...PLAIN, expire: c.argv[2]!, unitMs: 1000 });
}

/** PSETEX key milliseconds value. */
export function psetexCommand(redis: Redis, c: Client): void {
  setGenericCommand(redis, c, c.argv[1]!, c.argv[3]!, { ...PLAIN, expire: c.argv[2]!, unitMs: 1 });
}

/** GET key. */
export function getCommand(redis: Redis, c: Client): void {
  getGenericCommand(redis, c);
}

/** Answers what a key holds; false where that is no string (t_string.c getGenericCommand). */
export function getGenericCommand(redis: Redis, c: Client): boolean {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.nil);
  if (entry === undefined) return true;
  if (typeof entry.value !== 'string') {
    addReply(redis, c, shared.wrongtypeerr);
    return false;
  }
  addReplyBulk(redis, c, entry.value);
  return true;
}

/** GETSET key value. */
export function getsetCommand(redis: Redis, c: Client): void {
  if (!getGenericCommand(redis, c)) return;
  setKey(redis, c.db, c.argv[1]!, c.argv[2]!);
  redis.server.dirty++;
  if (redis.profile.extendedSet) rewriteClientCommandVector(c, 'SET', c.argv[1]!, c.argv[2]!);
}

/** MGET key [key ...]. */
export function mgetCommand(redis: Redis, c: Client): void {
  addReplyArrayLen(redis, c, c.argv.length - 1);
  for (let i = 1; i < c.argv.length; i++) {
    const value = lookupKeyRead(redis, c.db, c.argv[i]!)?.value;
    if (typeof value === 'string') addReplyBulk(redis, c, value);
    else addReplyNull(redis, c);
  }
}

/** MSET key value [key value ...]. */
export function msetCommand(redis: Redis, c: Client): void {
  msetGenericCommand(redis, c, false);
}

/** MSETNX key value [key value ...]: all of them, or none where one is there. */
export function msetnxCommand(redis: Redis, c: Client): void {
  msetGenericCommand(redis, c, true);
}

function msetGenericCommand(redis: Redis, c: Client, nx: boolean): void {
  const { argv } = c;
  if (argv.length % 2 === 0) {
    addReplyErrorArity(redis, c, 'MSET');
    return;
  }
  if (nx) {
    for (let i = 1; i < argv.length; i += 2) {
      if (lookupKeyWrite(redis, c.db, argv[i]!) === undefined) continue;
      addReply(redis, c, shared.czero);
      return;
    }
  }
  for (let i = 1; i < argv.length; i += 2) setKey(redis, c.db, argv[i]!, argv[i + 1]!);
  redis.server.dirty += (argv.length - 1) / 2;
  addReply(redis, c, nx ? shared.cone : shared.ok);
}

/** INCR key. */
export function incrCommand(redis: Redis, c: Client): void {
  incrDecrCommand(redis, c, '1');
}

/** DECR key. */
export function decrCommand(redis: Redis, c: Client): void {
  incrDecrCommand(redis, c, '-1');
}

/** INCRBY key increment. */
export function incrbyCommand(redis: Redis, c: Client): void {
  if (getLongLongFromObjectOrReply(redis, c, c.argv[2]!) === undefined) return;
  incrDecrCommand(redis, c, c.argv[2]!);
}

const LEAST_INT64 = '-9223372036854775808';

/** DECRBY key decrement. */
export function decrbyCommand(redis: Redis, c: Client): void {
  const decrement = c.argv[2]!;
  if (getLongLongFromObjectOrReply(redis, c, decrement) === undefined) return;
  if (decrement === LEAST_INT64) {
    // Its negation is itself in 64 bits, and 5.0 adds that.
    if (redis.profile.wordsErrorsAnew) addReplyError(redis, c, 'decrement would overflow');
    else incrDecrCommand(redis, c, decrement);
    return;
  }
  incrDecrCommand(redis, c, decrement.startsWith('-') ? decrement.slice(1) : `-${decrement}`);
}

/** t_string.c incrDecrCommand; the increment is a 64-bit integer in decimal. */
function incrDecrCommand(redis: Redis, c: Client, increment: string): void {
  const key = c.argv[1]!;
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry !== undefined && wrongType(redis, c, entry.value, 'string')) return;
  const old = (entry?.value ?? '0') as string;
  if (getLongLong(old) === undefined) {
    addReplyError(redis, c, 'value is not an integer or out of range');
    return;
  }
  const value = addLongLong(old, increment);
  if (value === undefined) {
    addReplyError(redis, c, 'increment or decrement would overflow');
    return;
  }
  if (entry === undefined) dbAdd(redis, c.db, key, value);
  else dbOverwrite(redis, c.db, key, value);
  signalModifiedKey(redis, c.db, key);
  redis.server.dirty++;
  addReplyText(redis, c, `:${value}\r\n`);
}

/** Whether a string may be so long; where not, that is answered (t_string.c checkStringLength). */
export function checkStringLength(redis: Redis, c: Client, length: number): boolean {
  if (length <= MAX_STRING_BYTES) return true;
  const limit = redis.profile.wordsErrorsAnew ? 'proto-max-bulk-len' : '512MB';
  addReplyError(redis, c, `string exceeds maximum allowed size (${limit})`);
  return false;
}

/** APPEND key value. */
export function appendCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  const appended = c.argv[2]!;
  const entry = lookupKeyWrite(redis, c.db, key);
  let value = appended;
  if (entry === undefined) {
    dbAdd(redis, c.db, key, appended);
  } else {
    if (wrongType(redis, c, entry.value, 'string')) return;
    const old = entry.value as string;
    if (!checkStringLength(redis, c, old.length + appended.length)) return;
    value = old + appended;
    dbOverwrite(redis, c.db, key, value);
  }
  signalModifiedKey(redis, c.db, key);
  redis.server.dirty++;
  addReplyLongLong(redis, c, value.length);
}

/** STRLEN key. */
export function strlenCommand(redis: Redis, c: Client): void {
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'string')) return;
  addReplyLongLong(redis, c, (entry.value as string).length);
}
