import type { Context } from './context.ts';
import { resolveAction } from './resolve-actions.ts';
import { resolveId, resolveTrigger } from './resolve-triggers.ts';
import type { TimelineEntry } from './scenario.ts';
import { get, type Tree, textOf } from './tree.ts';

/** The entries of `timeline:`, or of a `do:` inside one. */
export function resolveTimeline(tree: Tree | undefined, context: Context, inside = false): TimelineEntry[] {
  if (tree?.kind !== 'list') return [];
  return tree.items.flatMap((entry) => {
    if (entry.kind !== 'map') return [];
    const id = resolveId(entry, context);
    const trigger = resolveTrigger(entry, inside, context);
    const action = resolveAction(entry, context);
    if (trigger === undefined || action === undefined) return [];
    return [{ position: entry.position, id, trigger, action, idleOk: textOf(get(entry, 'idle')) === 'ok' }];
  });
}
