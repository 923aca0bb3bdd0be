import { suggest } from './nearest.ts';
import type { Problems } from './problems.ts';
import { entries, get, items, type MapEntry, type Scalar, type Tree } from './tree.ts';

/** One combination of a file's matrix and cases: the value of each key, in the file's order. */
export type Combination = ReadonlyMap<string, Tree>;

/** More combinations than anybody reads the results of. */
const MAX_COMBINATIONS = 2_000;

/** Keys that name something of the scenario by themselves, without `${key}`. */
export const SETTING_KEYS = ['profile', 'seed', 'mutants'] as const;

/**
 * The combinations of a file: one without values where it has neither matrix nor cases, none where they are
 * wrong, with the reason reported. `matrix` gives every combination, its last key fastest; `cases` exact ones.
 * Where both stand and have the same keys the cases come after; with other keys each case runs the matrix.
 */
export function combinations(file: Tree, problems: Problems): Combination[] {
  const matrix = readMatrix(get(file, 'matrix'), problems);
  const cases = readCases(get(file, 'cases'), problems);
  if (matrix === null || cases === null) return [];
  if (matrix.length > 0 && cases.length > 0) return together(matrix, cases, get(file, 'cases')!, problems);
  if (matrix.length > 0) return matrix;
  return cases.length > 0 ? cases : [new Map()];
}

function together(matrix: Combination[], cases: Combination[], at: Tree, problems: Problems): Combination[] {
  const keys = new Set(matrix[0]!.keys());
  const shared = (one: Combination) => [...one.keys()].filter((key) => keys.has(key)).length;
  if (cases.every((one) => shared(one) === keys.size && one.size === keys.size)) return [...matrix, ...cases];
  if (cases.every((one) => shared(one) === 0)) {
    return cases.flatMap((one) => matrix.map((values) => new Map([...one, ...values])));
  }
  problems.report(
    at.position,
    'cases and matrix share some of their keys',
    'give them the same keys, or none in common',
  );
  return [];
}

function readMatrix(tree: Tree | undefined, problems: Problems): Combination[] | null {
  if (tree === undefined) return [];
  const keys = entries(tree);
  if (keys.length === 0) {
    problems.report(
      tree.position,
      'matrix must be a map of keys with lists of values',
      'as in { diskless: [yes, no] }',
    );
    return null;
  }
  let all: Combination[] = [new Map()];
  for (const { key, position, value } of keys) {
    if (value.kind !== 'list' || value.items.length === 0) {
      problems.report(position, `the matrix key "${key}" needs a list of values`, `as in ${key}: [yes, no]`);
      return null;
    }
    if (!value.items.every((item) => checkValue(key, item, problems))) return null;
    if (all.length * value.items.length > MAX_COMBINATIONS) {
      problems.report(tree.position, `the matrix has more than ${MAX_COMBINATIONS} combinations`);
      return null;
    }
    all = all.flatMap((one) => value.items.map((item) => new Map([...one, [key, item]])));
  }
  return all;
}

function readCases(tree: Tree | undefined, problems: Problems): Combination[] | null {
  if (tree === undefined) return [];
  if (tree.kind !== 'list' || tree.items.length === 0 || !tree.items.every((item) => item.kind === 'map')) {
    problems.report(
      tree.position,
      'cases must be a list of maps',
      'as in [{ diskless: yes, want: full/forced }]',
    );
    return null;
  }
  const good = tree.items.every((item) =>
    entries(item).every(({ key, value }) => checkValue(key, value, problems)),
  );
  return good ? tree.items.map((item) => new Map(entries(item).map(({ key, value }) => [key, value]))) : null;
}

/** A value is one word or number; `mutants` may be a list of names. */
function checkValue(key: string, value: Tree, problems: Problems): boolean {
  const listed =
    key === 'mutants' && value.kind === 'list' && value.items.every((item) => item.kind === 'scalar');
  if (listed || (value.kind === 'scalar' && value.value !== null)) return true;
  problems.report(value.position, `a value of "${key}" must be a text, a number, yes or no`);
  return false;
}

/** The combinations that a filter such as `--case diskless=yes` leaves; a filter is wrong if it leaves none. */
export function filterCombinations(
  all: Combination[],
  filters: readonly string[],
  report: (filter: string, message: string, hint: string | null) => void,
): Combination[] {
  let left = all;
  for (const filter of filters) {
    const at = filter.indexOf('=');
    const key = filter.slice(0, at);
    const value = filter.slice(at + 1);
    if (at <= 0) {
      report(filter, 'a case is chosen as key=value', 'as in --case diskless=yes');
      continue;
    }
    const keys = [...new Set(all.flatMap((one) => [...one.keys()]))];
    if (!keys.includes(key)) {
      const none = keys.length === 0 ? 'the scenario has neither matrix nor cases' : suggest(key, keys);
      report(filter, `no case has a key "${key}"`, none);
      continue;
    }
    const kept = left.filter((one) => one.has(key) && valueText(one.get(key)!) === value);
    if (kept.length === 0) {
      const values = [...new Set(all.flatMap((one) => (one.has(key) ? [valueText(one.get(key)!)] : [])))];
      report(
        filter,
        `no case has ${key}=${value}${filters.length > 1 ? ' beside the other choices' : ''}`,
        suggest(value, values),
      );
      continue;
    }
    left = kept;
  }
  return left;
}

/**
 * The combinations with one key's value replaced where they have it, as `--profile` and `--seed` do; those
 * that thereby become equal run once.
 */
export function overrideKey(all: Combination[], key: string, value: Tree): Combination[] {
  const seen = new Set<string>();
  const replaced = all.map((one) => (one.has(key) ? new Map([...one, [key, value]]) : one));
  return replaced.filter((one) => {
    const identity = JSON.stringify([...one].map(([name, tree]) => [name, valueText(tree)]));
    return !seen.has(identity) && seen.add(identity);
  });
}

/** A case's value as text: what `${key}` leaves inside a longer text. */
export function valueText(value: Tree): string {
  if (value.kind === 'scalar') return value.text;
  return value.kind === 'list' ? value.items.map(valueText).join(' ') : '';
}

/** The values for the result's `case`; null without any. A number written unlike itself, `007`, stays a text. */
export function caseValues(combination: Combination): Record<string, NonNullable<Scalar>> | null {
  if (combination.size === 0) return null;
  const values: Record<string, NonNullable<Scalar>> = {};
  for (const [key, tree] of combination) {
    const value = tree.kind === 'scalar' ? tree.value : null;
    const text = valueText(tree);
    values[key] = value === null || (typeof value === 'number' && String(value) !== text) ? text : value;
  }
  return values;
}

/** Whether an `if:` holds: each of its keys has the value, or one of the values, that it names. */
export function conditionHolds(condition: Tree, factOf: (entry: MapEntry) => string | null): boolean {
  // Every key is asked for, also after one that does not hold, so that all wrong ones are found.
  const held = entries(condition).map((entry) => {
    const actual = factOf(entry);
    if (actual === null) return false;
    // An empty list stands for itself: `mutants: []` is the case without any.
    const isNone = entry.value.kind === 'list' && entry.value.items.length === 0;
    return isNone ? actual === '' : items(entry.value).some((wanted) => valueText(wanted) === actual);
  });
  return held.every((one) => one);
}
