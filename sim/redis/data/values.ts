import {
  integerWidth,
  LISTPACK_OVERHEAD,
  lengthBytes,
  listpackEntryBytes,
  rawStringBytes,
  stringBytes,
  ZIPLIST_OVERHEAD,
  ziplistEntryBytes,
  ziplistNoteSpared,
} from '../rdb/rdb-size.ts';
import { type Digest, hashDigest, hashText } from './digest.ts';
import { PersistentMap } from './persistent-map.ts';
import { RecentDigests } from './recent-digests.ts';
import type { RedisZset } from './zset.ts';

/** What a key can hold: a string, or one of the containers below. All immutable. */
export type RedisValue = string | RedisList | RedisSet | RedisHash | RedisZset;
export type ValueType = 'string' | 'list' | 'set' | 'hash' | 'zset';

/** The type of a value as TYPE names it. */
export function typeOf(value: RedisValue): ValueType {
  return typeof value === 'string' ? 'string' : value.type;
}

/** The bytes of a value in an RDB file (rdbSaveObject), without its type; small containers are ziplists. */
export function valueBytes(value: RedisValue): number {
  return typeof value === 'string' ? stringBytes(value) : value.rdbBytes();
}

/** By how many bytes a value is shorter, or longer where negative, with listpacks in the place of ziplists. */
export function listpackSaving(value: RedisValue): number {
  if (typeof value === 'string' || value.type === 'set') return 0;
  return value.rdbBytes() - value.listpackRdbBytes();
}

const TYPE_DIGESTS: Record<Exclude<ValueType, 'zset'>, Digest> = {
  string: hashText('string'),
  list: hashText('list'),
  set: hashText('set'),
  hash: hashText('hash'),
};

const stringDigests = new RecentDigests(TYPE_DIGESTS.string);

/** A digest of type and contents. */
export function valueDigest(value: RedisValue): Digest {
  return typeof value === 'string' ? stringDigests.of(value) : value.digest();
}

/** Bytes of one ziplist in a list (list-max-ziplist-size -2). */
const LIST_NODE_BYTES = 8192;

/** A list; immutable, as all values are. */
export class RedisList {
  readonly type = 'list';
  readonly items: readonly string[];
  private readonly entryBytes: number;
  private readonly listpackBytes: number;

  private constructor(items: readonly string[], entryBytes: number, listpackBytes: number) {
    this.items = items;
    this.entryBytes = entryBytes;
    this.listpackBytes = listpackBytes;
  }

  static of(items: readonly string[]): RedisList {
    return new RedisList([], 0, 0).push(items, 'right');
  }

  get length(): number {
    return this.items.length;
  }

  /** The list with items pushed one after another to one end. */
  push(added: readonly string[], where: 'left' | 'right'): RedisList {
    let { entryBytes, listpackBytes } = this;
    for (const item of added) {
      entryBytes += ziplistEntryBytes(item);
      listpackBytes += listpackEntryBytes(item);
    }
    const items = where === 'left' ? [...added].reverse().concat(this.items) : this.items.concat(added);
    return new RedisList(items, entryBytes, listpackBytes);
  }

  /** The item at one end of a list that has some. */
  peek(where: 'left' | 'right'): string {
    return this.items[where === 'left' ? 0 : this.items.length - 1]!;
  }

  /** The list without the item at one end. */
  pop(where: 'left' | 'right'): RedisList {
    const item = this.peek(where);
    const items = where === 'left' ? this.items.slice(1) : this.items.slice(0, -1);
    return new RedisList(
      items,
      this.entryBytes - ziplistEntryBytes(item),
      this.listpackBytes - listpackEntryBytes(item),
    );
  }

  rdbBytes(): number {
    const nodes = Math.max(1, Math.ceil(this.entryBytes / LIST_NODE_BYTES));
    const node = ZIPLIST_OVERHEAD + Math.ceil(this.entryBytes / nodes);
    const entryBytes = this.length === 0 ? 0 : this.entryBytes - ziplistNoteSpared(this.peek('right'));
    return lengthBytes(nodes) + nodes * (ZIPLIST_OVERHEAD + lengthBytes(node)) + entryBytes;
  }

  /** The same as a quicklist of listpacks, where each node says what kind it is (RDB_TYPE_LIST_QUICKLIST_2). */
  listpackRdbBytes(): number {
    const nodes = Math.max(1, Math.ceil(this.listpackBytes / LIST_NODE_BYTES));
    const node = LISTPACK_OVERHEAD + Math.ceil(this.listpackBytes / nodes);
    return lengthBytes(nodes) + nodes * (1 + LISTPACK_OVERHEAD + lengthBytes(node)) + this.listpackBytes;
  }

  digest(): Digest {
    let chain = TYPE_DIGESTS.list;
    for (const item of this.items) chain = hashText(item, chain);
    return chain;
  }
}

/** The most members a set of integers may have and stay one (set-max-intset-entries). */
const SET_MAX_INTSET_ENTRIES = 512;

/** A set of strings. */
export class RedisSet {
  readonly type = 'set';
  readonly members: PersistentMap<true>;
  /** Bytes of an integer of the intset; 0 once it is a hash table, which it stays. */
  private readonly intWidth: number;
  private readonly memberBytes: number;

  private constructor(members: PersistentMap<true>, intWidth: number, memberBytes: number) {
    this.members = members;
    this.intWidth = intWidth;
    this.memberBytes = memberBytes;
  }

  static readonly empty = new RedisSet(PersistentMap.empty(), 2, 0);

  get size(): number {
    return this.members.size;
  }

  /** The set with a member more; the same set where it has it. */
  add(member: string): RedisSet {
    if (this.members.has(member)) return this;
    const members = this.members.set(member, true);
    const width = integerWidth(member);
    const intset = this.intWidth > 0 && width > 0 && members.size <= SET_MAX_INTSET_ENTRIES;
    return new RedisSet(
      members,
      intset ? Math.max(this.intWidth, width) : 0,
      this.memberBytes + stringBytes(member),
    );
  }

  /** The set without a member; the same set where it has it not. */
  remove(member: string): RedisSet {
    const members = this.members.delete(member);
    if (members === this.members) return this;
    return new RedisSet(members, this.intWidth, this.memberBytes - stringBytes(member));
  }

  rdbBytes(): number {
    if (this.intWidth > 0) return rawStringBytes(8 + this.size * this.intWidth);
    return lengthBytes(this.size) + this.memberBytes;
  }

  digest(): Digest {
    return hashDigest(this.members.digest(memberDigest), TYPE_DIGESTS.set);
  }
}

/** Up to where a hash stays a ziplist (hash-max-ziplist-entries, hash-max-ziplist-value). */
const HASH_MAX_ZIPLIST_ENTRIES = 512;
const HASH_MAX_ZIPLIST_VALUE = 64;

/** A hash: fields with values. */
export class RedisHash {
  readonly type = 'hash';
  readonly fields: PersistentMap<string>;
  /** Whether it is a ziplist still; a hash table stays one. */
  private readonly ziplist: boolean;
  private readonly ziplistBytes: number;
  private readonly listpackBytes: number;
  private readonly tableBytes: number;

  private constructor(
    fields: PersistentMap<string>,
    ziplist: boolean,
    ziplistBytes: number,
    listpackBytes: number,
    tableBytes: number,
  ) {
    this.fields = fields;
    this.ziplist = ziplist;
    this.ziplistBytes = ziplistBytes;
    this.listpackBytes = listpackBytes;
    this.tableBytes = tableBytes;
  }

  static readonly empty = new RedisHash(PersistentMap.empty(), true, 0, 0, 0);

  get size(): number {
    return this.fields.size;
  }

  set(field: string, value: string): RedisHash {
    const old = this.fields.get(field);
    const fields = this.fields.set(field, value);
    const ziplist =
      this.ziplist &&
      fields.size <= HASH_MAX_ZIPLIST_ENTRIES &&
      field.length <= HASH_MAX_ZIPLIST_VALUE &&
      value.length <= HASH_MAX_ZIPLIST_VALUE;
    const oldZiplist = old === undefined ? -ziplistEntryBytes(field) : ziplistEntryBytes(old);
    const oldListpack = old === undefined ? -listpackEntryBytes(field) : listpackEntryBytes(old);
    const oldTable = old === undefined ? -stringBytes(field) : stringBytes(old);
    return new RedisHash(
      fields,
      ziplist,
      this.ziplistBytes + ziplistEntryBytes(value) - oldZiplist,
      this.listpackBytes + listpackEntryBytes(value) - oldListpack,
      this.tableBytes + stringBytes(value) - oldTable,
    );
  }

  /** The hash without a field; the same hash where it has it not. */
  remove(field: string): RedisHash {
    const old = this.fields.get(field);
    if (old === undefined) return this;
    return new RedisHash(
      this.fields.delete(field),
      this.ziplist,
      this.ziplistBytes - ziplistEntryBytes(field) - ziplistEntryBytes(old),
      this.listpackBytes - listpackEntryBytes(field) - listpackEntryBytes(old),
      this.tableBytes - stringBytes(field) - stringBytes(old),
    );
  }

  rdbBytes(): number {
    if (this.ziplist) return rawStringBytes(ZIPLIST_OVERHEAD + this.ziplistBytes);
    return lengthBytes(this.size) + this.tableBytes;
  }

  /** The same with a listpack in the place of the ziplist (RDB_TYPE_HASH_LISTPACK). */
  listpackRdbBytes(): number {
    if (this.ziplist) return rawStringBytes(LISTPACK_OVERHEAD + this.listpackBytes);
    return lengthBytes(this.size) + this.tableBytes;
  }

  digest(): Digest {
    return hashDigest(this.fields.digest(fieldDigest), TYPE_DIGESTS.hash);
  }
}

function memberDigest(member: string): Digest {
  return hashText(member);
}

function fieldDigest(field: string, value: string): Digest {
  return hashText(value, hashText(field));
}
