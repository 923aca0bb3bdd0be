import { type Combination, conditionHolds, valueText } from './matrix.ts';
import { suggest } from './nearest.ts';
import type { Problems } from './problems.ts';
import { get, type MapEntry, type Tree } from './tree.ts';

/** What `if:` can ask for in one case. */
export interface CaseFacts {
  readonly combination: Combination;
  readonly profile: string;
  readonly seed: string;
  /** Keys of any case of the file. */
  readonly keys: readonly string[];
}

/** The parts of a file whose items may have an `if:`. */
const CONDITIONAL = new Set(['workload', 'timeline', 'expect']);

/** The file without the entries and expectations whose `if:` does not hold in a case. */
export function keepCase(file: Tree, facts: CaseFacts, problems: Problems): Tree {
  if (file.kind !== 'map') return file;
  const entries = file.entries.map((entry) =>
    CONDITIONAL.has(entry.key) ? { ...entry, value: keepItems(entry.value, facts, problems) } : entry,
  );
  return { ...file, entries };
}

function keepItems(list: Tree, facts: CaseFacts, problems: Problems): Tree {
  if (list.kind !== 'list') return list;
  const kept = list.items.filter((item) => {
    const condition = get(item, 'if');
    return condition === undefined || conditionHolds(condition, (entry) => factOf(entry, facts, problems));
  });
  return { ...list, items: kept.map((item) => keepInside(item, facts, problems)) };
}

/** The entries of a `repeat: { do: [..] }` have an `if:` of their own. */
function keepInside(item: Tree, facts: CaseFacts, problems: Problems): Tree {
  const repeat = get(item, 'repeat');
  if (item.kind !== 'map' || repeat?.kind !== 'map' || get(repeat, 'do') === undefined) return item;
  const inner = repeat.entries.map((entry) =>
    entry.key === 'do' ? { ...entry, value: keepItems(entry.value, facts, problems) } : entry,
  );
  const replaced: Tree = { ...repeat, entries: inner };
  return {
    ...item,
    entries: item.entries.map((entry) => (entry.key === 'repeat' ? { ...entry, value: replaced } : entry)),
  };
}

/** A fact's text; null where this case has no such key, as another may. */
function factOf(entry: MapEntry, facts: CaseFacts, problems: Problems): string | null {
  const value = facts.combination.get(entry.key);
  if (value !== undefined) return valueText(value);
  if (entry.key === 'profile') return facts.profile;
  if (entry.key === 'seed') return facts.seed;
  if (!facts.keys.includes(entry.key)) {
    const hint = suggest(entry.key, [...facts.keys, 'profile', 'seed']);
    problems.report(entry.position, `no case has a key "${entry.key.slice(0, 40)}"`, hint);
  }
  return null;
}
