import type { ProfileName } from '../../sim/redis/profile.ts';
import { type Addresses, DEFAULT_PORT, MAX_NODES, parseMaster } from './addresses.ts';
import { type ConfigLine, confPath, parseConfFile } from './conf-file.ts';
import { parsed } from './context.ts';
import { checkName, expandRange, NodeNames } from './groups.ts';
import { isWrong, type Problems } from './problems.ts';
import { parseProfile } from './profiles.ts';
import {
  applyConfig,
  type Config,
  type ConfigContext,
  configLines,
  defaultConfig,
  refuseLists,
} from './resolve-config.ts';
import type { MachineSpec, NodeSpec } from './scenario.ts';
import { entries, get, type MapEntry, type Tree, textOf } from './tree.ts';
import { parseDuration, parseRate, parseSize } from './units.ts';

/** What `--set NODE.directive=value` adds to a node's configuration. */
export interface ConfigOverride {
  readonly nodes: readonly string[];
  readonly line: ConfigLine;
}

export interface NodesContext extends ConfigContext {
  readonly file: string;
  readonly profile: ProfileName;
  readonly knownProfiles: readonly ProfileName[];
  readonly overrides: readonly ConfigOverride[];
  /** The text of a file by its path, counted from where the scenario's own path counts; null without one. */
  readFile(path: string): string | null;
}

/** A node's name and what the file says of it; a range makes several of one entry. */
export interface NamedNode {
  readonly name: string;
  readonly entry: MapEntry;
}

/** The names under `nodes:`, ranges spelled out. */
export function nameNodes(tree: Tree | undefined, problems: Problems): NamedNode[] {
  const found = new Map<string, NamedNode>();
  for (const entry of entries(tree)) {
    const names = expandRange(entry.key);
    if (isWrong(names)) {
      problems.reportWrong(entry.position, names);
      continue;
    }
    for (const name of names) {
      const fault = checkName(name);
      if (fault !== null) problems.reportWrong(entry.position, fault);
      else if (found.has(name)) problems.report(entry.position, `the node "${name}" stands here twice`);
      else found.set(name, { name, entry });
    }
  }
  if (tree?.kind === 'map' && entries(tree).length === 0)
    problems.report(tree.position, 'a scenario needs a node');
  const nodes = [...found.values()];
  const extra = nodes[MAX_NODES];
  if (extra !== undefined) problems.report(extra.entry.position, `there are more than ${MAX_NODES} nodes`);
  return nodes.slice(0, MAX_NODES);
}

/** The nodes of a scenario with their configurations. */
export function resolveNodes(named: readonly NamedNode[], context: NodesContext): NodeSpec[] {
  const names = new NodeNames(named.map(({ name }) => name));
  const configs = new Map<string, { config: Config; profile: ProfileName }>();
  for (const node of named) {
    const profile = nodeProfile(node, context);
    configs.set(node.name, { profile, config: nodeConfig(node, profile, context) });
  }
  const addresses: Addresses = { names, port: (name) => portOf(configs.get(name)?.config.lines) };
  return named.map((node) => {
    const { config, profile } = configs.get(node.name)!;
    const tree = node.entry.value;
    return {
      name: node.name,
      position: node.entry.position,
      profile,
      config: config.lines,
      replicaof: nodeMaster(tree, config, addresses, context),
      dataset: parsed(context, get(tree, 'dataset'), parseSize) ?? 0,
      machine: resolveMachine(get(tree, 'machine'), context),
      boot: resolveBoot(get(tree, 'boot'), context),
    };
  });
}

/** The port that a configuration names. */
export function portOf(lines: ReadonlyMap<string, readonly string[]> | undefined): number {
  const port = lines?.get('port')?.at(-1);
  return port === undefined ? DEFAULT_PORT : Number(port);
}

function nodeProfile(node: NamedNode, context: NodesContext): ProfileName {
  const own = parsed(context, get(node.entry.value, 'profile'), (text) =>
    parseProfile(text, context.knownProfiles),
  );
  return own ?? context.profile;
}

function nodeConfig(node: NamedNode, profile: ProfileName, context: NodesContext): Config {
  const config = defaultConfig();
  const tree = node.entry.value;
  const conf = get(tree, 'conf');
  const path = textOf(conf);
  if (conf !== undefined && path !== null)
    applyConfig(config, readConfFile(conf, path, context), profile, context);
  const own = get(tree, 'config');
  refuseLists(own, profile, context);
  applyConfig(config, configLines(own, context.problems), profile, context);
  const set = context.overrides.filter(({ nodes }) => nodes.includes(node.name)).map(({ line }) => line);
  applyConfig(config, set, profile, context);
  return config;
}

function readConfFile(conf: Tree, path: string, context: NodesContext): ConfigLine[] {
  const place = confPath(context.file, path);
  const text = context.readFile(place);
  if (text !== null) return parseConfFile(text, place, context.problems);
  context.problems.report(conf.position, `cannot read ${place}`, 'the path counts from the scenario file');
  return [];
}

/** The node key `replicaof` and the directive mean the same; both may stand only if they agree. */
function nodeMaster(tree: Tree, config: Config, addresses: Addresses, context: NodesContext): string | null {
  const key = get(tree, 'replicaof');
  const own = parsed(context, key, (text) => parseMaster(text.trim().split(/\s+/), addresses));
  const line = config.replicaof;
  if (line === null) return own === undefined || own === 'no' ? null : own;
  const master = parseMaster(line.args, addresses);
  if (isWrong(master)) {
    context.problems.reportWrong(line.valuePosition, master);
    return null;
  }
  const fromOption = line.position.file.startsWith('--');
  if (own !== undefined && own !== master && !fromOption) {
    context.problems.report(
      line.position,
      `replicaof is ${own} on the node and ${master} in its configuration`,
    );
  }
  return master === 'no' ? null : master;
}

function resolveMachine(tree: Tree | undefined, context: NodesContext): MachineSpec {
  return {
    saveBytesPerSecond: parsed(context, get(tree, 'save'), parseRate) ?? 200 * 1024 * 1024,
    loadBytesPerSecond: parsed(context, get(tree, 'load'), parseRate) ?? 300 * 1024 * 1024,
    forkMicrosPerGigabyte: parsed(context, get(tree, 'fork'), (text) => parseDuration(text)) ?? 10_000,
  };
}

/** Processes start in the two seconds before time 0; a pinned one any time before it. */
function resolveBoot(tree: Tree | undefined, context: NodesContext): number | null {
  const boot = parsed(context, tree, (text) => parseDuration(text, true));
  if (boot === undefined) return null;
  if (boot > 0) {
    context.problems.report(
      tree!.position,
      'a process boots at time 0 or before',
      'write it as -300ms; start: starts one later',
    );
  }
  return boot === 0 ? 0 : boot;
}
