import type { Combination } from './matrix.ts';
import { valueText } from './matrix.ts';
import { suggest } from './nearest.ts';
import type { Problems } from './problems.ts';
import type { Position } from './scenario.ts';
import type { MapEntry, Tree } from './tree.ts';

const PLACEHOLDER = /\$\{([^{}]*)\}/g;
const WHOLE = /^\$\{([^{}]*)\}$/;

/** Keys of a file in which `${key}` is left alone: they give the values. */
const SOURCES = new Set(['matrix', 'cases']);

/**
 * The file with a combination's values in place of `${key}`: the value itself where the placeholder is the
 * whole scalar, its text elsewhere. An unknown key is a problem, except in the prose of `about`; without `problems`
 * it stays as it is.
 */
export function substitute(file: Tree, combination: Combination, problems: Problems | null): Tree {
  if (file.kind !== 'map') return file;
  const entries = file.entries.map((entry) => {
    if (SOURCES.has(entry.key)) return entry;
    const reporting = entry.key === 'about' ? null : problems;
    return replaceEntry(entry, { combination, problems: reporting });
  });
  return { ...file, entries };
}

interface Substitution {
  readonly combination: Combination;
  readonly problems: Problems | null;
}

function replace(tree: Tree, substitution: Substitution): Tree {
  switch (tree.kind) {
    case 'list':
      return { ...tree, items: tree.items.map((item) => replace(item, substitution)) };
    case 'map':
      return { ...tree, entries: tree.entries.map((entry) => replaceEntry(entry, substitution)) };
    case 'scalar': {
      if (typeof tree.value !== 'string' || !tree.value.includes('${')) return tree;
      const whole = WHOLE.exec(tree.value)?.[1];
      const value = whole === undefined ? undefined : substitution.combination.get(whole);
      if (value !== undefined) return { ...value, position: tree.position };
      const text = replaceText(tree.value, tree.position, substitution);
      return { ...tree, value: text, text };
    }
  }
}

function replaceEntry(entry: MapEntry, substitution: Substitution): MapEntry {
  const key = entry.key.includes('${') ? replaceText(entry.key, entry.position, substitution) : entry.key;
  return { key, position: entry.position, value: replace(entry.value, substitution) };
}

function replaceText(text: string, position: Position, { combination, problems }: Substitution): string {
  return text.replace(PLACEHOLDER, (placeholder, key: string) => {
    const value = combination.get(key);
    if (value !== undefined) return valueText(value);
    if (problems !== null) {
      const keys = [...combination.keys()];
      const hint = keys.length === 0 ? 'values come from matrix: or cases:' : suggest(key, keys);
      problems.report(position, `\${${key}} has no value${keys.length === 0 ? '' : ' in this case'}`, hint);
    }
    return placeholder;
  });
}
