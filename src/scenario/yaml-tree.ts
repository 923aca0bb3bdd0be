import {
  type Alias,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import type { Problems } from './problems.ts';
import type { Position } from './scenario.ts';
import type { MapEntry, MapTree, Scalar, Tree } from './tree.ts';

/** Values of a file with its aliases spelled out; a few lines of aliases can stand for billions. */
const MAX_VALUES = 300_000;

interface Conversion {
  readonly position: (offset: number) => Position;
  readonly problems: Problems;
  readonly anchors: Map<string, { tree: Tree; values: number } | 'open'>;
  /** Values so far, each alias counted with all it stands for. */
  values: number;
  tooMany: boolean;
}

/** A parsed YAML node as a tree; undefined where it could not be one, with the reason reported. */
export function convert(
  node: ParsedNode,
  position: (offset: number) => Position,
  problems: Problems,
): Tree | undefined {
  const conversion: Conversion = { position, problems, anchors: new Map(), values: 0, tooMany: false };
  const tree = toTree(node, conversion, position(node.range[0]));
  return problems.any ? undefined : tree;
}

function toTree(node: ParsedNode | null, conversion: Conversion, fallback: Position): Tree {
  if (node === null) return nothing(fallback);
  const place = conversion.position(node.range[0]);
  if (isAlias(node)) return resolveAlias(node, conversion, place);
  const before = conversion.values++;
  if (node.anchor !== undefined) conversion.anchors.set(node.anchor, 'open');
  const tree = spellOut(node, conversion, place);
  if (node.anchor !== undefined) {
    conversion.anchors.set(node.anchor, { tree, values: conversion.values - before });
    warnOfEmptyAnchor(node.anchor, tree, conversion);
  }
  return tree;
}

function spellOut(node: ParsedNode, conversion: Conversion, place: Position): Tree {
  // The items of !!omap and !!pairs are no nodes.
  if (isSeq(node) && node.items.some(isPair)) return meaningless(place, conversion);
  if (isSeq(node)) {
    const list = node.items.map((item) => toTree(item as ParsedNode | null, conversion, place));
    return { kind: 'list', position: place, items: list };
  }
  if (isMap(node)) return toMap(node, conversion, place);
  if (!isScalar(node)) return nothing(place);
  const { value } = node;
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    typeof value === 'number'
  ) {
    const text = typeof value === 'string' ? value : (node.source ?? '');
    return { kind: 'scalar', position: place, value: value as Scalar, text };
  }
  return meaningless(place, conversion);
}

function meaningless(place: Position, conversion: Conversion): Tree {
  conversion.problems.report(place, 'a value of this YAML type has no meaning here');
  return nothing(place);
}

function toMap(node: YAMLMap, conversion: Conversion, place: Position): MapTree {
  const found = new Map<string, MapEntry>();
  const merged: MapTree[] = [];
  for (const pair of node.items as Pair<ParsedNode, ParsedNode | null>[]) {
    const keyPlace = conversion.position(pair.key?.range?.[0] ?? node.range?.[0] ?? 0);
    const key = keyText(pair.key, keyPlace, conversion);
    const value = toTree(pair.value, conversion, keyPlace);
    if (key === null) continue;
    if (key === '<<') collectMerged(value, merged, conversion);
    else if (found.has(key))
      conversion.problems.report(keyPlace, `"${key}" stands here twice`, 'keep one of them');
    else found.set(key, { key, position: keyPlace, value });
  }
  for (const map of merged) {
    for (const entry of map.entries) if (!found.has(entry.key)) found.set(entry.key, entry);
  }
  return { kind: 'map', position: place, entries: [...found.values()] };
}

/** The maps that `<<: *anchor` brings in. */
function collectMerged(value: Tree, merged: MapTree[], conversion: Conversion): void {
  for (const tree of value.kind === 'list' ? value.items : [value]) {
    if (tree.kind === 'map') merged.push(tree);
    else
      conversion.problems.report(value.position, '<< takes a map or a list of maps', 'as in "<<: *anchor"');
  }
}

function keyText(key: ParsedNode | null, place: Position, conversion: Conversion): string | null {
  if (!isScalar(key) || key.value === null) {
    conversion.problems.report(place, 'a key must be a word');
    return null;
  }
  const text = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
  if (text !== '__proto__') return text;
  conversion.problems.report(place, '"__proto__" cannot be a key', 'names start with a letter');
  return null;
}

function resolveAlias(alias: Alias.Parsed, conversion: Conversion, place: Position): Tree {
  const name = alias.source;
  const anchor = conversion.anchors.get(name);
  if (anchor === undefined || anchor === 'open') {
    const message =
      anchor === undefined ? `no anchor &${name} stands before this alias` : `*${name} holds itself`;
    conversion.problems.report(
      place,
      message,
      anchor === undefined ? `a text that starts with * needs quotes: "*${name}"` : null,
    );
    return nothing(place);
  }
  conversion.values += anchor.values;
  if (conversion.values <= MAX_VALUES) return anchor.tree;
  if (!conversion.tooMany)
    conversion.problems.report(
      place,
      `with its aliases spelled out the file has more than ${MAX_VALUES} values`,
    );
  conversion.tooMany = true;
  return nothing(place);
}

/** `run: &text` is an anchor on nothing, where a text was meant. */
function warnOfEmptyAnchor(name: string, tree: Tree, conversion: Conversion): void {
  if (tree.kind !== 'scalar' || tree.value !== null) return;
  conversion.problems.report(
    tree.position,
    `&${name} is an anchor on nothing`,
    `a text that starts with & needs quotes: "&${name}"`,
  );
}

function nothing(position: Position): Tree {
  return { kind: 'scalar', position, value: null, text: '' };
}
