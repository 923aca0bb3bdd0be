import { suggest } from './nearest.ts';
import { isWrong, type Wrong, wrong } from './problems.ts';

/** Names with a meaning of their own. */
export const RESERVED_NAMES = ['all', 'default', 'nowhere', 'no'] as const;

const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const RANGE = /^([A-Za-z][A-Za-z0-9_-]*?)(\d+)\.\.([A-Za-z][A-Za-z0-9_-]*?)(\d+)$/;
/** The most members of one range. */
const MAX_MEMBERS = 1_000;

/** What is wrong with a name for a node or a client; null where nothing is. */
export function checkName(name: string): Wrong | null {
  if ((RESERVED_NAMES as readonly string[]).includes(name)) return wrong(`the name "${name}" is taken`);
  if (NAME.test(name)) return null;
  return wrong(`"${name.slice(0, 40)}" is no name`, 'a name is a letter, then letters, digits, _ or -');
}

/** `R1..R20` as twenty names, any other text as itself. */
export function expandRange(text: string): string[] | Wrong {
  if (!text.includes('..')) return [text];
  const parts = RANGE.exec(text);
  const [, prefix = '', first = '', prefixAgain = '', last = ''] = parts ?? [];
  if (parts === null || prefix !== prefixAgain)
    return wrong(`"${text.slice(0, 40)}" is no range of names`, 'write it as R1..R20');
  const from = Number(first);
  const to = Number(last);
  if (from > to) return wrong(`${text} runs backwards`, `write it as ${prefix}${last}..${prefix}${first}`);
  if (to - from >= MAX_MEMBERS) return wrong(`${text} has more than ${MAX_MEMBERS} members`);
  const width = first.startsWith('0') ? first.length : 0;
  return Array.from({ length: to - from + 1 }, (_, i) => prefix + String(from + i).padStart(width, '0'));
}

/** The nodes of a scenario, and the ways to name several of them. */
export class NodeNames {
  private readonly indexes: Map<string, number>;
  readonly all: readonly string[];

  constructor(all: readonly string[]) {
    this.all = all;
    this.indexes = new Map(all.map((name, i) => [name, i]));
  }

  has(name: string): boolean {
    return this.indexes.has(name);
  }

  /** The number of a node that exists, from 0. */
  index(name: string): number {
    return this.indexes.get(name) ?? -1;
  }

  /** A node, `all` or a range. */
  group(text: string): string[] | Wrong {
    if (text === 'all') return [...this.all];
    const names = expandRange(text);
    if (isWrong(names)) return names;
    const missing = names.find((name) => !this.has(name));
    return missing === undefined ? names : this.unknown(missing);
  }

  /** Nodes and groups with blanks or commas between; each node once, in the order named. */
  groups(text: string): string[] | Wrong {
    const found = new Set<string>();
    for (const part of text.split(/[\s,]+/).filter((word) => word !== '')) {
      const names = this.group(part);
      if (isWrong(names)) return names;
      for (const name of names) found.add(name);
    }
    return found.size > 0 ? [...found] : wrong('a node is missing');
  }

  unknown(name: string): Wrong {
    return wrong(`there is no node "${name.slice(0, 40)}"`, suggest(name, this.all));
  }
}

type Direction = { readonly from: string; readonly to: string };

/**
 * A link's text as the directions it means: `A <-> B` is both, `A -> B` one, `A | B C` everything between the
 * groups. A node is no link to itself: `A <-> all` is A against the rest.
 */
export function parseLink(text: string, names: NodeNames): Direction[] | Wrong {
  if (text.includes('|')) return parseCut(text, names);
  const parts = /^(.*?)\s*(<->|<-|->|<=>|—|–|--+)\s*(.*)$/.exec(text);
  if (parts === null || (parts[2] !== '<->' && parts[2] !== '->')) {
    return wrong(`"${text.slice(0, 60)}" is no link`, 'write A <-> B for both directions, A -> B for one');
  }
  const left = names.groups(parts[1]!);
  if (isWrong(left)) return left;
  const right = names.groups(parts[3]!);
  if (isWrong(right)) return right;
  const forth = between(left, right);
  const found =
    parts[2] === '<->' ? [...forth, ...forth.map(({ from, to }) => ({ from: to, to: from }))] : forth;
  return found.length > 0 ? once(found) : wrong(`"${text}" links a node with itself`);
}

/** Groups with `|` between them: every direction between two nodes of different groups. */
function parseCut(text: string, names: NodeNames): Direction[] | Wrong {
  const groups: string[][] = [];
  const seen = new Set<string>();
  for (const part of text.split('|')) {
    const group = names.groups(part);
    if (isWrong(group)) return group;
    const twice = group.find((name) => seen.has(name));
    if (twice !== undefined) return wrong(`${twice} stands on both sides of the cut`);
    for (const name of group) seen.add(name);
    groups.push(group);
  }
  return groups.flatMap((group) => groups.flatMap((other) => (other === group ? [] : between(group, other))));
}

function between(left: readonly string[], right: readonly string[]): Direction[] {
  return left.flatMap((from) => right.flatMap((to) => (from === to ? [] : [{ from, to }])));
}

function once(directions: readonly Direction[]): Direction[] {
  return [
    ...new Map(directions.map((direction) => [`${direction.from}>${direction.to}`, direction])).values(),
  ];
}
