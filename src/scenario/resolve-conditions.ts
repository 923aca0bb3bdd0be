import { PROFILES } from '../../sim/redis/profile.ts';
import { ALL_REPL_STATE_NAMES, type ReplStateName } from '../../sim/redis/server.ts';
import { type Context, nodeList, parsed, refuseKeys } from './context.ts';
import { someFieldTests } from './field-tests.ts';
import { parsePattern } from './patterns.ts';
import type { Condition } from './scenario.ts';
import { entries, get, items, type Tree, textOf } from './tree.ts';

/** How a condition on a group of nodes is meant: on each of them, or on any. */
export type GroupMeaning = 'all' | 'any';

/** The keys of a `when` that are no condition. */
export const TIMING = ['for', 'within'];

/**
 * A condition, written as in `when` (`on: B` with `info`, `repl_state` or `log`) or as in expectations
 * (`info: B, has: {..}`; `log: B, contains: TEXT`). Undefined where it is wrong, which is reported.
 */
export function resolveCondition(
  tree: Tree,
  context: Context,
  group: GroupMeaning = 'all',
): Condition | undefined {
  if (tree.kind !== 'map') return undefined;
  if (!SUBJECTS.some((key) => get(tree, key) !== undefined)) {
    if (!context.problems.hasUnknownKey(entries(tree))) noCondition(tree, context);
    return undefined;
  }
  const parts = [
    ...combined(tree, context, group),
    ...(get(tree, 'on') === undefined ? named(tree, context, group) : onNode(tree, context, group)),
  ];
  return parts.length === 0 ? undefined : joined(parts);
}

/** One of these says what is asked for. */
const SUBJECTS = ['all', 'any', 'not', 'info', 'repl_state', 'log', 'on', 'has', 'contains'];

function noCondition(tree: Tree, context: Context): void {
  const hint =
    'as in { on: B, info: { role: master } }, { on: C, repl_state: TRANSFER } or { on: A, log: TEXT }';
  context.problems.report(tree.position, 'this condition asks for nothing', hint);
}

function combined(tree: Tree, context: Context, group: GroupMeaning): Condition[] {
  const found: Condition[] = [];
  for (const kind of ['all', 'any'] as const) {
    const list = get(tree, kind);
    if (list === undefined) continue;
    if (items(list).length === 0) context.problems.report(list.position, `"${kind}" combines nothing`);
    const of = items(list).flatMap((item) => resolveCondition(item, context, group) ?? []);
    found.push({ kind, of });
  }
  const not = get(tree, 'not');
  const inner =
    not === undefined ? undefined : resolveCondition(not, context, group === 'all' ? 'any' : 'all');
  if (inner !== undefined) found.push({ kind: 'not', of: inner });
  return found;
}

/** `on: B` with what must hold there. */
function onNode(tree: Tree, context: Context, group: GroupMeaning): Condition[] {
  refuseKeys(
    context,
    tree,
    ['on', 'info', 'repl_state', 'log', 'all', 'any', 'not', ...TIMING],
    'a condition with "on"',
  );
  const nodes = nodeList(context, get(tree, 'on'));
  const info = get(tree, 'info');
  const state = get(tree, 'repl_state');
  const log = get(tree, 'log');
  if (info === undefined && state === undefined && log === undefined) {
    noCondition(tree, context);
    return [];
  }
  if (info !== undefined && info.kind !== 'map') {
    context.problems.report(
      info.position,
      'with "on", info is a map of fields',
      'as in { on: B, info: { role: master } }',
    );
  }
  const name = ALL_REPL_STATE_NAMES.find((candidate) => candidate === textOf(state));
  if (state !== undefined && name !== undefined) checkStateName(state, name, nodes, context);
  const pattern = parsed(context, log, parsePattern);
  const each = (node: string): Condition[] => [
    ...(info?.kind === 'map'
      ? [{ kind: 'info' as const, node, has: someFieldTests(info, node, tree.position, context) }]
      : []),
    ...(name === undefined ? [] : [{ kind: 'repl_state' as const, node, state: name }]),
    ...(pattern === undefined ? [] : [{ kind: 'log' as const, node, pattern }]),
  ];
  return [
    together(
      nodes.map((node) => joined(each(node))),
      group,
    ),
  ];
}

/** A state that no version has which the nodes run is never reached. */
function checkStateName(tree: Tree, name: ReplStateName, nodes: readonly string[], context: Context): void {
  for (const node of nodes) {
    const profiles = context.profiles.get(node) ?? [];
    if (profiles.length === 0 || profiles.some((one) => PROFILES[one].replStateNames.includes(name)))
      continue;
    const names = PROFILES[profiles[0]!].replStateNames.filter((one) => one !== null);
    context.problems.report(
      tree.position,
      `${profiles.join(' and ')} has no repl_state "${name}"`,
      `it has ${names.join(', ')}`,
    );
    return;
  }
}

/** `info: B, has: {..}` and `log: B, contains: TEXT`. */
function named(tree: Tree, context: Context, group: GroupMeaning): Condition[] {
  const found: Condition[] = [];
  const info = get(tree, 'info');
  const log = get(tree, 'log');
  const state = get(tree, 'repl_state');
  if (state !== undefined)
    context.problems.report(state.position, 'which node?', 'as in { on: C, repl_state: TRANSFER }');
  if (info?.kind === 'map')
    context.problems.report(info.position, 'which node?', 'as in { on: B, info: { role: master } }');
  else if (info !== undefined) {
    const has = get(tree, 'has');
    const nodes = nodeList(context, info);
    found.push(
      together(
        nodes.map((node) => ({ kind: 'info', node, has: someFieldTests(has, node, tree.position, context) })),
        group,
      ),
    );
  }
  if (log !== undefined) {
    const contains = get(tree, 'contains');
    if (contains === undefined)
      context.problems.report(log.position, 'which text?', 'as in { log: A, contains: TEXT }');
    const pattern = parsed(context, contains, parsePattern);
    const nodes = nodeList(context, log);
    if (pattern !== undefined)
      found.push(
        together(
          nodes.map((node) => ({ kind: 'log', node, pattern })),
          group,
        ),
      );
  }
  for (const [key, wants] of [
    ['has', info],
    ['contains', log],
  ] as const) {
    const stray = get(tree, key);
    if (stray !== undefined && wants === undefined)
      context.problems.report(stray.position, `"${key}" belongs to ${key === 'has' ? 'info' : 'log'}: NODE`);
  }
  return found;
}

function joined(conditions: Condition[]): Condition {
  return conditions.length === 1 ? conditions[0]! : { kind: 'all', of: conditions };
}

function together(conditions: Condition[], group: GroupMeaning): Condition {
  return conditions.length === 1 ? conditions[0]! : { kind: group, of: conditions };
}
