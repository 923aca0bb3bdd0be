import type { ProfileName } from '../profile.ts';
import { DIRECTIVES_REDIS_5_0 } from './config-table-redis-5.0.ts';
import { DIRECTIVES_REDIS_7_0 } from './config-table-redis-7.0.ts';
import { CONFIG_PARSERS } from './config-types.ts';

export { memtoll } from './config-types.ts';

/** A configuration directive of a version of Redis. */
export interface Directive {
  /** Its name in that version, as CONFIG REWRITE writes it. */
  readonly name: string;
  /** All its names, old before new. */
  readonly names: readonly string[];
  /** The type of its value, a key of CONFIG_PARSERS, with that type's bounds. */
  readonly type: string;
  readonly bounds: readonly string[];
  /** Its value as CONFIG GET shows it where nothing sets it. */
  readonly default: string;
  /** Whether the simulation heeds it. */
  readonly effect: boolean;
  /** Whether CONFIG GET and CONFIG SET know it, and whether a configuration file may have it. */
  readonly gettable: boolean;
  readonly settable: boolean;
  readonly inFile: boolean;
  /** Whether its value is one word, whatever that word contains. */
  readonly oneWord: boolean;
  /** Whether each line of it adds to those before. */
  readonly repeatable: boolean;
  /** The words of one line as CONFIG GET shows the value; undefined where they are no value of its type. */
  parse(words: readonly string[]): string | undefined;
  /** What is wrong with the words of one line, or null. */
  check(words: readonly string[]): string | null;
}

const TABLES: Readonly<Record<ProfileName, string>> = {
  'redis-5.0': DIRECTIVES_REDIS_5_0,
  'redis-7.0': DIRECTIVES_REDIS_7_0,
};

interface Table {
  readonly all: readonly Directive[];
  readonly byName: ReadonlyMap<string, Directive>;
}

const tables = new Map<ProfileName, Table>();

/** A directive by its old or its new name, in any case; undefined where that version has none. */
export function lookupDirective(name: string, profile: ProfileName): Directive | undefined {
  return tableOf(profile).byName.get(name.toLowerCase());
}

/** Every name of every directive that may stand in a configuration file, old and new. */
export function directiveNames(profile: ProfileName): string[] {
  return directivesOf(profile).flatMap(({ names, inFile }) => (inFile ? names : []));
}

/** All directives of a version, each once, in the order of CONFIG GET. */
export function directivesOf(profile: ProfileName): readonly Directive[] {
  return tableOf(profile).all;
}

function tableOf(profile: ProfileName): Table {
  const known = tables.get(profile);
  if (known !== undefined) return known;
  const all = TABLES[profile]
    .trim()
    .split('\n')
    .map((line) => parseLine(line.trim()));
  const byName = new Map(
    all.flatMap((directive) => directive.names.map((name) => [name, directive] as const)),
  );
  const table = { all, byName };
  tables.set(profile, table);
  return table;
}

/** Types whose value is one word. */
const ONE_WORD: ReadonlySet<string> = new Set([
  'string',
  'basename',
  'yesno',
  'one-of',
  'integer',
  'hz',
  'memory',
  'octal',
  'events',
]);
const REPEATABLE: ReadonlySet<string> = new Set(['save', 'buffer-limits', 'lines']);

function parseLine(line: string): Directive {
  const [allNames = '', typeAndBounds = '', value = '', flags = ''] = line.split('|');
  const names = allNames.split(' ');
  const [type = '', ...bounds] = typeAndBounds.split(' ');
  const parser = CONFIG_PARSERS[type]!;
  const parse = (words: readonly string[]): string | undefined =>
    ONE_WORD.has(type) && words.length !== 1 ? undefined : parser(words, bounds);
  return {
    name: names[names.length - 1]!,
    names,
    type,
    bounds,
    default: value,
    effect: flags.includes('e'),
    gettable: flags.includes('g'),
    settable: flags.includes('s'),
    inFile: flags.includes('f'),
    oneWord: ONE_WORD.has(type),
    repeatable: REPEATABLE.has(type),
    parse,
    check: (words) => problemOf(type, bounds, words, parse),
  };
}

function problemOf(
  type: string,
  bounds: readonly string[],
  words: readonly string[],
  parse: (words: readonly string[]) => string | undefined,
): string | null {
  if (ONE_WORD.has(type) && words.length !== 1) return 'takes one argument';
  const value = parse(words);
  if (value === undefined) return `${EXPECTED[type]!(bounds)}, not "${words.join(' ')}"`;
  // A backlog of no bytes passes CONFIG SET, which raises it to the least there is, but no configuration file.
  if (type === 'memory' && bounds[1] !== undefined && Number(value) < Number(bounds[1])) {
    return `must be ${bounds[1]} or greater`;
  }
  return null;
}

/** What a value of each type must be. */
const EXPECTED: Readonly<Record<string, (bounds: readonly string[]) => string>> = {
  string: () => 'takes a text',
  basename: () => "can't be a path, just a filename",
  words: () => 'takes words',
  lines: ([min]) => `takes ${min} arguments`,
  yesno: () => "argument must be 'yes' or 'no'",
  'one-of': (names) => `must be one of ${names.join(', ')}`,
  integer: ([min, max]) => {
    if (max !== undefined) return `must be an integer between ${min} and ${max}`;
    return min === undefined ? 'must be an integer' : `must be an integer, ${min} or greater`;
  },
  hz: () => 'must be an integer, 0 or greater',
  memory: ([min]) =>
    `must be a size such as 16kb${min === undefined || min === '0' ? '' : `, at least ${min}`}`,
  octal: () => 'must be an octal number',
  events: () => "Invalid event class character. Use 'g$lshzxeKEtA'",
  save: () => 'takes seconds and changes, or "" for no saves',
  'buffer-limits': () => 'takes a class (normal, replica or pubsub), a hard limit, a soft limit and seconds',
  replicaof: () => 'takes a host and a port',
};
