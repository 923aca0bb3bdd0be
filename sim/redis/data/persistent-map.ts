import { type Digest, ZERO_DIGEST } from './digest.ts';

/** How many bits of a hash each level of the tree looks at. */
const BITS = 5;
const MASK = (1 << BITS) - 1;

/**
 * An immutable map from strings: a hash array mapped trie, 32 children to a node. A change copies one path, so
 * a snapshot is the map itself. Equal contents have equal shape and iterate in the same order, that of the
 * keys' hashes, whatever the order of the changes that led there.
 */
export class PersistentMap<V> {
  private static readonly nothing = new PersistentMap<never>(undefined, 0);
  readonly size: number;
  private readonly root: Slot<V> | undefined;

  private constructor(root: Slot<V> | undefined, size: number) {
    this.root = root;
    this.size = size;
  }

  static empty<V>(): PersistentMap<V> {
    return PersistentMap.nothing as unknown as PersistentMap<V>;
  }

  get(key: string): V | undefined {
    return find(this.root, hashKey(key), key)?.value;
  }

  has(key: string): boolean {
    return find(this.root, hashKey(key), key) !== undefined;
  }

  set(key: string, value: V): PersistentMap<V> {
    const leaf = new Leaf(hashKey(key), key, value);
    grown = 0;
    const root = insert(this.root, 0, leaf);
    return new PersistentMap(root, this.size + grown);
  }

  /** The map without the key; the same map where it is not there. */
  delete(key: string): PersistentMap<V> {
    const hash = hashKey(key);
    if (find(this.root, hash, key) === undefined) return this;
    if (this.size === 1) return PersistentMap.empty();
    return new PersistentMap(remove(this.root!, 0, hash, key), this.size - 1);
  }

  forEach(visit: (key: string, value: V) => void): void {
    if (this.root !== undefined) walk(this.root, visit);
  }

  keys(): string[] {
    const keys: string[] = [];
    this.forEach((key) => {
      keys.push(key);
    });
    return keys;
  }

  /**
   * The sum of the digests of all entries. Each node remembers its own, so ask one map, and those made from
   * it, always with the same function: it then runs for what changed since it was last asked.
   */
  digest(ofEntry: (key: string, value: V) => Digest): Digest {
    return this.root === undefined ? ZERO_DIGEST : digestOf(this.root, ofEntry);
  }
}

type Slot<V> = Leaf<V> | Collision<V> | Branch<V>;

class Leaf<V> {
  readonly hash: number;
  readonly key: string;
  readonly value: V;
  digest: Digest | undefined = undefined;

  constructor(hash: number, key: string, value: V) {
    this.hash = hash;
    this.key = key;
    this.value = value;
  }
}

/** Entries whose keys have one hash, in the order of the keys. */
class Collision<V> {
  readonly hash: number;
  readonly leaves: readonly Leaf<V>[];
  digest: Digest | undefined = undefined;

  constructor(hash: number, leaves: readonly Leaf<V>[]) {
    this.hash = hash;
    this.leaves = leaves;
  }
}

class Branch<V> {
  /** Which of the 32 children are there. */
  readonly bitmap: number;
  readonly slots: readonly Slot<V>[];
  digest: Digest | undefined = undefined;

  constructor(bitmap: number, slots: readonly Slot<V>[]) {
    this.bitmap = bitmap;
    this.slots = slots;
  }
}

/** By how much the last `insert` made its map larger. */
let grown = 0;

function find<V>(root: Slot<V> | undefined, hash: number, key: string): Leaf<V> | undefined {
  let slot = root;
  let rest = hash;
  while (slot instanceof Branch) {
    const bit = 1 << (rest & MASK);
    if ((slot.bitmap & bit) === 0) return undefined;
    slot = slot.slots[bitsSet(slot.bitmap & (bit - 1))]!;
    rest >>>= BITS;
  }
  if (slot instanceof Leaf) return slot.key === key ? slot : undefined;
  return slot?.hash === hash ? slot.leaves.find((leaf) => leaf.key === key) : undefined;
}

function insert<V>(slot: Slot<V> | undefined, shift: number, leaf: Leaf<V>): Slot<V> {
  if (slot === undefined) {
    grown = 1;
    return leaf;
  }
  if (slot instanceof Branch) {
    const bit = 1 << ((leaf.hash >>> shift) & MASK);
    const index = bitsSet(slot.bitmap & (bit - 1));
    const slots = slot.slots.slice();
    if ((slot.bitmap & bit) === 0) {
      grown = 1;
      slots.splice(index, 0, leaf);
    } else {
      slots[index] = insert(slots[index], shift + BITS, leaf);
    }
    return new Branch(slot.bitmap | bit, slots);
  }
  if (slot instanceof Leaf && slot.key === leaf.key) return leaf;
  if (slot.hash !== leaf.hash) {
    grown = 1;
    return split(shift, slot, leaf);
  }
  const leaves = slot instanceof Leaf ? [slot] : slot.leaves.filter((other) => other.key !== leaf.key);
  grown = slot instanceof Collision && leaves.length < slot.leaves.length ? 0 : 1;
  const place = leaves.findIndex((other) => other.key > leaf.key);
  leaves.splice(place < 0 ? leaves.length : place, 0, leaf);
  return new Collision(leaf.hash, leaves);
}

/** A node for two entries that differ in their hashes from `shift` on. */
function split<V>(shift: number, one: Leaf<V> | Collision<V>, other: Leaf<V>): Branch<V> {
  const i = (one.hash >>> shift) & MASK;
  const j = (other.hash >>> shift) & MASK;
  if (i === j) return new Branch(1 << i, [split(shift + BITS, one, other)]);
  return new Branch((1 << i) | (1 << j), i < j ? [one, other] : [other, one]);
}

/** Takes out a key that is there; a node left with one entry gives way to it, so shape follows contents. */
function remove<V>(slot: Slot<V>, shift: number, hash: number, key: string): Slot<V> | undefined {
  if (slot instanceof Leaf) return undefined;
  if (slot instanceof Collision) {
    const leaves = slot.leaves.filter((leaf) => leaf.key !== key);
    return leaves.length === 1 ? leaves[0]! : new Collision(hash, leaves);
  }
  const bit = 1 << ((hash >>> shift) & MASK);
  const index = bitsSet(slot.bitmap & (bit - 1));
  const child = remove(slot.slots[index]!, shift + BITS, hash, key);
  const slots = slot.slots.slice();
  if (child !== undefined) slots[index] = child;
  else slots.splice(index, 1);
  if (slots.length === 1 && !(slots[0] instanceof Branch)) return slots[0]!;
  return new Branch(child === undefined ? slot.bitmap & ~bit : slot.bitmap, slots);
}

function walk<V>(slot: Slot<V>, visit: (key: string, value: V) => void): void {
  if (slot instanceof Leaf) {
    visit(slot.key, slot.value);
    return;
  }
  const children = slot instanceof Branch ? slot.slots : slot.leaves;
  for (const child of children) walk(child, visit);
}

function digestOf<V>(slot: Slot<V>, ofEntry: (key: string, value: V) => Digest): Digest {
  if (slot.digest !== undefined) return slot.digest;
  let sum = ZERO_DIGEST;
  if (slot instanceof Leaf) {
    sum = ofEntry(slot.key, slot.value);
  } else {
    const children = slot instanceof Branch ? slot.slots : slot.leaves;
    for (const child of children) sum = sum.plus(digestOf(child, ofEntry));
  }
  slot.digest = sum;
  return sum;
}

/** A key's hash: FNV-1a over its bytes, then mixed so that the low bits spread. */
export function hashKey(key: string): number {
  if (key === lastKey) return lastHash;
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  lastKey = key;
  lastHash = (hash ^ (hash >>> 13)) >>> 0;
  return lastHash;
}

/** One command asks for the same key several times, on every node it reaches. */
let lastKey: string | undefined;
let lastHash = 0;

function bitsSet(bitmap: number): number {
  let v = bitmap - ((bitmap >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
