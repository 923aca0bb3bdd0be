import { MUTANTS } from '../../sim/mutants/index.ts';
import type { ProfileName } from '../../sim/redis/profile.ts';
import { keepCase } from './cases.ts';
import type { Catalog } from './catalog.ts';
import { type Context, parsed, timeWithin } from './context.ts';
import { NodeNames } from './groups.ts';
import { type Combination, caseValues } from './matrix.ts';
import { suggest } from './nearest.ts';
import { isWrong, optionPosition, type Problems, type Wrong, wrong } from './problems.ts';
import { parseProfile } from './profiles.ts';
import { startedProfiles } from './resolve-actions.ts';
import { resolveExpectations } from './resolve-expectations.ts';
import { resolveLinks } from './resolve-links.ts';
import { resolveNemesis } from './resolve-nemesis.ts';
import { nameNodes, resolveNodes } from './resolve-nodes.ts';
import { resolveTimeline } from './resolve-timeline.ts';
import { resolveClients, resolveWorkload } from './resolve-traffic.ts';
import { checkSteps } from './resolve-triggers.ts';
import type { Note, Scenario } from './scenario.ts';
import { checkShape } from './schema-problems.ts';
import { parseSetOptions } from './set-options.ts';
import { substitute } from './substitute.ts';
import { get, items, type Plain, type Tree, textOf, toPlain } from './tree.ts';
import { parseDuration } from './units.ts';

/** What a file is resolved with, complete. */
export interface Settings {
  readonly file: string;
  readonly profile: string | null;
  readonly seed: string | null;
  readonly set: readonly string[];
  readonly knownProfiles: readonly ProfileName[];
  readonly mutants: readonly string[];
  readonly catalog: Catalog;
  readFile(path: string): string | null;
}

/** A time that no run reaches: stands in for a duration that is wrong, so that not every time is. */
const ENDLESS = Number.MAX_SAFE_INTEGER;

/**
 * One case of a file as a scenario. What is wrong is reported; then the scenario is not to be used.
 * `keys` are those of all cases of the file.
 */
export function resolveScenario(
  source: Tree,
  combination: Combination,
  keys: readonly string[],
  settings: Settings,
  problems: Problems,
): Scenario {
  const facts = {
    combination,
    keys,
    profile: profileText(source, combination, settings),
    seed: seedText(source, combination, settings),
  };
  const file = substitute(keepCase(source, facts, problems), combination, problems);
  // The shape is checked of what this case leaves out, too.
  checkShape(substitute(source, combination, null), problems);

  const profile = resolveProfile(file, combination, settings, problems);
  const notes = new Map<string, Note>();
  const named = nameNodes(get(file, 'nodes'), problems);
  const names = new NodeNames(named.map(({ name }) => name));
  const overrides = parseSetOptions(settings.set, names, problems);
  const nodes = resolveNodes(named, { ...settings, profile, problems, notes, overrides: overrides.configs });
  const context: Context = {
    problems,
    notes,
    names,
    catalog: settings.catalog,
    knownProfiles: settings.knownProfiles,
    nodes: new Map(nodes.map((node) => [node.name, node])),
    profiles: new Map(nodes.map((node) => [node.name, [node.profile]])),
    clients: new Map(),
    ids: new Map(),
    duration: resolveDuration(get(file, 'duration'), problems),
  };
  for (const [node, started] of startedProfiles(get(file, 'timeline'), context))
    context.profiles.get(node)!.push(started);
  const links = resolveLinks(get(file, 'links'), overrides.links, context);
  const clients = resolveClients(get(file, 'clients'), context);
  const workload = resolveWorkload(get(file, 'workload'), context);
  const timeline = resolveTimeline(get(file, 'timeline'), context);
  checkSteps(items(get(file, 'timeline')), context);
  const nemesis = resolveNemesis(get(file, 'nemesis'), context);
  const expect = resolveExpectations(get(file, 'expect'), context);
  return {
    file: settings.file,
    name: resolveName(get(file, 'name'), problems),
    about: textOf(get(file, 'about')) ?? '',
    tags: texts(get(file, 'tags')),
    profile,
    seed: facts.seed,
    duration: context.duration,
    nodes,
    links,
    clients,
    workload,
    timeline,
    nemesis,
    expect,
    snapshots: items(get(file, 'snapshots')).flatMap((tree) => timeWithin(context, tree) ?? []),
    knownFailure: resolveKnownFailure(get(file, 'known_failure'), problems),
    mutants: resolveMutants(combination.get('mutants') ?? get(file, 'mutants'), settings, problems),
    confirmed: texts(get(file, 'confirmed')),
    case: caseValues(combination),
    notes: [...notes.values()],
    plain: () => toPlain(file) as Plain,
  };
}

function texts(tree: Tree | undefined): string[] {
  return items(tree).flatMap((item) => textOf(item) ?? []);
}

/** The name of the profile, right or wrong: the case's, the command line's, the file's, the default. */
function profileText(file: Tree, combination: Combination, settings: Settings): string {
  return (
    textOf(combination.get('profile')) ??
    settings.profile ??
    textOf(get(file, 'profile')) ??
    settings.knownProfiles[0]!
  );
}

/** The seed as it is written: `007` is not `7`. */
function seedText(file: Tree, combination: Combination, settings: Settings): string {
  return textOf(combination.get('seed')) ?? settings.seed ?? textOf(get(file, 'seed')) ?? '1';
}

function resolveProfile(
  file: Tree,
  combination: Combination,
  settings: Settings,
  problems: Problems,
): ProfileName {
  const fallback = settings.knownProfiles[0]!;
  const parse = (text: string) => parseProfile(text, settings.knownProfiles);
  const fromCase = combination.get('profile');
  if (fromCase !== undefined) return parsed({ problems }, fromCase, parse) ?? fallback;
  if (settings.profile === null) return parsed({ problems }, get(file, 'profile'), parse) ?? fallback;
  // A wrong --profile was reported where the options were read.
  const chosen = parse(settings.profile);
  return isWrong(chosen) ? fallback : chosen;
}

function resolveDuration(tree: Tree | undefined, problems: Problems): number {
  const duration = parsed({ problems }, tree, (text) => parseDuration(text));
  if (duration === 0) problems.report(tree!.position, 'a run must last longer than nothing');
  return duration ?? ENDLESS;
}

function resolveName(tree: Tree | undefined, problems: Problems): string {
  const name = textOf(tree)?.trim() ?? '';
  if (tree === undefined) return name;
  if (name === '') problems.report(tree.position, 'a scenario needs a name');
  if (/[\r\n]/.test(name))
    problems.report(tree.position, 'the name is one line', 'the rest can stand under about:');
  return name;
}

function resolveKnownFailure(tree: Tree | undefined, problems: Problems): string | null {
  const why = textOf(tree);
  if (tree !== undefined && why?.trim() === '')
    problems.report(tree.position, 'known_failure says why', 'take it away where the scenario holds');
  return why;
}

/** The rules that are broken in this case: the file's, then the command line's. */
function resolveMutants(tree: Tree | undefined, settings: Settings, problems: Problems): string[] {
  const own = items(tree).flatMap((item) => parsed({ problems }, item, checkMutant) ?? []);
  const added = settings.mutants.filter((name) => {
    const found = checkMutant(name);
    if (isWrong(found)) problems.reportWrong(optionPosition('--mutant', name), found);
    return !isWrong(found);
  });
  return [...new Set([...own, ...added])];
}

function checkMutant(name: string): string | Wrong {
  const names = MUTANTS.map((mutant) => mutant.name);
  if (names.includes(name)) return name;
  const hint = suggest(name, names) ?? 'psynclab list --mutants has them all';
  return wrong(`there is no mutant "${name.slice(0, 40)}"`, hint);
}
