import { type Context, duration, oneNode, parsed, timeWithin } from './context.ts';
import { checkName } from './groups.ts';
import { wrong } from './problems.ts';
import { resolveRoute } from './resolve-actions.ts';
import { resolveCommands } from './resolve-commands.ts';
import type { ClientSpec, WorkloadSpec } from './scenario.ts';
import { entries, get, type Tree } from './tree.ts';

/** What a client has unless the scenario says otherwise; times in microseconds. */
const DEFAULT_CLIENT = { count: 1, timeout: 1_000_000, retry: 100_000 };
const MAX_CONNECTIONS = 10_000;

/** The clients of a scenario; their names are known to `as:` and `point:` from then on. */
export function resolveClients(tree: Tree | undefined, context: Context): ClientSpec[] {
  return entries(tree).flatMap(({ key, position, value }) => {
    const fault = checkName(key);
    if (fault !== null) context.problems.reportWrong(position, fault);
    if (value.kind !== 'map') return [];
    const to = oneNode(context, get(value, 'to'));
    context.clients.set(key, to ?? '');
    const timeout = duration(context, get(value, 'timeout')) ?? DEFAULT_CLIENT.timeout;
    const retry = duration(context, get(value, 'retry')) ?? DEFAULT_CLIENT.retry;
    refuseZero(timeout, get(value, 'timeout'), context);
    refuseZero(retry, get(value, 'retry'), context);
    const count = wholeNumber(get(value, 'count'), context) ?? DEFAULT_CLIENT.count;
    return to === undefined ? [] : [{ name: key, position, to, count, timeout, retry }];
  });
}

/** The workload of a scenario: commands at a steady pace. */
export function resolveWorkload(tree: Tree | undefined, context: Context): WorkloadSpec[] {
  if (tree?.kind !== 'list') return [];
  return tree.items.flatMap((entry) => {
    if (entry.kind !== 'map') return [];
    const way = resolveRoute(entry, context);
    const commands = resolveCommands(get(entry, 'run'), way?.profiles ?? [], context);
    const every = duration(context, get(entry, 'every'));
    refuseZero(every, get(entry, 'every'), context);
    const from = timeWithin(context, get(entry, 'from')) ?? 0;
    const untilTree = get(entry, 'until');
    const until = timeWithin(context, untilTree) ?? context.duration;
    if (untilTree !== undefined && until <= from)
      context.problems.report(untilTree.position, 'this ends before it begins');
    if (way === undefined || every === undefined) return [];
    const { route } = way;
    return [{ position: entry.position, over: route, every, from, until, commands }];
  });
}

function refuseZero(time: number | undefined, tree: Tree | undefined, context: Context): void {
  if (time === 0) context.problems.report(tree!.position, 'this time must be above zero');
}

function wholeNumber(tree: Tree | undefined, context: Context): number | undefined {
  return parsed(context, tree, (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= MAX_CONNECTIONS) return value;
    return wrong(`"${text.slice(0, 40)}" is no number of connections`, `from 1 to ${MAX_CONNECTIONS}`);
  });
}
