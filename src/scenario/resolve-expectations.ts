import { type Context, duration, nodeList, oneNode, parsed, refuseKeys, timeWithin } from './context.ts';
import { parseDecision } from './decisions.ts';
import { someFieldTests } from './field-tests.ts';
import { parseLink } from './groups.ts';
import { INVARIANT_NAMES, invariantName } from './invariant-names.ts';
import { suggest } from './nearest.ts';
import { parseCount, parseNumberTest, parsePattern } from './patterns.ts';
import { isWrong, type Wrong, wrong } from './problems.ts';
import { resolveCondition } from './resolve-conditions.ts';
import { checkId } from './resolve-triggers.ts';
import type {
  CostName,
  DecisionPattern,
  Expectation,
  ExpectationForm,
  NumberTest,
  OrderStep,
} from './scenario.ts';
import { entries, get, items, type Tree } from './tree.ts';
import { parseDuration, parseSize } from './units.ts';

/** The forms with the keys that go with each. */
export const FORMS: Readonly<Record<string, readonly string[]>> = {
  psync: ['is', 'last', 'count'],
  info: ['has', 'at'],
  always: ['from', 'until'],
  never: ['from', 'until'],
  eventually: ['from', 'until', 'within'],
  converged: ['at', 'within', 'after'],
  log: ['contains', 'count'],
  order: [],
  lost_writes: ['of', 'acked'],
  cost: [],
  violates: [],
};

/** The expectations of a scenario; one about a group of nodes stands for one about each. */
export function resolveExpectations(tree: Tree | undefined, context: Context): Expectation[] {
  if (tree?.kind !== 'list') return [];
  return tree.items.flatMap((item) => {
    if (item.kind !== 'map') return [];
    return resolveForm(item, context).map((form) => ({ ...form, position: item.position }));
  });
}

function resolveForm(tree: Tree, context: Context): ExpectationForm[] {
  const given = entries(tree).filter(({ key }) => Object.hasOwn(FORMS, key));
  const [first] = given;
  if (first === undefined) {
    if (context.problems.hasUnknownKey(entries(tree))) return [];
    context.problems.report(
      tree.position,
      'the expectation expects nothing',
      `one of: ${Object.keys(FORMS).join(', ')}`,
    );
    return [];
  }
  if (given.length > 1) {
    const names = given.map(({ key }) => key).join(' and ');
    context.problems.report(
      tree.position,
      `the expectation has ${given.length} forms: ${names}`,
      'give each an item of its own',
    );
    return [];
  }
  refuseKeys(context, tree, [first.key, 'if', ...FORMS[first.key]!], `"${first.key}"`);
  return RESOLVERS[first.key]!(first.value, tree, context);
}

type Resolver = (value: Tree, tree: Tree, context: Context) => ExpectationForm[];

const RESOLVERS: Readonly<Record<string, Resolver>> = {
  psync: resolvePsync,
  info: resolveInfo,
  always: (value, tree, context) => resolveSpan('always', value, tree, context),
  never: (value, tree, context) => resolveSpan('never', value, tree, context),
  eventually: (value, tree, context) => resolveSpan('eventually', value, tree, context),
  converged: resolveConverged,
  log: resolveLog,
  order: resolveOrder,
  lost_writes: resolveLostWrites,
  cost: resolveCost,
  violates: resolveViolates,
};

/** A replica and its master, `C -> B`; groups make several. */
function psyncLinks(tree: Tree, context: Context): { replica: string; master: string }[] {
  const directions = parsed(context, tree, (text) => {
    if (/<->|\|/.test(text)) return wrong('a PSYNC goes one way', 'write it as REPLICA -> MASTER');
    const self = /^\s*(\S+)\s*->\s*(\S+)\s*$/.exec(text);
    // A node may be told to replicate itself.
    if (self !== null && self[1] === self[2] && context.names.has(self[1]!))
      return [{ from: self[1]!, to: self[1]! }];
    return parseLink(text, context.names);
  });
  return (directions ?? []).map(({ from, to }) => ({ replica: from, master: to }));
}

function resolvePsync(value: Tree, tree: Tree, context: Context): ExpectationForm[] {
  const is = get(tree, 'is');
  const last = parsed(context, get(tree, 'last'), parseDecision) ?? null;
  const count = get(tree, 'count');
  if (is === undefined && count === undefined && get(tree, 'last') === undefined) {
    context.problems.report(
      tree.position,
      'what about these decisions?',
      'is: [full/forced, ..], last: X, or count: { full: 1 }',
    );
  }
  const decisions =
    is === undefined ? null : items(is).flatMap((item) => parsed(context, item, parseDecision) ?? []);
  if (count !== undefined && (count.kind !== 'map' || count.entries.length === 0)) {
    context.problems.report(
      count.position,
      'count of what?',
      'as in count: { full: "<= 1", partial: ">= 2" }',
    );
  }
  const counts = entries(count).flatMap(({ key, position, value: test }) => {
    const of = key === 'completed' ? key : parseDecision(key);
    if (isWrong(of)) context.problems.reportWrong(position, of);
    const number = numberTest(test, parseCount, context);
    return isWrong(of) || number === undefined
      ? []
      : [{ of: of as DecisionPattern | 'completed', test: number }];
  });
  return psyncLinks(value, context).map((link) => ({
    kind: 'psync',
    ...link,
    is: decisions,
    last,
    count: counts,
  }));
}

function resolveInfo(value: Tree, tree: Tree, context: Context): ExpectationForm[] {
  const at = timeWithin(context, get(tree, 'at')) ?? null;
  return nodeList(context, value).map((node) => ({
    kind: 'info',
    node,
    at,
    has: someFieldTests(get(tree, 'has'), node, tree.position, context),
  }));
}

/** From when until when, `within` counted from the start of it; the whole run unless said otherwise. */
function resolveSpan(
  kind: 'always' | 'never' | 'eventually',
  value: Tree,
  tree: Tree,
  context: Context,
): ExpectationForm[] {
  const from = timeWithin(context, get(tree, 'from')) ?? 0;
  const within = get(tree, 'within');
  const untilTree = get(tree, 'until');
  if (within !== undefined && untilTree !== undefined) {
    context.problems.report(within.position, 'until and within both end it', 'keep one of them');
  }
  const length = duration(context, within);
  const until = length === undefined ? (timeWithin(context, untilTree) ?? context.duration) : from + length;
  if (until > context.duration) {
    context.problems.report(
      within!.position,
      `this ends after the end of the run`,
      'the run ends at `duration`',
    );
  } else if (until < from) {
    const place = untilTree ?? within ?? tree;
    context.problems.report(place.position, 'this ends before it begins');
  }
  const condition = resolveCondition(value, context, kind === 'never' ? 'any' : 'all');
  return condition === undefined ? [] : [{ kind, condition, from, until }];
}

function resolveConverged(value: Tree, tree: Tree, context: Context): ExpectationForm[] {
  const nodes = nodeList(context, value);
  if (nodes.length === 1)
    context.problems.report(value.position, 'one node alone is always converged', 'as in converged: [A, B]');
  const at = get(tree, 'at');
  const within = get(tree, 'within');
  const after = get(tree, 'after');
  if (at !== undefined && within !== undefined)
    context.problems.report(at.position, 'at and within both say when', 'keep one of them');
  if (after !== undefined && within === undefined) {
    context.problems.report(after.position, 'after needs within', 'as in within: 5s, after: ID');
  }
  if (within === undefined)
    return [{ kind: 'converged', nodes, when: { at: timeWithin(context, at) ?? null } }];
  const length = timeWithin(context, within);
  const id = checkId(after, context) ?? null;
  return length === undefined ? [] : [{ kind: 'converged', nodes, when: { within: length, after: id } }];
}

function resolveLog(value: Tree, tree: Tree, context: Context): ExpectationForm[] {
  const contains = get(tree, 'contains');
  if (contains === undefined)
    context.problems.report(tree.position, 'which text?', 'as in { log: A, contains: TEXT }');
  const pattern = parsed(context, contains, parsePattern);
  const countTree = get(tree, 'count');
  if (countTree?.kind === 'map')
    context.problems.report(countTree.position, 'a count of lines is a number', 'as in count: ">= 1"');
  const count =
    countTree === undefined
      ? { text: '>= 1', op: '>=' as const, value: 1 }
      : numberTest(countTree, parseCount, context);
  if (pattern === undefined || count === undefined) return [];
  return nodeList(context, value).map((node) => ({ kind: 'log', node, pattern, count }));
}

function resolveOrder(value: Tree, _tree: Tree, context: Context): ExpectationForm[] {
  if (value.kind === 'list' && value.items.length < 2)
    context.problems.report(value.position, 'an order has at least two steps');
  const steps = items(value).flatMap((item) => resolveOrderStep(item, context) ?? []);
  return [{ kind: 'order', steps }];
}

const ORDER_STEPS: Readonly<Record<string, readonly string[]>> = {
  psync: ['is'],
  log: ['contains'],
  fault: [],
};

function resolveOrderStep(tree: Tree, context: Context): OrderStep | undefined {
  const given = entries(tree).filter(({ key }) => Object.hasOwn(ORDER_STEPS, key));
  const [first] = given;
  if (first === undefined || given.length > 1) {
    context.problems.report(
      tree.position,
      'a step is one of psync, log and fault',
      'as in { psync: C -> B, is: partial/replid2 }',
    );
    return undefined;
  }
  refuseKeys(context, tree, [first.key, ...ORDER_STEPS[first.key]!], `"${first.key}"`);
  if (first.key === 'fault') {
    const id = checkId(first.value, context);
    return id === undefined ? undefined : { kind: 'fault', id };
  }
  const wanted = first.key === 'psync' ? 'is' : 'contains';
  const operand = get(tree, wanted);
  if (operand === undefined) context.problems.report(tree.position, `"${first.key}" needs "${wanted}" here`);
  if (first.key === 'log') {
    const node = oneNode(context, first.value);
    const pattern = parsed(context, operand, parsePattern);
    return node === undefined || pattern === undefined ? undefined : { kind: 'log', node, pattern };
  }
  const links = psyncLinks(first.value, context);
  if (links.length > 1) context.problems.report(first.value.position, 'only one link can stand here');
  const is = parsed(context, operand, parseDecision);
  return links[0] === undefined || is === undefined ? undefined : { kind: 'psync', ...links[0], is };
}

function resolveLostWrites(value: Tree, tree: Tree, context: Context): ExpectationForm[] {
  const test = numberTest(value, parseCount, context);
  const of = get(tree, 'of');
  const acked = parsed(context, get(tree, 'acked'), parseAcked) ?? { kind: 'any' as const };
  const nodes = of === undefined ? null : nodeList(context, of);
  return test === undefined ? [] : [{ kind: 'lost_writes', test, of: nodes, acked }];
}

type Acked = { readonly kind: 'any' } | { readonly kind: 'wait'; readonly atLeast: number };

function parseAcked(text: string): Acked | Wrong {
  if (text === 'any') return { kind: 'any' };
  const atLeast = /^wait\s*>=\s*(\d{1,9})$/.exec(text)?.[1];
  if (atLeast !== undefined && Number(atLeast) > 0) return { kind: 'wait', atLeast: Number(atLeast) };
  return wrong(`"${text.slice(0, 40)}" is no way to acknowledge`, 'any, or wait>=1');
}

const COSTS: Readonly<Record<CostName, (text: string) => number | Wrong>> = {
  full_syncs: parseCount,
  full_bytes: parseSize,
  forks: parseCount,
  unreadable: (text) => parseDuration(text),
  write_gap: (text) => parseDuration(text),
};

function resolveCost(value: Tree, _tree: Tree, context: Context): ExpectationForm[] {
  if (value.kind === 'map' && value.entries.length === 0)
    context.problems.report(value.position, 'cost of what?', `one of: ${Object.keys(COSTS).join(', ')}`);
  const tests = entries(value).flatMap(({ key, value: tree }) => {
    if (!Object.hasOwn(COSTS, key)) return [];
    const test = numberTest(tree, COSTS[key as CostName], context);
    return test === undefined ? [] : [{ of: key as CostName, test }];
  });
  return [{ kind: 'cost', tests }];
}

function resolveViolates(value: Tree, _tree: Tree, context: Context): ExpectationForm[] {
  if (items(value).length === 0)
    context.problems.report(value.position, 'which invariant?', 'as in violates: one-history');
  return items(value).flatMap((item) => {
    const invariant = parsed(context, item, (text) => {
      const hint = suggest(text, INVARIANT_NAMES);
      return invariantName(text) ?? wrong(`there is no invariant "${text.slice(0, 40)}"`, hint);
    });
    return invariant === undefined ? [] : [{ kind: 'violates', invariant }];
  });
}

function numberTest(
  tree: Tree,
  parse: (text: string) => number | Wrong,
  context: Context,
): NumberTest | undefined {
  return parsed(context, tree, (text) => parseNumberTest(text, parse));
}
