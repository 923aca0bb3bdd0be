import { formatDouble } from '../commands/float-text.ts';
import {
  LISTPACK_OVERHEAD,
  lengthBytes,
  listpackEntryBytes,
  rawStringBytes,
  stringBytes,
  ZIPLIST_OVERHEAD,
  ziplistEntryBytes,
} from '../rdb/rdb-size.ts';
import { type Digest, hashDigest, hashText, ZERO_DIGEST } from './digest.ts';

/** Up to where a sorted set stays a ziplist (zset-max-ziplist-entries, zset-max-ziplist-value). */
const ZSET_MAX_ZIPLIST_ENTRIES = 128;
const ZSET_MAX_ZIPLIST_VALUE = 64;
/** Bytes of a score in an RDB file (rdbSaveBinaryDoubleValue). */
const SCORE_BYTES = 8;

const TYPE_DIGEST = hashText('zset');

/** A member of a sorted set. */
export interface Scored {
  readonly member: string;
  readonly score: number;
}

/** A sorted set; immutable, as all values are. Its members stand in order of score, then of their bytes. */
export class RedisZset {
  readonly type = 'zset';
  readonly items: readonly Scored[];
  /** Whether it is a ziplist still; a skip list stays one. */
  private readonly ziplist: boolean;
  private scores: ReadonlyMap<string, number> | undefined = undefined;

  private constructor(items: readonly Scored[], ziplist: boolean) {
    this.items = items;
    this.ziplist = ziplist;
  }

  static readonly empty = new RedisZset([], true);

  get size(): number {
    return this.items.length;
  }

  score(member: string): number | undefined {
    this.scores ??= new Map(this.items.map((item) => [item.member, item.score]));
    return this.scores.get(member);
  }

  /** The set with a member of that score, whether it had it before or not. */
  set(member: string, score: number): RedisZset {
    const items = this.without(member);
    const at = lowerBound(items, { member, score });
    items.splice(at, 0, { member, score });
    const ziplist =
      this.ziplist && items.length <= ZSET_MAX_ZIPLIST_ENTRIES && member.length <= ZSET_MAX_ZIPLIST_VALUE;
    return new RedisZset(items, ziplist);
  }

  /** The set without a member; the same set where it has it not. */
  remove(member: string): RedisZset {
    return this.score(member) === undefined ? this : new RedisZset(this.without(member), this.ziplist);
  }

  /** The set without the members from one rank to another, the second not included. */
  removeRange(from: number, to: number): RedisZset {
    return new RedisZset([...this.items.slice(0, from), ...this.items.slice(to)], this.ziplist);
  }

  private without(member: string): Scored[] {
    return this.items.filter((item) => item.member !== member);
  }

  rdbBytes(): number {
    if (!this.ziplist) return this.tableBytes();
    return rawStringBytes(ZIPLIST_OVERHEAD + this.entryBytes(ziplistEntryBytes));
  }

  /** The same with a listpack in the place of the ziplist (RDB_TYPE_ZSET_LISTPACK). */
  listpackRdbBytes(): number {
    if (!this.ziplist) return this.tableBytes();
    return rawStringBytes(LISTPACK_OVERHEAD + this.entryBytes(listpackEntryBytes));
  }

  private entryBytes(bytesOf: (text: string) => number): number {
    let bytes = 0;
    for (const { member, score } of this.items) bytes += bytesOf(member) + bytesOf(formatScore(score));
    return bytes;
  }

  private tableBytes(): number {
    let bytes = lengthBytes(this.size);
    for (const { member } of this.items) bytes += stringBytes(member) + SCORE_BYTES;
    return bytes;
  }

  digest(): Digest {
    let sum = ZERO_DIGEST;
    for (const { member, score } of this.items)
      sum = sum.plus(hashText(formatDouble(score), hashText(member)));
    return hashDigest(sum, TYPE_DIGEST);
  }
}

/** Beyond this a whole number is not printed as one (util.c d2string). */
const WHOLE_LIMIT = 4503599627370496;

/** A score as a small sorted set stores it (util.c d2string). */
function formatScore(score: number): string {
  const isWhole = Number.isInteger(score) && Math.abs(score) < WHOLE_LIMIT && !Object.is(score, -0);
  return isWhole ? String(score) : formatDouble(score);
}

/** The place of the first item that does not come before another. */
function lowerBound(items: readonly Scored[], { member, score }: Scored): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle]!;
    if (item.score < score || (item.score === score && item.member < member)) low = middle + 1;
    else high = middle;
  }
  return low;
}
