import { type Context, duration, parsed, timeWithin } from './context.ts';
import { suggest } from './nearest.ts';
import { wrong } from './problems.ts';
import { resolveCondition } from './resolve-conditions.ts';
import type { Trigger } from './scenario.ts';
import { entries, get, type Tree, textOf } from './tree.ts';

export const TRIGGERS = ['at', 'after', 'when'] as const;

/** An entry's one trigger; inside `do:` time since the start has no meaning, so `at` is refused. */
export function resolveTrigger(entry: Tree, inside: boolean, context: Context): Trigger | undefined {
  const given = TRIGGERS.filter((key) => get(entry, key) !== undefined);
  const possible = inside ? 'after: or when:' : 'at:, after: or when:';
  if (given.length === 0) {
    if (context.problems.hasUnknownKey(entries(entry))) return undefined;
    context.problems.report(entry.position, `the entry has no trigger`, `an entry starts with ${possible}`);
    return undefined;
  }
  if (given.length > 1) {
    const message = `the entry has ${given.length} triggers: ${given.join(' and ')}`;
    context.problems.report(entry.position, message, 'an entry has one; `all: [..]` combines conditions');
    return undefined;
  }
  const [kind] = given;
  if (kind !== 'when') refuseHold(entry, context);
  const tree = get(entry, kind!)!;
  if (kind === 'at') return resolveAt(tree, inside, context);
  return kind === 'after' ? resolveAfter(tree, context) : resolveWhen(tree, entry, context);
}

function resolveAt(tree: Tree, inside: boolean, context: Context): Trigger | undefined {
  if (inside) {
    context.problems.report(tree.position, 'inside do: an entry cannot have at:', 'use after: or when:');
    return undefined;
  }
  const time = timeWithin(context, tree);
  return time === undefined ? undefined : { kind: 'at', time };
}

/** A duration, or `{ step: ID, by: 2s }`; whether the id exists is known only at the end. */
function resolveAfter(tree: Tree, context: Context): Trigger | undefined {
  if (tree.kind !== 'map') {
    const by = timeWithin(context, tree);
    return by === undefined ? undefined : { kind: 'after', step: null, by };
  }
  const step = textOf(get(tree, 'step'));
  const by = get(tree, 'by') === undefined ? 0 : timeWithin(context, get(tree, 'by'));
  return step === null || by === undefined ? undefined : { kind: 'after', step, by };
}

/** `for` and `within` stand inside the condition or beside it. */
function resolveWhen(tree: Tree, entry: Tree, context: Context): Trigger | undefined {
  const condition = resolveCondition(tree, context);
  const hold = timing('for', tree, entry, context);
  const within = timing('within', tree, entry, context);
  if (hold !== undefined) timeWithin(context, hold);
  if (condition === undefined) return undefined;
  return {
    kind: 'when',
    condition,
    hold: duration(context, hold) ?? 0,
    within: duration(context, within) ?? null,
  };
}

function timing(key: 'for' | 'within', tree: Tree, entry: Tree, context: Context): Tree | undefined {
  const inside = get(tree, key);
  const beside = get(entry, key);
  if (inside !== undefined && beside !== undefined)
    context.problems.report(beside.position, `"${key}" stands here and in the condition`);
  return inside ?? beside;
}

function refuseHold(entry: Tree, context: Context): void {
  for (const key of ['for', 'within']) {
    const stray = get(entry, key);
    if (stray !== undefined) context.problems.report(stray.position, `"${key}" goes with when: only`);
  }
}

/** Registers an entry's id; each can stand once. */
export function resolveId(entry: Tree, context: Context): string | null {
  const tree = get(entry, 'id');
  const id = textOf(tree);
  if (tree === undefined || id === null) return null;
  if (context.ids.has(id)) {
    const first = context.ids.get(id)!;
    context.problems.report(tree.position, `the id "${id}" stands twice`, `first in line ${first.line}`);
  }
  context.ids.set(id, tree.position);
  return id;
}

/** An id that some entry has; only after the whole timeline is resolved can this be asked. */
export function checkId(tree: Tree | undefined, context: Context): string | undefined {
  return parsed(context, tree, (id) =>
    context.ids.has(id) ? id : wrong(`no entry has the id "${id.slice(0, 40)}"`, idHint(id, context)),
  );
}

function idHint(id: string, context: Context): string | null {
  return context.ids.size === 0 ? 'give an entry an id: key' : suggest(id, [...context.ids.keys()]);
}

/** Reports `after: { step: ID }` where no entry has that id, or the entry itself. */
export function checkSteps(entries: readonly Tree[], context: Context): void {
  for (const entry of entries) {
    const step = get(get(entry, 'after'), 'step');
    if (step !== undefined) {
      checkId(step, context);
      if (textOf(step) === textOf(get(entry, 'id')))
        context.problems.report(step.position, 'an entry cannot follow itself');
    }
    const inner = get(get(entry, 'repeat'), 'do');
    if (inner?.kind === 'list') checkSteps(inner.items, context);
  }
}
