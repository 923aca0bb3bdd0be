import { lookupKeyReadOrReply, lookupKeyWriteOrReply, wrongType } from '../data/db.ts';
import type { RedisZset, Scored } from '../data/zset.ts';
import type { Client } from '../networking/client.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  shared,
} from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { getLongLongFromObjectOrReply } from './arguments.ts';
import { formatDouble, getDouble } from './float-text.ts';
import { shrunkZset } from './zset-commands.ts';

type RangeBy = 'rank' | 'score' | 'lex';

/** The ranks of the items that a range holds, the second not included. */
type Range = (items: readonly Scored[]) => readonly [number, number];

/** A range by its two ends as a command gives them; undefined where they are wrong, which is answered. */
function parseRange(redis: Redis, c: Client, by: RangeBy, min: string, max: string): Range | undefined {
  if (by === 'rank') {
    const start = getLongLongFromObjectOrReply(redis, c, min);
    const stop = start === undefined ? undefined : getLongLongFromObjectOrReply(redis, c, max);
    return stop === undefined ? undefined : rankRange(start!, stop);
  }
  const range = by === 'score' ? scoreRange(min, max) : lexRange(min, max);
  if (range === undefined) {
    addReplyError(
      redis,
      c,
      by === 'score' ? 'min or max is not a float' : 'min or max not valid string range item',
    );
  }
  return range;
}

function rankRange(start: number, stop: number): Range {
  return ({ length }) => {
    const from = Math.max(0, start < 0 ? length + start : start);
    const to = Math.min(length - 1, stop < 0 ? length + stop : stop);
    return from > to ? [0, 0] : [from, to + 1];
  };
}

/** Between two ends, each item lying at or beyond the first and not beyond the second. */
function between(isBefore: (item: Scored) => boolean, isAfter: (item: Scored) => boolean): Range {
  return (items) => {
    let from = 0;
    while (from < items.length && isBefore(items[from]!)) from++;
    let to = from;
    while (to < items.length && !isAfter(items[to]!)) to++;
    return [from, to];
  };
}

/** Scores, `(` before one for what lies beyond it (t_zset.c zslParseRange). */
function scoreRange(min: string, max: string): Range | undefined {
  const [least, most] = [min, max].map((text) => (text.startsWith('(') ? text.slice(1) : text).trimStart());
  const from = least === '' ? 0 : getDouble(least!);
  const to = most === '' ? 0 : getDouble(most!);
  if (from === undefined || to === undefined) return undefined;
  const [minex, maxex] = [min.startsWith('('), max.startsWith('(')];
  return between(
    ({ score }) => (minex ? score <= from : score < from),
    ({ score }) => (maxex ? score >= to : score > to),
  );
}

/** Members, `[` or `(` before one, or `-` and `+` for the ends (t_zset.c zslParseLexRange). */
function lexRange(min: string, max: string): Range | undefined {
  const [isBefore, isAfter] = [lexEnd(min, false), lexEnd(max, true)];
  if (isBefore === undefined || isAfter === undefined) return undefined;
  const range = between(isBefore, isAfter);
  // Where scores differ the order is not that of the members, and the ends alone tell that nothing is in it.
  return (items) => {
    const isOutside = items.length === 0 || isBefore(items[items.length - 1]!) || isAfter(items[0]!);
    return isOutside ? [0, 0] : range(items);
  };
}

/** Whether an item lies outside of one end. */
function lexEnd(text: string, isMax: boolean): ((item: Scored) => boolean) | undefined {
  if (text === '-') return () => isMax;
  if (text === '+') return () => !isMax;
  const end = text.slice(1);
  if (text.startsWith('[')) return isMax ? ({ member }) => member > end : ({ member }) => member < end;
  if (text.startsWith('(')) return isMax ? ({ member }) => member >= end : ({ member }) => member <= end;
  return undefined;
}

/** What follows the ends in a command that answers a range. */
interface RangeOptions {
  by: RangeBy;
  reverse: boolean;
  withscores: boolean;
  offset: number;
  limit: number;
}

/** How each command reads its range where no option says otherwise. */
const COMMANDS: Readonly<Record<string, { readonly by: RangeBy; readonly reverse: boolean }>> = {
  zrange: { by: 'rank', reverse: false },
  zrevrange: { by: 'rank', reverse: true },
  zrangebyscore: { by: 'score', reverse: false },
  zrevrangebyscore: { by: 'score', reverse: true },
  zrangebylex: { by: 'lex', reverse: false },
  zrevrangebylex: { by: 'lex', reverse: true },
};

/** ZRANGE, ZREVRANGE, ZRANGEBYSCORE, ZRANGEBYLEX and their kin (t_zset.c zrangeGenericCommand). */
export function zrangeCommand(redis: Redis, c: Client): void {
  const { by, reverse } = COMMANDS[c.cmd]!;
  const options: RangeOptions = { by, reverse, withscores: false, offset: 0, limit: -1 };
  const { extendedZset } = redis.profile;
  let range: Range | undefined;
  // 5.0 looks at the ends before the options, 7.0 at the options before the ends.
  if (!extendedZset) {
    range = rangeOf(redis, c, options);
    if (range === undefined) return;
  }
  if (!parseOptions(redis, c, options)) return;
  range ??= rangeOf(redis, c, options);
  if (range === undefined) return;
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.emptyArray);
  if (entry === undefined || wrongType(redis, c, entry.value, 'zset')) return;
  const zset = entry.value as RedisZset;
  let items: readonly Scored[];
  if (options.by === 'rank' && options.reverse) {
    const backwards = [...zset.items].reverse();
    items = backwards.slice(...range(backwards));
  } else {
    items = zset.items.slice(...range(zset.items));
    if (options.reverse) items = [...items].reverse();
  }
  if (options.offset < 0) items = [];
  items = items.slice(options.offset, options.limit < 0 ? undefined : options.offset + options.limit);
  addReplyArrayLen(redis, c, items.length * (options.withscores ? 2 : 1));
  for (const { member, score } of items) {
    addReplyBulk(redis, c, member);
    if (options.withscores) addReplyBulk(redis, c, formatDouble(score));
  }
}

/** The range of a command; one by score or member that runs backwards names its greater end first. */
function rangeOf(redis: Redis, c: Client, { by, reverse }: RangeOptions): Range | undefined {
  const [first, second] = [c.argv[2]!, c.argv[3]!];
  const isTurned = reverse && by !== 'rank';
  return parseRange(redis, c, by, isTurned ? second : first, isTurned ? first : second);
}

/** Reads the options into `options`; false where one is wrong, which is answered. */
function parseOptions(redis: Redis, c: Client, options: RangeOptions): boolean {
  const { argv, cmd } = c;
  const isGeneral = redis.profile.extendedZset && cmd === 'zrange';
  const takesLimit = redis.profile.extendedZset || options.by !== 'rank';
  const takesScores = redis.profile.extendedZset || options.by !== 'lex';
  for (let i = 4; i < argv.length; i++) {
    const option = argv[i]!.toLowerCase();
    if (option === 'withscores' && takesScores) options.withscores = true;
    else if (option === 'limit' && takesLimit && argv.length - i > 2) {
      const offset = getLongLongFromObjectOrReply(redis, c, argv[++i]!);
      const limit = offset === undefined ? undefined : getLongLongFromObjectOrReply(redis, c, argv[++i]!);
      if (limit === undefined) return false;
      Object.assign(options, { offset, limit });
    } else if (option === 'rev' && isGeneral && !options.reverse) options.reverse = true;
    else if ((option === 'bylex' || option === 'byscore') && isGeneral && options.by === 'rank') {
      options.by = option === 'bylex' ? 'lex' : 'score';
    } else {
      addReply(redis, c, shared.syntaxerr);
      return false;
    }
  }
  if (options.limit !== -1 && options.by === 'rank') {
    const only = 'LIMIT is only supported in combination with either BYSCORE or BYLEX';
    addReplyError(redis, c, `syntax error, ${only}`);
    return false;
  }
  if (options.withscores && options.by === 'lex') {
    addReplyError(redis, c, 'syntax error, WITHSCORES not supported in combination with BYLEX');
    return false;
  }
  return true;
}

/** ZCOUNT key min max, and ZLEXCOUNT. */
export function zcountCommand(redis: Redis, c: Client): void {
  const range = parseRange(redis, c, c.cmd === 'zcount' ? 'score' : 'lex', c.argv[2]!, c.argv[3]!);
  if (range === undefined) return;
  const entry = lookupKeyReadOrReply(redis, c, c.argv[1]!, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'zset')) return;
  const [from, to] = range((entry.value as RedisZset).items);
  addReplyLongLong(redis, c, to - from);
}

const REMOVES: Readonly<Record<string, RangeBy>> = {
  zremrangebyrank: 'rank',
  zremrangebyscore: 'score',
  zremrangebylex: 'lex',
};

/** ZREMRANGEBYRANK, ZREMRANGEBYSCORE and ZREMRANGEBYLEX (t_zset.c zremrangeGenericCommand). */
export function zremrangeCommand(redis: Redis, c: Client): void {
  const key = c.argv[1]!;
  const range = parseRange(redis, c, REMOVES[c.cmd]!, c.argv[2]!, c.argv[3]!);
  if (range === undefined) return;
  const entry = lookupKeyWriteOrReply(redis, c, key, shared.czero);
  if (entry === undefined || wrongType(redis, c, entry.value, 'zset')) return;
  const zset = entry.value as RedisZset;
  const [from, to] = range(zset.items);
  if (to > from) shrunkZset(redis, c, key, zset.removeRange(from, to));
  redis.server.dirty += to - from;
  addReplyLongLong(redis, c, to - from);
}
