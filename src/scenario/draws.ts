import { get, type Tree } from './tree.ts';

/**
 * The tree with a name for the random stream of every `pick` that has none, by its number in the file: what is drawn
 * depends neither on lines nor on what else is drawn, and a file made of a part of this one can draw the same.
 */
export function nameDraws(file: Tree): Tree {
  let draws = 0;
  const name = (tree: Tree): Tree => {
    if (tree.kind === 'scalar') return tree;
    if (tree.kind === 'list') return { ...tree, items: tree.items.map(name) };
    const entries = tree.entries.map((entry) => ({ ...entry, value: name(entry.value) }));
    if (get(tree, 'pick') === undefined || get(tree, 'stream') !== undefined) return { ...tree, entries };
    const { position } = tree;
    const text = `pick/${++draws}`;
    const stream = {
      key: 'stream',
      position,
      value: { kind: 'scalar', position, value: text, text },
    } as const;
    return { ...tree, entries: [...entries, stream] };
  };
  return name(file);
}
