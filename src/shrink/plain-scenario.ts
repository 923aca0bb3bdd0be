import type { Plain } from '../scenario/tree.ts';

export type PlainMap = Readonly<Record<string, Plain>>;

/** A scenario file as plain values, which can be taken apart and changed. Nothing here changes one in place. */
export type PlainScenario = PlainMap;

export function without(map: PlainMap, ...keys: string[]): PlainMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** The items of a list under a key; none where there is no such list. */
export function listOf(scenario: PlainScenario, key: string): readonly Plain[] {
  const value = scenario[key];
  return Array.isArray(value) ? (value as readonly Plain[]) : [];
}

/** The map under a key; empty where there is none. */
export function mapOf(value: Plain | undefined): PlainMap {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as PlainMap) : {};
}

/** The scenario with a value under a key, or without the key where the value is empty. */
export function withValue(scenario: PlainScenario, key: string, value: Plain): PlainScenario {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return isEmpty ? without(scenario, key) : { ...scenario, [key]: value };
}

/** What lies at a path of keys and indexes. */
export function at(value: Plain, path: readonly (string | number)[]): Plain | undefined {
  return path.reduce<Plain | undefined>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, Plain>)[key] : undefined,
    value,
  );
}

/** The scenario with another value at a path. */
export function withAt(value: Plain, path: readonly (string | number)[], inner: Plain): Plain {
  const [key, ...rest] = path;
  if (key === undefined) return inner;
  if (Array.isArray(value)) {
    return value.map((item: Plain, i) => (i === key ? withAt(item, rest, inner) : item));
  }
  const map = value as Readonly<Record<string, Plain>>;
  return { ...map, [key]: withAt(map[key]!, rest, inner) };
}

/** A place in a scenario, as keys and indexes. */
type Path = readonly (string | number)[];

/** Every text in the scenario that holds more than words, with its path. */
export function* textsIn(
  value: Plain,
  path: Path = [],
): Generator<{ readonly path: Path; readonly text: string }> {
  if (typeof value === 'string') yield { path, text: value };
  for (const [key, item] of inside(value)) yield* textsIn(item, [...path, key]);
}

/** Every map in the scenario, with its path, itself first. */
export function* mapsIn(
  value: Plain,
  path: Path = [],
): Generator<{ readonly path: Path; readonly map: PlainMap }> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    yield { path, map: value as PlainMap };
  }
  for (const [key, item] of inside(value)) yield* mapsIn(item, [...path, key]);
}

/** What a list or a map holds, by index or key. */
function inside(value: Plain): Iterable<readonly [string | number, Plain]> {
  if (Array.isArray(value)) return (value as readonly Plain[]).entries();
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
