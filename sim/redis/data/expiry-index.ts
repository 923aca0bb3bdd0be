import { hashKey } from './persistent-map.ts';

/**
 * An immutable set of keys ordered by the time they expire, then by key: a treap whose priorities are the
 * keys' hashes, so its shape depends on its contents alone.
 */
export interface ExpiryNode {
  /** Absolute, in milliseconds. */
  readonly when: number;
  readonly key: string;
  readonly priority: number;
  readonly left: ExpiryIndex;
  readonly right: ExpiryIndex;
}
export type ExpiryIndex = ExpiryNode | null;

/** The index with a key that expires at a time, in absolute milliseconds. */
export function insertExpiry(index: ExpiryIndex, when: number, key: string): ExpiryNode {
  return insertNode(index, { when, key, priority: hashKey(key), left: null, right: null });
}

/** The index without that key at that time, where it must be. */
export function removeExpiry(index: ExpiryIndex, when: number, key: string): ExpiryIndex {
  if (index === null) return null;
  const order = compare(when, key, index);
  if (order < 0) return { ...index, left: removeExpiry(index.left, when, key) };
  if (order > 0) return { ...index, right: removeExpiry(index.right, when, key) };
  return merge(index.left, index.right);
}

/** The key that expires first. */
export function firstExpiry(index: ExpiryIndex): ExpiryNode | null {
  let node = index;
  while (node !== null && node.left !== null) node = node.left;
  return node;
}

function insertNode(index: ExpiryIndex, node: ExpiryNode): ExpiryNode {
  if (index === null) return node;
  if (node.priority > index.priority) {
    const [left, right] = splitAt(index, node);
    return { ...node, left, right };
  }
  return compare(node.when, node.key, index) < 0
    ? { ...index, left: insertNode(index.left, node) }
    : { ...index, right: insertNode(index.right, node) };
}

/** What comes before a node, and what comes after it. */
function splitAt(index: ExpiryIndex, node: ExpiryNode): [ExpiryIndex, ExpiryIndex] {
  if (index === null) return [null, null];
  if (compare(node.when, node.key, index) < 0) {
    const [before, after] = splitAt(index.left, node);
    return [before, { ...index, left: after }];
  }
  const [before, after] = splitAt(index.right, node);
  return [{ ...index, right: before }, after];
}

/** Two indexes as one, where all of `left` comes before all of `right`. */
function merge(left: ExpiryIndex, right: ExpiryIndex): ExpiryIndex {
  if (left === null) return right;
  if (right === null) return left;
  return left.priority > right.priority
    ? { ...left, right: merge(left.right, right) }
    : { ...right, left: merge(left, right.left) };
}

function compare(when: number, key: string, node: ExpiryNode): number {
  if (when !== node.when) return when - node.when;
  return key === node.key ? 0 : key < node.key ? -1 : 1;
}
