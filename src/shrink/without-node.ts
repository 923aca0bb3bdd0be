import type { Plain } from '../scenario/tree.ts';
import { listOf, mapOf, type PlainMap, type PlainScenario, without, withValue } from './plain-scenario.ts';

/** Keys of an entry or an expectation under which nodes, groups of them or links stand. */
const PLACES = [
  'on',
  'to',
  'partition',
  'heal',
  'reset',
  'link',
  'kill',
  'poweroff',
  'start',
  'wipe',
  'freeze',
  'thaw',
  'bgsave',
];

/** The scenario without a node: what is said to it or of it alone goes too, and its replicas follow its master. */
export function withoutNode(scenario: PlainScenario, name: string): PlainScenario {
  const nodes = mapOf(scenario.nodes);
  const master = mapOf(nodes[name]).replicaof;
  const left = Object.entries(without(nodes, name)).map(([key, node]) => [key, rehung(node, name, master)]);
  let less: PlainScenario = { ...scenario, nodes: Object.fromEntries(left) as PlainMap };
  for (const key of ['timeline', 'workload']) {
    less = withValue(
      less,
      key,
      listOf(less, key).flatMap((entry) => entryWithout(entry, name)),
    );
  }
  for (const key of ['links', 'clients']) {
    const kept = Object.entries(mapOf(less[key])).filter(
      ([link, value]) => !mentions(link, name) && mapOf(value).to !== name,
    );
    less = withValue(less, key, Object.fromEntries(kept));
  }
  return less;
}

function rehung(node: Plain, name: string, master: Plain | undefined): Plain {
  if (mapOf(node).replicaof !== name) return node;
  const free = without(mapOf(node), 'replicaof');
  return master === undefined ? free : { ...free, replicaof: master };
}

/** The entry without the node, in a list; none where nothing is left to do or it is about the node in other words. */
function entryWithout(entry: Plain, name: string): Plain[] {
  let less = mapOf(entry);
  for (const key of PLACES) {
    const place = less[key];
    if (place === undefined) continue;
    const left = placeWithout(place, name);
    if (left === null) return [];
    less = { ...less, [key]: left };
  }
  return mentions(JSON.stringify(less), name) ? [] : [less];
}

/** `[A, B]` and `A | B C` lose a member; null where too little is left. */
function placeWithout(place: Plain, name: string): Plain | null {
  if (Array.isArray(place)) {
    const left = place.filter((item) => item !== name) as Plain[];
    return left.length === 0 ? null : left;
  }
  if (typeof place !== 'string' || !mentions(place, name)) return place;
  const sides = place.split('|').map((side) =>
    side
      .trim()
      .split(/\s+/)
      .filter((word) => word !== name),
  );
  const isGroup = sides.length === 2 && sides.every((side) => side.length > 0);
  return isGroup ? sides.map((side) => side.join(' ')).join(' | ') : null;
}

function mentions(text: string, name: string): boolean {
  return text.split(/[^A-Za-z0-9_-]+/).includes(name);
}
