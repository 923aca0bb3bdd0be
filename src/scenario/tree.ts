import type { Position } from './scenario.ts';

/** A scenario file as read: values with the places they stand at, and scalars with their text as written. */
export type Tree = ScalarTree | ListTree | MapTree;

export type Scalar = string | number | boolean | null;

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly position: Position;
  readonly value: Scalar;
  /** As written, without quotes: `007` stays `007`. Empty for nothing. */
  readonly text: string;
}

export interface ListTree {
  readonly kind: 'list';
  readonly position: Position;
  readonly items: readonly Tree[];
}

export interface MapTree {
  readonly kind: 'map';
  readonly position: Position;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  /** Of the key. */
  readonly position: Position;
  readonly value: Tree;
}

/** The value under a key, or undefined where the tree is no map or has no such key. */
export function get(tree: Tree | undefined, key: string): Tree | undefined {
  return entry(tree, key)?.value;
}

/** The entry with a key. */
export function entry(tree: Tree | undefined, key: string): MapEntry | undefined {
  return entries(tree).find((candidate) => candidate.key === key);
}

/** A map's entries; none for anything else. */
export function entries(tree: Tree | undefined): readonly MapEntry[] {
  return tree?.kind === 'map' ? tree.entries : [];
}

/** A list's items, a lone value as a list of one, nothing as none. */
export function items(tree: Tree | undefined): readonly Tree[] {
  if (tree === undefined) return [];
  return tree.kind === 'list' ? tree.items : [tree];
}

/** A scalar's text as written, or null for a list, a map or nothing at all. */
export function textOf(tree: Tree | undefined): string | null {
  return tree?.kind === 'scalar' && tree.value !== null ? tree.text : null;
}

/** Plain values without prototypes, for the schema. */
export function toPlain(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toPlain);
  const plain: Record<string, unknown> = Object.create(null);
  for (const { key, value } of tree.entries) plain[key] = toPlain(value);
  return plain;
}

/** What a value is, in words. */
export function describe(tree: Tree): string {
  if (tree.kind === 'list') return 'a list';
  if (tree.kind === 'map') return 'a map';
  if (tree.value === null) return 'nothing';
  if (typeof tree.value === 'boolean') return String(tree.value);
  const text = tree.text.length > 30 ? `${tree.text.slice(0, 30)}…` : tree.text;
  return typeof tree.value === 'number' ? `the number ${text}` : `the text "${text}"`;
}

/** Values that no file holds, as one would: maps, lists and scalars. */
export type Plain = Scalar | readonly Plain[] | { readonly [key: string]: Plain };

/** A plain value as if it had been read at a place. */
export function treeOf(value: Plain, position: Position): Tree {
  if (value === null || typeof value !== 'object') {
    return { kind: 'scalar', position, value, text: value === null ? '' : String(value) };
  }
  if (Array.isArray(value)) {
    return { kind: 'list', position, items: value.map((item: Plain) => treeOf(item, position)) };
  }
  const entries = Object.entries(value as { readonly [key: string]: Plain });
  return {
    kind: 'map',
    position,
    entries: entries.map(([key, item]) => ({ key, position, value: treeOf(item, position) })),
  };
}
