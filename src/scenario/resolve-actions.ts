import type { ProfileName } from '../../sim/redis/profile.ts';
import { parseMaster } from './addresses.ts';
import { type Context, chooseLinks, chooseNodes, duration, nodeList, parsed, refuseKeys } from './context.ts';
import { parseRegex } from './patterns.ts';
import { isWrong, wrong } from './problems.ts';
import { parseProfile } from './profiles.ts';
import { resolveCommands } from './resolve-commands.ts';
import { applyConfig, type Config, configLines, refuseLists } from './resolve-config.ts';
import { linkValues } from './resolve-links.ts';
import { portOf } from './resolve-nodes.ts';
import { resolveTimeline } from './resolve-timeline.ts';
import type { Action, Choice, Directions, ReplyTest, Route, StartSettings } from './scenario.ts';
import { entries, get, items, type Tree, textOf } from './tree.ts';

/** Every action with the keys that go with it; those in the second list are faults. */
export const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  run: ['on', 'as', 'reply'],
  repeat: ['on', 'as'],
  point: ['to'],
};
export const FAULTS: Readonly<Record<string, readonly string[]>> = {
  partition: [],
  heal: [],
  reset: [],
  link: ['set'],
  kill: [],
  poweroff: [],
  start: ['set'],
  wipe: [],
  freeze: [],
  thaw: [],
  bgsave: ['set'],
};
const ACTIONS: Readonly<Record<string, readonly string[]>> = { ...COMMANDS, ...FAULTS };

/** Keys of every entry. */
const COMMON = ['id', 'if', 'at', 'after', 'when', 'for', 'within'];

/** An entry's one action; undefined where it has none, several, or a wrong one, which is reported. */
export function resolveAction(entry: Tree, context: Context): Action | undefined {
  const given = entries(entry).filter(({ key }) => Object.hasOwn(ACTIONS, key));
  const [first] = given;
  if (first === undefined) {
    if (context.problems.hasUnknownKey(entries(entry))) return undefined;
    context.problems.report(
      entry.position,
      'the entry has no action',
      `one of: ${Object.keys(ACTIONS).join(', ')}`,
    );
    return undefined;
  }
  if (given.length > 1) {
    const names = given.map(({ key }) => key).join(' and ');
    context.problems.report(
      entry.position,
      `the entry has ${given.length} actions: ${names}`,
      'give each an entry of its own',
    );
    return undefined;
  }
  const fault = Object.hasOwn(FAULTS, first.key) ? ['idle'] : [];
  refuseKeys(context, entry, [first.key, ...COMMON, ...ACTIONS[first.key]!, ...fault], `"${first.key}"`);
  return act(first.key, first.value, entry, context);
}

function act(action: string, value: Tree, entry: Tree, context: Context): Action | undefined {
  switch (action) {
    case 'run':
      return resolveRun(value, entry, context);
    case 'repeat':
      return resolveRepeat(value, entry, context);
    case 'point':
      return resolvePoint(value, entry, context);
    case 'heal':
      return textOf(value) === 'all'
        ? { kind: 'heal', links: null }
        : { kind: 'heal', links: chooseLinks(context, value) };
    case 'partition':
    case 'reset':
      return { kind: action, links: chooseLinks(context, value) };
    case 'link':
      return resolveLinkChange(value, entry, context);
    case 'start':
      return resolveStart(value, get(entry, 'set'), context);
    case 'bgsave':
      return resolveBgsave(value, entry, context);
    case 'kill':
    case 'poweroff':
    case 'wipe':
    case 'freeze':
    case 'thaw':
      return { kind: action, nodes: chooseNodes(context, value) };
    default:
      return undefined;
  }
}

/** Where commands go, from `on` or `as`, and the profiles that may have to know them. */
export function resolveRoute(
  entry: Tree,
  context: Context,
): { route: Route; profiles: readonly ProfileName[] } | undefined {
  const on = get(entry, 'on');
  const as = get(entry, 'as');
  if ((on === undefined) === (as === undefined)) {
    const message =
      on === undefined ? 'where do the commands go?' : 'commands go over "on" or "as", not both';
    context.problems.report(entry.position, message, 'on: a node, or as: a client');
    return undefined;
  }
  if (on !== undefined) {
    const nodes = chooseNodes(context, on);
    return { route: { nodes }, profiles: profilesOf(nodes.options.flat(), context) };
  }
  const client = knownClient(as!, context);
  return client === undefined
    ? undefined
    : { route: { client }, profiles: profilesOf(context.names.all, context) };
}

function profilesOf(nodes: readonly string[], context: Context): ProfileName[] {
  return [...new Set(nodes.flatMap((node) => context.profiles.get(node) ?? []))];
}

function knownClient(tree: Tree, context: Context): string | undefined {
  return parsed(context, tree, (name) => {
    if (context.clients.has(name)) return name;
    const names = [...context.clients.keys()];
    const hint =
      names.length === 0 ? 'clients stand under clients:' : `there is ${names.slice(0, 10).join(', ')}`;
    return wrong(`there is no client "${name.slice(0, 40)}"`, hint);
  });
}

function resolveRun(value: Tree, entry: Tree, context: Context): Action | undefined {
  const way = resolveRoute(entry, context);
  const commands = resolveCommands(value, way?.profiles ?? [], context);
  const replies = resolveReplies(get(entry, 'reply'), value, context);
  return way === undefined ? undefined : { kind: 'run', route: way.route, commands, replies };
}

/** One expected reply for each command. */
function resolveReplies(tree: Tree | undefined, run: Tree, context: Context): ReplyTest[] | null {
  if (tree === undefined) return null;
  const wanted = items(run).length;
  const given = items(tree).length;
  if (given !== wanted) {
    context.problems.report(
      tree.position,
      `${given === 1 ? '1 reply is' : `${given} replies are`} given for ${wanted === 1 ? '1 command' : `${wanted} commands`}`,
      'a list of commands has a list of replies',
    );
  }
  return items(tree).map((item) => {
    // A nil reply is written null; the word stands for it in results too.
    const text = textOf(item) ?? 'null';
    const regex = parseRegex(text);
    if (isWrong(regex)) context.problems.reportWrong(item.position, regex);
    if (regex === null || isWrong(regex)) return { kind: 'text', text };
    return { kind: 'regex', regex, source: text };
  });
}

function resolveRepeat(value: Tree, entry: Tree, context: Context): Action | undefined {
  const times = wholeNumber(get(value, 'times'));
  const every = duration(context, get(value, 'every')) ?? 0;
  const run = get(value, 'run');
  const inner = get(value, 'do');
  if ((run === undefined) === (inner === undefined)) {
    const message = run === undefined ? 'repeat what?' : 'repeat takes "run" or "do", not both';
    context.problems.report(value.position, message, 'run: commands, or do: a list of entries');
    return undefined;
  }
  if (inner !== undefined) {
    refuseKeys(context, entry, ['repeat', ...COMMON], 'repeated entries: they have their own');
    if (inner.kind === 'list' && inner.items.length === 0)
      context.problems.report(inner.position, 'do: is empty');
    return { kind: 'repeat-do', times, every, entries: resolveTimeline(inner, context, true) };
  }
  const way = resolveRoute(entry, context);
  const commands = resolveCommands(run, way?.profiles ?? [], context);
  return way === undefined ? undefined : { kind: 'repeat-run', route: way.route, times, every, commands };
}

/** The schema has seen to it that there is a number. */
function wholeNumber(tree: Tree | undefined): number {
  return tree?.kind === 'scalar' && typeof tree.value === 'number' ? tree.value : 1;
}

function resolvePoint(value: Tree, entry: Tree, context: Context): Action | undefined {
  const client = knownClient(value, context);
  const to = get(entry, 'to');
  if (to === undefined) {
    context.problems.report(entry.position, 'point it where?', 'to: a node');
    return undefined;
  }
  const nodes = chooseNodes(context, to);
  if (nodes.options.some((option) => option.length > 1)) {
    context.problems.report(to.position, 'a client has one node', 'to draw one: to: { pick: [A, B] }');
  }
  return client === undefined ? undefined : { kind: 'point', client, to: nodes };
}

function resolveLinkChange(value: Tree, entry: Tree, context: Context): Action | undefined {
  const links = chooseLinks(context, value);
  const set = get(entry, 'set');
  if (set === undefined || entries(set).length === 0) {
    context.problems.report(
      set?.position ?? entry.position,
      'what changes on the link?',
      'as in set: { latency: 200ms }',
    );
    return undefined;
  }
  refuseKeys(context, set, ['latency', 'rtt', 'jitter', 'loss', 'bandwidth'], '"link"');
  return { kind: 'link', links, set: linkValues(set, bothWays(links), context) };
}

/** Whether every option names both directions of each of its links. */
function bothWays(links: Choice<Directions>): boolean {
  return links.options.every((option) =>
    option.every(({ from, to }) => option.some((back) => back.from === to && back.to === from)),
  );
}

function resolveBgsave(value: Tree, entry: Tree, context: Context): Action | undefined {
  const nodes = chooseNodes(context, value);
  const set = get(entry, 'set');
  const outcome = textOf(set);
  if (outcome !== 'fail' && outcome !== 'ok') {
    context.problems.report(
      set?.position ?? entry.position,
      'do saves fail or work?',
      'set: fail or set: ok',
    );
    return undefined;
  }
  return { kind: 'bgsave', nodes, fails: outcome === 'fail' };
}

function resolveStart(value: Tree, set: Tree | undefined, context: Context): Action {
  const nodes = chooseNodes(context, value);
  if (set === undefined) {
    return { kind: 'start', nodes, set: { config: new Map(), replicaof: undefined, profile: undefined } };
  }
  if (set.kind !== 'map')
    context.problems.report(
      set.position,
      'start takes a map of changes',
      'as in set: { config: { port: 6380 } }',
    );
  refuseKeys(context, set, ['config', 'replicaof', 'profile'], '"start"');
  return { kind: 'start', nodes, set: startSettings(set, nodes.options.flat(), context) };
}

function startSettings(set: Tree, nodes: readonly string[], context: Context): StartSettings {
  const profile = parsed(context, get(set, 'profile'), (text) => parseProfile(text, context.knownProfiles));
  const config: Config = { lines: new Map(), replicaof: null };
  const lines = configLines(get(set, 'config'), context.problems);
  const profiles = profile === undefined ? nodes.map((node) => context.nodes.get(node)!.profile) : [profile];
  for (const version of new Set(profiles)) {
    refuseLists(get(set, 'config'), version, context);
    config.lines.clear();
    applyConfig(config, lines, version, context);
  }
  const addresses = { names: context.names, port: (node: string) => portOf(context.nodes.get(node)?.config) };
  const own = parsed(context, get(set, 'replicaof'), (text) =>
    parseMaster(text.trim().split(/\s+/), addresses),
  );
  const named = config.replicaof === null ? undefined : parseMaster(config.replicaof.args, addresses);
  if (isWrong(named)) context.problems.reportWrong(config.replicaof!.valuePosition, named);
  const replicaof = own ?? (isWrong(named) ? undefined : named);
  return { config: config.lines, replicaof, profile };
}

/** The profiles that entries start nodes with, by node. */
export function startedProfiles(
  timeline: Tree | undefined,
  context: Context,
): [node: string, profile: ProfileName][] {
  return items(timeline).flatMap((entry) => {
    const name = get(get(entry, 'set'), 'profile');
    const start = get(entry, 'start');
    const inner = startedProfiles(get(get(entry, 'repeat'), 'do'), context);
    if (name === undefined || start === undefined) return inner;
    const profile = parsed(context, name, (text) => parseProfile(text, context.knownProfiles));
    if (profile === undefined) return inner;
    const nodes = get(start, 'pick') ?? start;
    return [...inner, ...nodeList(context, nodes).map((node): [string, ProfileName] => [node, profile])];
  });
}
