import type { ConfigLine } from './conf-file.ts';
import { parsed } from './context.ts';
import { type NodeNames, parseLink } from './groups.ts';
import { isWrong, type Problems } from './problems.ts';
import type { LinkSpec, LinkTable } from './scenario.ts';
import { entries, get, type Tree } from './tree.ts';
import { parseBandwidth, parseDuration, parsePercent } from './units.ts';

/** What a link has unless the scenario says otherwise. */
export const DEFAULT_LINK: LinkSpec = { latency: 100, jitter: 0, loss: 0, bandwidth: 1_250_000_000 };

/** Values given for some directions: `rtt` is kept apart until it is known which way they go. */
export type LinkValues = Partial<LinkSpec>;

interface LinkContext {
  readonly problems: Problems;
  readonly names: NodeNames;
}

/** A map of link values such as `A <-> B: { rtt: 40ms }`, from the file or from `--set`. */
export interface LinkEntry {
  readonly key: string;
  readonly position: ConfigLine['position'];
  readonly value: Tree;
}

/**
 * The link of every direction that has values of its own. Key by key, `A -> B` wins over `A <-> B`, a later
 * entry over an earlier one, and what neither gives comes from `default`.
 */
export function resolveLinks(
  tree: Tree | undefined,
  overrides: readonly LinkEntry[],
  context: LinkContext,
): LinkTable {
  const all = [...entries(tree), ...overrides];
  let standard = DEFAULT_LINK;
  for (const entry of all) {
    if (entry.key === 'default') standard = { ...standard, ...linkValues(entry.value, true, context) };
  }
  const found = new Map<string, { from: string; to: string; values: LinkValues }>();
  const oneWay = (entry: LinkEntry) => !entry.key.includes('<->') && !entry.key.includes('|');
  const inOrder = [...all.filter((entry) => !oneWay(entry)), ...all.filter(oneWay)];
  for (const entry of inOrder) {
    if (entry.key === 'default') continue;
    const directions = parseLink(entry.key, context.names);
    if (isWrong(directions)) {
      context.problems.reportWrong(entry.position, directions);
      continue;
    }
    const values = linkValues(entry.value, !oneWay(entry), context);
    for (const { from, to } of directions) {
      const key = `${from}>${to}`;
      found.set(key, { from, to, values: { ...found.get(key)?.values, ...values } });
    }
  }
  const directions = [...found.values()].map(({ from, to, values }) => ({
    from,
    to,
    link: { ...standard, ...values },
  }));
  return { default: standard, directions };
}

/** The values of one link; `rtt` is half of it each way and needs both ways. */
export function linkValues(tree: Tree, bothWays: boolean, context: { problems: Problems }): LinkValues {
  const rttTree = get(tree, 'rtt');
  const rtt = parsed(context, rttTree, (text) => parseDuration(text));
  const latency = parsed(context, get(tree, 'latency'), (text) => parseDuration(text));
  if (rttTree !== undefined && !bothWays) {
    context.problems.report(
      rttTree.position,
      'rtt is about both directions',
      'write A <-> B, or latency for one way',
    );
  }
  if (rttTree !== undefined && get(tree, 'latency') !== undefined) {
    context.problems.report(
      rttTree.position,
      'rtt and latency both say how long the way is',
      'keep one of them',
    );
  }
  const oneWay = latency ?? (rtt === undefined ? undefined : Math.round(rtt / 2));
  const jitter = parsed(context, get(tree, 'jitter'), (text) => parseDuration(text));
  const loss = parsed(context, get(tree, 'loss'), parsePercent);
  const bandwidth = parsed(context, get(tree, 'bandwidth'), parseBandwidth);
  return {
    ...(oneWay === undefined ? {} : { latency: oneWay }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(loss === undefined ? {} : { loss }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
  };
}
