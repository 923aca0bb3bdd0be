import {
  dbAdd,
  dbDelete,
  dbOverwrite,
  lookupKeyReadOrReply,
  lookupKeyWrite,
  removeExpire,
  setExpire,
  signalModifiedKey,
  wrongType,
} from '../data/db.ts';
import type { Client } from '../networking/client.ts';
import { addReply, addReplyBulk, addReplyError, addReplyLongLong, shared } from '../networking/reply.ts';
import { mstime, type Redis } from '../system.ts';
import { getLongLongFromObjectOrReply } from './arguments.ts';
import { rewriteClientCommandVector } from './execute.ts';
import { addLongDoubles, formatLongDouble, getFiniteLongDouble } from './float-text.ts';
import { TIMES } from './set-options.ts';
import { checkStringLength, getExpireMillisecondsOrReply, getGenericCommand } from './string-commands.ts';

/** SETRANGE key offset value. */
export function setrangeCommand(redis: Redis, c: Client): void {
  const [, key, offsetText, value] = c.argv as [string, string, string, string];
  const offset = getLongLongFromObjectOrReply(redis, c, offsetText);
  if (offset === undefined) return;
  if (offset < 0) {
    addReplyError(redis, c, 'offset is out of range');
    return;
  }
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry !== undefined && wrongType(redis, c, entry.value, 'string')) return;
  const old = (entry?.value ?? '') as string;
  if (value === '') {
    addReplyLongLong(redis, c, old.length);
    return;
  }
  if (!checkStringLength(redis, c, offset + value.length)) return;
  const text = old.slice(0, offset).padEnd(offset, '\0') + value + old.slice(offset + value.length);
  if (entry === undefined) dbAdd(redis, c.db, key, text);
  else dbOverwrite(redis, c.db, key, text);
  signalModifiedKey(redis, c.db, key);
  redis.server.dirty++;
  addReplyLongLong(redis, c, text.length);
}

/** GETRANGE key start end, and SUBSTR, its old name. */
export function getrangeCommand(redis: Redis, c: Client): void {
  const start = getLongLongFromObjectOrReply(redis, c, c.argv[2]!);
  if (start === undefined) return;
  const end = getLongLongFromObjectOrReply(redis, c, c.argv[3]!);
  if (end === undefined) return;
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.emptyBulk);
  if (entry === undefined || wrongType(redis, c, entry.value, 'string')) return;
  const text = entry.value as string;
  if (start < 0 && end < 0 && start > end) {
    addReply(redis, c, shared.emptyBulk);
    return;
  }
  const from = Math.max(0, start < 0 ? text.length + start : start);
  const to = Math.max(0, end < 0 ? text.length + end : end);
  addReplyBulk(redis, c, text.slice(from, to + 1));
}

/** INCRBYFLOAT key increment: replicas hear the result (t_string.c incrbyfloatCommand). */
export function incrbyfloatCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  const entry = lookupKeyWrite(redis, c.db, key);
  if (entry !== undefined && wrongType(redis, c, entry.value, 'string')) return;
  const old = getFiniteLongDouble((entry?.value ?? '0') as string);
  const increment = getFiniteLongDouble(c.argv[2]!);
  if (old === undefined || increment === undefined) {
    addReplyError(redis, c, 'value is not a valid float');
    return;
  }
  if (old === 'infinite' || increment === 'infinite') {
    addReplyError(redis, c, 'increment would produce NaN or Infinity');
    return;
  }
  const value = formatLongDouble(addLongDoubles(old, increment));
  if (entry === undefined) dbAdd(redis, c.db, key, value);
  else dbOverwrite(redis, c.db, key, value);
  signalModifiedKey(redis, c.db, key);
  redis.server.dirty++;
  addReplyBulk(redis, c, value);
  const keepTtl = redis.profile.keepsTtlOfFloats ? ['KEEPTTL'] : [];
  rewriteClientCommandVector(c, 'SET', key, value, ...keepTtl);
}

/** GETDEL key. */
export function getdelCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  if (!getGenericCommand(redis, c) || !dbDelete(redis, c.db, key)) return;
  rewriteClientCommandVector(c, 'DEL', key);
  signalModifiedKey(redis, c.db, key);
  redis.server.dirty++;
}

/** GETEX key [EX seconds|PX milliseconds|EXAT time|PXAT time|PERSIST]: never propagated as it is. */
export function getexCommand(redis: Redis, c: Client): void {
  const [, key, option, text, ...rest] = c.argv as [string, string, ...string[]];
  const time = TIMES.get(option?.toLowerCase() ?? '');
  const persists = option?.toLowerCase() === 'persist' && text === undefined;
  if (rest.length > 0 || (option !== undefined && !persists && (time === undefined || text === undefined))) {
    addReply(redis, c, shared.syntaxerr);
    return;
  }
  const entry = lookupKeyReadOrReply(redis, c, key, shared.nil);
  if (entry === undefined || wrongType(redis, c, entry.value, 'string')) return;
  let when: number | undefined;
  if (time !== undefined) {
    when = getExpireMillisecondsOrReply(redis, c, text!, time.unitMs, time.isAbsolute);
    if (when === undefined) return;
  }
  addReplyBulk(redis, c, entry.value as string);
  const { server } = redis;
  if (when !== undefined) {
    const isOver = time!.isAbsolute && when <= mstime(redis) && !server.loading && server.masterhost === null;
    if (isOver) {
      dbDelete(redis, c.db, key);
      rewriteClientCommandVector(c, server.lazyfreeLazyExpire ? 'UNLINK' : 'DEL', key);
    } else {
      setExpire(redis, c, c.db, key, when);
      rewriteClientCommandVector(c, 'PEXPIREAT', key, String(when));
    }
  } else if (persists && removeExpire(redis, c.db, key)) {
    rewriteClientCommandVector(c, 'PERSIST', key);
  } else return;
  signalModifiedKey(redis, c.db, key);
  server.dirty++;
}
