import { PROFILES, type ProfileName } from '../../sim/redis/profile.ts';
import type { Catalog } from './catalog.ts';
import { redisCatalog } from './default-catalog.ts';
import { nameDraws } from './draws.ts';
import { type Combination, combinations, filterCombinations, overrideKey, valueText } from './matrix.ts';
import { isWrong, optionPosition, type Problem, Problems } from './problems.ts';
import { parseProfile } from './profiles.ts';
import { resolveScenario, type Settings } from './resolve.ts';
import type { Scenario } from './scenario.ts';
import { describe, entries, get, items, type Tree } from './tree.ts';
import { readYaml } from './yaml-source.ts';

/** What the command line changes in a scenario, as written there, and what the program has. */
export interface LoadOptions {
  /** In place of the file's `profile`; a node's own stays. */
  readonly profile?: string;
  /**
   * The same where there is no `profile`, but not for a file that gives nodes versions of their own or that would be
   * wrong in this version; of cases that name versions those of this one.
   */
  readonly serverProfile?: ProfileName;
  /** In place of the file's `seed`. */
  readonly seed?: string;
  /** `NODE.directive=value` and `A<->B.latency=75ms`. */
  readonly set?: readonly string[];
  /** `key=value`: only the cases that have it. */
  readonly cases?: readonly string[];
  /** Profiles that can be run; those that the simulation has, without. */
  readonly knownProfiles?: readonly ProfileName[];
  /** Rules to be broken, beside those that the file breaks. */
  readonly mutants?: readonly string[];
  /** What Redis has; the simulation's own tables, without. */
  readonly catalog?: Catalog;
  /**
   * The text of a file that the scenario names (`conf:`), or null where there is none. Its path counts from
   * where the scenario's own path counts. Without it no file can be named.
   */
  readonly readFile?: (path: string) => string | null;
}

export type Loaded =
  | { readonly ok: true; readonly scenarios: readonly Scenario[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads the text of a scenario file: one scenario for each of its cases, or everything that is wrong with it,
 * in the order of the file. `file` is the path for messages, `-` for standard input.
 */
export function loadScenarioFile(text: string, file: string, options: LoadOptions = {}): Loaded {
  const loaded = loadText(text, file, options);
  if (loaded.ok || options.serverProfile === undefined) return loaded;
  // What is right in one version of Redis need not be in another: then the file is of the version that it says.
  const { serverProfile: _, ...own } = options;
  const asItSays = loadText(text, file, own);
  return asItSays.ok ? asItSays : loaded;
}

function loadText(text: string, file: string, options: LoadOptions): Loaded {
  const problems = new Problems();
  const tree = readYaml(text, file, problems);
  const scenarios = tree === undefined ? [] : loadTree(tree, file, options, problems);
  return problems.any ? { ok: false, problems: problems.sorted() } : { ok: true, scenarios };
}

function loadTree(tree: Tree, file: string, options: LoadOptions, problems: Problems): Scenario[] {
  if (tree.kind !== 'map') {
    problems.report(
      tree.position,
      `a scenario is a map of keys, not ${describe(tree)}`,
      'it needs at least name, duration and nodes',
    );
    return [];
  }
  const settings = complete(file, tree, options);
  checkProfileOption(settings, problems);
  const all = combinations(tree, problems);
  const keys = [...new Set(all.flatMap((one) => [...one.keys()]))];
  let chosen = all;
  for (const key of ['profile', 'seed'] as const) {
    const text = settings[key];
    if (text === null) continue;
    if (key === 'profile' && options.profile === undefined) {
      chosen = casesOfVersion(chosen, text);
      continue;
    }
    const position = optionPosition(`--${key}`, text);
    chosen = overrideKey(chosen, key, { kind: 'scalar', position, value: text, text });
  }
  chosen = filterCombinations(chosen, options.cases ?? [], (filter, message, hint) =>
    problems.report(optionPosition('--case', filter), message, hint),
  );
  const source = nameDraws(tree);
  return chosen.map((combination) => resolveScenario(source, combination, keys, settings, problems));
}

/** The cases that a server of this version can play; if none says that it is meant for it, all of them. */
function casesOfVersion(all: readonly Combination[], profile: string): Combination[] {
  const own = all.filter((one) => {
    const said = one.get('profile');
    return said === undefined || valueText(said) === profile;
  });
  return own.length > 0 ? own : [...all];
}

/** Whether a node has a version of its own, or is started with one. */
function namesVersions(tree: Tree): boolean {
  const nodes = entries(get(tree, 'nodes'));
  return (
    nodes.some(({ value }) => get(value, 'profile') !== undefined) || startsVersions(get(tree, 'timeline'))
  );
}

function startsVersions(timeline: Tree | undefined): boolean {
  return items(timeline).some(
    (entry) =>
      get(get(entry, 'set'), 'profile') !== undefined || startsVersions(get(get(entry, 'repeat'), 'do')),
  );
}

function complete(file: string, tree: Tree, options: LoadOptions): Settings {
  const { serverProfile } = options;
  const implied = serverProfile === undefined || namesVersions(tree) ? null : serverProfile;
  return {
    file,
    profile: options.profile ?? implied,
    seed: options.seed ?? null,
    set: options.set ?? [],
    knownProfiles: options.knownProfiles ?? (Object.keys(PROFILES) as ProfileName[]),
    mutants: options.mutants ?? [],
    catalog: options.catalog ?? redisCatalog,
    readFile: options.readFile ?? (() => null),
  };
}

function checkProfileOption({ profile, knownProfiles }: Settings, problems: Problems): void {
  const found = profile === null ? null : parseProfile(profile, knownProfiles);
  if (isWrong(found)) problems.reportWrong(optionPosition('--profile', profile!), found);
}
