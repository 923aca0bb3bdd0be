import { stringBytes } from '../rdb/rdb-size.ts';
import { type Digest, hashDigest, hashNumber, hashText, ZERO_DIGEST } from './digest.ts';
import { type ExpiryIndex, firstExpiry, insertExpiry, removeExpiry } from './expiry-index.ts';
import { PersistentMap } from './persistent-map.ts';
import {
  digestAsPopulated,
  type PopulatedRange,
  populatedBytes,
  populatedDigest,
  populatedSaving,
  populatedValue,
  splitPopulatedKey,
} from './populated-range.ts';
import { listpackSaving, type RedisValue, valueBytes, valueDigest } from './values.ts';

/** What a key holds, and when it expires: absolute milliseconds, null for never. */
export interface KeyEntry {
  readonly value: RedisValue;
  readonly expireAt: number | null;
}

/** What a keyspace consists of, besides the size. */
interface Parts {
  readonly entries: PersistentMap<KeyEntry>;
  readonly expires: ExpiryIndex;
  readonly volatileKeys: number;
  readonly ranges: readonly PopulatedRange[];
  /** Keys of the ranges that are no longer as populated: deleted, or standing in `entries`. */
  readonly removed: PersistentMap<true>;
  readonly dataBytes: number;
  readonly listpackSaving: number;
}

/** One change of one keyspace: a key set, or deleted (value null). */
interface Step {
  readonly from: Keyspace;
  readonly key: string;
  readonly value: RedisValue | null;
  readonly expireAt: number | null;
  readonly to: Keyspace;
}

/**
 * The changes made last. Replicas that loaded one snapshot make their master's changes after it, so what the
 * master's keyspace became is at hand when theirs is to become the same: one object then serves all of them,
 * and that they hold the same data shows by identity.
 */
const STEPS = 512;
const steps: (Step | undefined)[] = new Array(STEPS).fill(undefined);
let made = 0;

/**
 * One database: its keys, values and expiry times. Immutable: every change gives a new keyspace that shares
 * what did not change, so the snapshot a fork takes is the keyspace itself.
 */
export class Keyspace {
  /** Number of keys. */
  readonly size: number;
  /** Number of keys that have a time to live. */
  readonly volatileKeys: number;
  /** What DEBUG POPULATE made: ranges of keys that take no room until they are touched. */
  readonly ranges: readonly PopulatedRange[];
  /** Bytes that the keys, with types, values and expiry times, take in an RDB file without compression. */
  readonly dataBytes: number;
  /** By how much that is less where small containers are listpacks, not ziplists. */
  readonly listpackSaving: number;
  private readonly entries: PersistentMap<KeyEntry>;
  private readonly expires: ExpiryIndex;
  private readonly removed: PersistentMap<true>;
  /** Keyspaces are numbered as they are made: see `steps`. */
  private readonly serial: number;
  private cachedDigest: Digest | undefined = undefined;

  private constructor(parts: Parts) {
    this.entries = parts.entries;
    this.expires = parts.expires;
    this.volatileKeys = parts.volatileKeys;
    this.ranges = parts.ranges;
    this.removed = parts.removed;
    this.dataBytes = parts.dataBytes;
    this.listpackSaving = parts.listpackSaving;
    let size = parts.entries.size - parts.removed.size;
    for (const range of parts.ranges) size += range.to - range.from;
    this.size = size;
    this.serial = made++;
  }

  static readonly empty = new Keyspace({
    entries: PersistentMap.empty(),
    expires: null,
    volatileKeys: 0,
    ranges: [],
    removed: PersistentMap.empty(),
    dataBytes: 0,
    listpackSaving: 0,
  });

  get(key: string): KeyEntry | undefined {
    const entry = this.entries.get(key);
    if (entry !== undefined || this.ranges.length === 0) return entry;
    const value = this.populated(key);
    return value === undefined ? undefined : { value, expireAt: null };
  }

  has(key: string): boolean {
    return this.entries.has(key) || (this.ranges.length > 0 && this.populated(key) !== undefined);
  }

  /** The keyspace with the key as given, in place of what it held before. */
  set(key: string, value: RedisValue, expireAt: number | null): Keyspace {
    const step = steps[this.serial % STEPS];
    if (
      step !== undefined &&
      step.from === this &&
      step.value === value &&
      step.key === key &&
      step.expireAt === expireAt
    ) {
      return step.to;
    }
    const to = this.with(key, value, expireAt);
    steps[this.serial % STEPS] = { from: this, key, value, expireAt, to };
    return to;
  }

  private with(key: string, value: RedisValue, expireAt: number | null): Keyspace {
    const old = this.get(key);
    const entry: KeyEntry = { value, expireAt };
    let { expires, volatileKeys, dataBytes } = this;
    let saving = this.listpackSaving + listpackSaving(value);
    if (old !== undefined) {
      dataBytes -= pairBytes(key, old);
      saving -= listpackSaving(old.value);
      if (old.expireAt !== null) {
        expires = removeExpiry(expires, old.expireAt, key);
        volatileKeys--;
      }
    }
    if (expireAt !== null) {
      expires = insertExpiry(expires, expireAt, key);
      volatileKeys++;
    }
    return new Keyspace({
      entries: this.entries.set(key, entry),
      expires,
      volatileKeys,
      ranges: this.ranges,
      removed: old === undefined ? this.removed : this.withoutPopulated(key),
      dataBytes: dataBytes + pairBytes(key, entry),
      listpackSaving: saving,
    });
  }

  /** The keyspace without the key; the same keyspace where it is not there. */
  delete(key: string): Keyspace {
    const step = steps[this.serial % STEPS];
    if (step !== undefined && step.from === this && step.value === null && step.key === key) return step.to;
    const old = this.get(key);
    if (old === undefined) return this;
    const to = this.without(key, old);
    steps[this.serial % STEPS] = { from: this, key, value: null, expireAt: null, to };
    return to;
  }

  private without(key: string, old: KeyEntry): Keyspace {
    return new Keyspace({
      entries: this.entries.delete(key),
      expires: old.expireAt === null ? this.expires : removeExpiry(this.expires, old.expireAt, key),
      volatileKeys: this.volatileKeys - (old.expireAt === null ? 0 : 1),
      ranges: this.ranges,
      removed: this.withoutPopulated(key),
      dataBytes: this.dataBytes - pairBytes(key, old),
      listpackSaving: this.listpackSaving - listpackSaving(old.value),
    });
  }

  /** The key that expires first and when, or null where none does. */
  get nextExpiry(): { readonly when: number; readonly key: string } | null {
    return firstExpiry(this.expires);
  }

  /** Calls back for every key: populated ones by range and number, then the others by the keys' hashes. */
  forEach(visit: (key: string, entry: KeyEntry) => void): void {
    for (const { prefix, from, to, size } of this.ranges) {
      for (let i = from; i < to; i++) {
        const key = `${prefix}:${i}`;
        if (!this.removed.has(key)) visit(key, { value: populatedValue(i, size), expireAt: null });
      }
    }
    this.entries.forEach(visit);
  }

  keys(): string[] {
    const keys: string[] = [];
    this.forEach((key) => {
      keys.push(key);
    });
    return keys;
  }

  /**
   * The keyspace after DEBUG POPULATE: keys `prefix:0` to `prefix:count-1` are added where there are none yet.
   * Costs what has been touched of keys with this prefix, not what is added.
   */
  populate(prefix: string, count: number, size: number): Keyspace {
    const added = this.uncovered(prefix, count).map(({ from, to }) => ({ prefix, from, to, size }));
    let { removed, dataBytes } = this;
    for (const range of added) dataBytes += populatedBytes(range);
    for (const key of this.occupied(added)) {
      removed = removed.set(key, true);
      dataBytes -= 1 + stringBytes(key) + stringBytes(populatedValue(splitPopulatedKey(key)!.i, size));
    }
    let keyspace = new Keyspace({ ...this.parts(), ranges: [...this.ranges, ...added], removed, dataBytes });
    for (const { key, i } of this.vacated(prefix, count)) {
      keyspace = keyspace.set(key, populatedValue(i, size), null);
    }
    return keyspace;
  }

  /** A digest of keys, types, values and of which keys have a time to live. */
  digest(): Digest {
    if (this.cachedDigest !== undefined) return this.cachedDigest;
    let sum = this.entries.digest(entryDigest);
    for (const range of this.ranges) sum = sum.plus(populatedDigest(range));
    if (this.removed.size > 0) {
      this.removed.forEach((key) => {
        const { range, i } = this.rangeOf(key)!;
        sum = sum.minus(populatedDigest({ ...range, from: i, to: i + 1 }));
      });
    }
    this.cachedDigest = sum;
    return sum;
  }

  private parts(): Parts {
    const { entries, expires, volatileKeys, ranges, removed, dataBytes, listpackSaving } = this;
    return { entries, expires, volatileKeys, ranges, removed, dataBytes, listpackSaving };
  }

  private rangeOf(key: string): { range: PopulatedRange; i: number } | undefined {
    const split = splitPopulatedKey(key);
    if (split === undefined) return undefined;
    const { prefix, i } = split;
    const range = this.ranges.find((r) => r.prefix === prefix && r.from <= i && i < r.to);
    return range === undefined ? undefined : { range, i };
  }

  /** The value of a populated key that has not been touched. */
  private populated(key: string): string | undefined {
    const found = this.rangeOf(key);
    if (found === undefined || this.removed.has(key)) return undefined;
    return populatedValue(found.i, found.range.size);
  }

  /** How many bytes less an RDB of it takes where strings are compressed, as far as they are DEBUG POPULATE's. */
  get compressionSaving(): number {
    return this.ranges.reduce((sum, range) => sum + populatedSaving(range), 0);
  }

  /** The keys taken out of the ranges, with this one, if it belongs to one. */
  private withoutPopulated(key: string): PersistentMap<true> {
    if (this.ranges.length === 0 || this.rangeOf(key) === undefined) return this.removed;
    return this.removed.has(key) ? this.removed : this.removed.set(key, true);
  }

  /** The parts of `[0, count)` that no range with this prefix covers. */
  private uncovered(prefix: string, count: number): { from: number; to: number }[] {
    const covered = this.ranges.filter((r) => r.prefix === prefix).sort((x, y) => x.from - y.from);
    const gaps: { from: number; to: number }[] = [];
    let from = 0;
    for (const range of covered) {
      if (from < Math.min(range.from, count)) gaps.push({ from, to: Math.min(range.from, count) });
      from = Math.max(from, range.to);
    }
    if (from < count) gaps.push({ from, to: count });
    return gaps;
  }

  /** The keys in such ranges that exist already by themselves. */
  private occupied(ranges: readonly PopulatedRange[]): string[] {
    if (ranges.length === 0) return [];
    return this.entries.keys().filter((key) => {
      const split = splitPopulatedKey(key);
      return (
        split !== undefined &&
        ranges.some((r) => r.prefix === split.prefix && r.from <= split.i && split.i < r.to)
      );
    });
  }

  /** The keys of ranges with this prefix, below `count`, that have been deleted. */
  private vacated(prefix: string, count: number): { key: string; i: number }[] {
    const keys: { key: string; i: number }[] = [];
    this.removed.forEach((key) => {
      const split = splitPopulatedKey(key)!;
      if (split.prefix === prefix && split.i < count && !this.entries.has(key))
        keys.push({ key, i: split.i });
    });
    return keys;
  }
}

/** The database of that number; an empty one where nothing was ever stored. */
export function keyspaceOf(dbs: Readonly<Record<number, Keyspace>>, dbid: number): Keyspace {
  return dbs[dbid] ?? Keyspace.empty;
}

/**
 * 40 hex digits, equal where, and only where, DEBUG DIGEST would be: same databases, keys, types, values, and
 * which keys have a time to live. All zeros where there is no key.
 */
export function datasetDigest(dbs: Readonly<Record<number, Keyspace>>): string {
  let sum = ZERO_DIGEST;
  let empty = true;
  for (const id of Object.keys(dbs)) {
    const keyspace = dbs[Number(id)]!;
    if (keyspace.size === 0) continue;
    empty = false;
    sum = sum.plus(hashDigest(keyspace.digest(), hashNumber(Number(id))));
  }
  return empty ? '0'.repeat(40) : sum.hex() + hashDigest(sum, ZERO_DIGEST).hex().slice(0, 8);
}

/** The bytes of a key with its value in an RDB file (rdbSaveKeyValuePair). */
function pairBytes(key: string, { value, expireAt }: KeyEntry): number {
  return 1 + stringBytes(key) + valueBytes(value) + (expireAt === null ? 0 : 9);
}

const EXPIRES = hashText('!!expire!!');

function entryDigest(key: string, { value, expireAt }: KeyEntry): Digest {
  if (expireAt === null && typeof value === 'string') {
    const populated = digestAsPopulated(key, value);
    if (populated !== undefined) return populated;
  }
  const digest = hashDigest(valueDigest(value), hashText(key));
  return expireAt === null ? digest : hashDigest(digest, EXPIRES);
}
