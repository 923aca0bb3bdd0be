import type { ProfileName } from '../../sim/redis/profile.ts';
import type { Catalog } from './catalog.ts';
import type { NodeNames } from './groups.ts';
import { parseLink } from './groups.ts';
import { isWrong, type Problems, type Wrong } from './problems.ts';
import type { Choice, Directions, NodeSpec, Note, Position } from './scenario.ts';
import { entries, get, items, type Tree, textOf } from './tree.ts';
import { parseDuration } from './units.ts';

/** What the parts of one scenario are resolved against. */
export interface Context {
  readonly problems: Problems;
  readonly catalog: Catalog;
  readonly names: NodeNames;
  /** By name; filled before anything that speaks of nodes is resolved. */
  readonly nodes: ReadonlyMap<string, NodeSpec>;
  /** Each node's profiles: its own and those it is started with later. */
  readonly profiles: ReadonlyMap<string, ProfileName[]>;
  /** Clients and the nodes they begin at. */
  readonly clients: Map<string, string>;
  /** Ids of timeline entries. */
  readonly ids: Map<string, Position>;
  readonly duration: number;
  readonly notes: Map<string, Note>;
  readonly knownProfiles: readonly ProfileName[];
}

/** A scalar parsed; undefined where it is absent or wrong, which is reported. */
export function parsed<T>(
  context: { problems: Problems },
  tree: Tree | undefined,
  parse: (text: string) => T | Wrong,
): T | undefined {
  if (tree === undefined) return undefined;
  const text = textOf(tree);
  if (text === null) {
    context.problems.report(tree.position, 'a value is missing');
    return undefined;
  }
  const value = parse(text);
  if (!isWrong(value)) return value;
  context.problems.reportWrong(tree.position, value);
  return undefined;
}

/** A duration in microseconds. */
export function duration(context: { problems: Problems }, tree: Tree | undefined): number | undefined {
  return parsed(context, tree, (text) => parseDuration(text));
}

/** A time within the run, its end included. */
export function timeWithin(context: Context, tree: Tree | undefined): number | undefined {
  const time = duration(context, tree);
  if (time === undefined || time <= context.duration) return time;
  context.problems.report(
    tree!.position,
    `${textOf(tree)} is after the end of the run`,
    'the run ends at `duration`',
  );
  return undefined;
}

/** Nodes by name or group; an empty list where that was wrong. Of no nodes everything would hold. */
export function nodeList(context: Context, tree: Tree | undefined): string[] {
  const found = new Set<string>();
  if (tree?.kind === 'list' && tree.items.length === 0)
    context.problems.report(tree.position, 'a node is missing');
  for (const item of items(tree)) {
    for (const name of parsed(context, item, (text) => context.names.groups(text)) ?? []) found.add(name);
  }
  return [...found];
}

/** Exactly one node. */
export function oneNode(context: Context, tree: Tree | undefined): string | undefined {
  if (tree === undefined) return undefined;
  if (get(tree, 'pick') !== undefined) {
    context.problems.report(
      tree.position,
      'a drawn node cannot stand here',
      'pick stands in actions and workloads',
    );
    return undefined;
  }
  const names = nodeList(context, tree);
  if (names.length > 1) context.problems.report(tree.position, 'only one node can stand here');
  return names[0];
}

/** Nodes, or one drawn from several: `{ pick: [A, R1..R3] }` draws among all the nodes named. */
export function chooseNodes(context: Context, tree: Tree): Choice<readonly string[]> {
  const pick = get(tree, 'pick');
  if (pick === undefined) return { options: [nodeList(context, tree)], stream: '' };
  const names = drawnFrom(context, pick).length === 0 ? [] : nodeList(context, pick);
  return { options: names.map((name) => [name]), stream: streamOf(tree) };
}

/** Links, or one drawn from several. */
export function chooseLinks(context: Context, tree: Tree): Choice<Directions> {
  const pick = get(tree, 'pick');
  const texts = pick === undefined ? [tree] : drawnFrom(context, pick);
  return {
    options: texts.map((item) => parsed(context, item, (text) => parseLink(text, context.names)) ?? []),
    stream: streamOf(tree),
  };
}

function streamOf(tree: Tree): string {
  return textOf(get(tree, 'stream')) ?? '';
}

function drawnFrom(context: Context, pick: Tree): readonly Tree[] {
  const options = items(pick);
  if (options.length === 0) context.problems.report(pick.position, 'there is nothing to pick from');
  return options;
}

/** Reports keys that do not go with what a map turned out to be. */
export function refuseKeys(context: Context, tree: Tree, allowed: readonly string[], what: string): void {
  for (const { key, position } of entries(tree)) {
    if (!allowed.includes(key)) context.problems.report(position, `"${key}" does not go with ${what}`);
  }
}
