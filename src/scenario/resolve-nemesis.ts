import type { ProfileName } from '../../sim/redis/profile.ts';
import type { ConfigLine } from './conf-file.ts';
import { type Context, nodeList, parsed } from './context.ts';
import { suggest } from './nearest.ts';
import { formatProblem, isWrong, Problems, type Wrong, wrong } from './problems.ts';
import { applyConfig, defaultConfig, lineOf } from './resolve-config.ts';
import { resolveTimeline } from './resolve-timeline.ts';
import {
  type ConfigDraw,
  NEMESIS_FAULTS,
  type NemesisFault,
  type NemesisSpec,
  type NodeSpec,
  type PlainEntry,
  type Span,
  type TimelineEntry,
  TOPOLOGIES,
  type Topology,
} from './scenario.ts';
import { entries, get, items, type Tree, textOf, treeOf } from './tree.ts';
import { parseDuration, parsePercent } from './units.ts';

/** What a nemesis does where the scenario does not say otherwise; times in microseconds. */
const DEFAULTS = {
  every: { least: 2_000_000, most: 10_000_000 },
  for: { least: 500_000, most: 8_000_000 },
  from: 5_000_000,
  until: 0.8,
};

/** Faults to be drawn from the seed; null for a scenario without. An empty `nemesis:` means the defaults. */
export function resolveNemesis(tree: Tree | undefined, context: Context): NemesisSpec | null {
  if (tree === undefined) return null;
  const { duration } = context;
  const given = nodeList(context, get(tree, 'nodes'));
  const kinds = get(tree, 'faults');
  const faults = items(kinds).flatMap((item) => parsed(context, item, parseFault) ?? []);
  if (kinds !== undefined && items(kinds).length === 0)
    context.problems.report(
      kinds.position,
      'a nemesis without faults draws nothing',
      'leave faults: out to draw from all of them',
    );
  const from = timeOf(get(tree, 'from'), context) ?? Math.min(DEFAULTS.from, duration);
  const until = timeOf(get(tree, 'until'), context) ?? Math.floor(duration * DEFAULTS.until);
  if (until < from) {
    context.problems.report(tree.position, 'the nemesis ends before it begins', 'say from: or until:');
  }
  const nodes = given.length > 0 ? given : [...context.nodes.keys()];
  return {
    position: tree.position,
    faults: kinds === undefined ? NEMESIS_FAULTS : faults,
    every: spanOf(get(tree, 'every'), context) ?? DEFAULTS.every,
    for: spanOf(get(tree, 'for'), context) ?? DEFAULTS.for,
    nodes,
    from,
    until,
    swarm: textOf(get(tree, 'swarm')) !== 'no',
    topology: parsed(context, get(tree, 'topology'), parseTopology) ?? 'written',
    config: resolveDraws(get(tree, 'config'), nodes, context),
    resolve: (entries) => resolveDrawn(entries, tree, context),
    configure: (node, drawn) => configureDrawn(node, drawn, tree, context),
  };
}

/** What a nemesis draws is right by construction; a problem in it is the program's own. */
function resolveDrawn(
  drawn: readonly PlainEntry[],
  { position }: Tree,
  context: Context,
): readonly TimelineEntry[] {
  const problems = new Problems();
  const entries = resolveTimeline(treeOf(drawn, position), { ...context, problems });
  const [problem] = problems.sorted();
  if (problem !== undefined) throw new Error(`the nemesis drew a wrong entry: ${formatProblem(problem)}`);
  return entries;
}

/** Every value must be right for every node that may draw it. */
function resolveDraws(tree: Tree | undefined, nodes: readonly string[], context: Context): ConfigDraw[] {
  const profiles = new Set(nodes.flatMap((name) => context.nodes.get(name)?.profile ?? []));
  return entries(tree).map(({ key, position, value }) => {
    const lines = items(value).flatMap((item) => lineOf(key, position, item, context.problems) ?? []);
    for (const line of lines) for (const profile of profiles) checkDraw(line, profile, context);
    return { directive: key, values: items(value).flatMap((item) => textOf(item) ?? []) };
  });
}

function checkDraw(line: ConfigLine, profile: ProfileName, context: Context): void {
  const config = defaultConfig();
  applyConfig(config, [line], profile, context);
  if (config.replicaof === null) return;
  context.problems.report(line.position, 'who follows whom is drawn otherwise', 'say topology: any');
}

function configureDrawn(
  { profile, config }: NodeSpec,
  drawn: Readonly<Record<string, string>>,
  { position }: Tree,
  context: Context,
): NodeSpec['config'] {
  const problems = new Problems();
  const lines = entries(treeOf(drawn, position)).flatMap(
    ({ key, value }) => lineOf(key, position, value, problems) ?? [],
  );
  const made = { lines: new Map(config), replicaof: null };
  applyConfig(made, lines, profile, { ...context, problems });
  return made.lines;
}

function parseTopology(text: string): Topology | Wrong {
  const topology = TOPOLOGIES.find((known) => known === text);
  return topology ?? wrong(`there is no topology "${text.slice(0, 40)}"`, suggest(text, TOPOLOGIES));
}

function parseFault(text: string): NemesisFault | Wrong {
  const fault = NEMESIS_FAULTS.find((known) => known === text);
  return fault ?? wrong(`a nemesis knows no "${text.slice(0, 40)}"`, suggest(text, NEMESIS_FAULTS));
}

/** `2s..10s`, or one duration for always the same. */
function spanOf(tree: Tree | undefined, context: Context): Span | undefined {
  return parsed(context, tree, (text) => {
    const [first = '', second = first, ...more] = text.split('..');
    const least = parseDuration(first.trim());
    const most = parseDuration(second.trim());
    if (more.length > 0 || isWrong(least) || isWrong(most)) {
      return wrong(`"${text.slice(0, 40)}" is no span of time`, 'as in 2s..10s');
    }
    if (least <= 0) return wrong('this span must begin above zero');
    return least > most ? wrong('this span ends before it begins') : { least, most };
  });
}

/** A time of the run, or a part of it in percent. */
function timeOf(tree: Tree | undefined, context: Context): number | undefined {
  return parsed(context, tree, (text) => {
    const time = text.trim().endsWith('%') ? partOf(text, context.duration) : parseDuration(text);
    if (isWrong(time) || time <= context.duration) return time;
    return wrong(`${text} is after the end of the run`, 'the run ends at `duration`');
  });
}

function partOf(text: string, duration: number): number | Wrong {
  const part = parsePercent(text);
  return isWrong(part) ? part : Math.floor(part * duration);
}
