import type { RandomStream } from '../../sim/kernel/random.ts';
import type { LinkSpec, NemesisFault, PlainEntry, Scenario } from '../scenario/scenario.ts';
import type { Group } from './group.ts';

/** What the drawing of faults goes by, and the entries so far. */
export interface Fate {
  readonly scenario: Scenario;
  readonly group: Group;
  readonly random: RandomStream;
  readonly entries: PlainEntry[];
}

/** What is drawn of each kind of fault, in words. */
export const DRAWN: Readonly<Record<NemesisFault, string>> = {
  partition:
    'two nodes are cut off from each other, or one direction between them, or one node from all others',
  reset: 'the connections between two nodes are reset',
  link: 'one direction between two nodes gets far, lossy or narrow',
  kill: 'a process dies, and starts again',
  poweroff: 'a machine dies, and starts again',
  freeze: 'a process stops, and goes on',
  bgsave: 'background saves of a node fail',
  failover:
    'one of a master and its replicas is promoted; the others follow it, a few of them in a chain, clients too',
};

/** Adds one fault that begins and ends at these times, in milliseconds. */
type Drawer = (fate: Fate, at: number, end: number) => void;

/** How each kind of fault is drawn. A fault may meet another and find nothing to do, so it says `idle: ok`. */
export const FAULT_DRAWERS: Readonly<Record<NemesisFault, Drawer>> = {
  partition(fate, at, end) {
    const link = drawLink(fate);
    if (link === null) return;
    add(fate, { at: ms(at), partition: link, idle: 'ok' }, { at: ms(end), heal: link, idle: 'ok' });
  },
  reset(fate, at) {
    const pair = drawPair(fate);
    if (pair !== null) add(fate, { at: ms(at), reset: pair.join(' <-> '), idle: 'ok' });
  },
  link(fate, at, end) {
    const pair = drawPair(fate);
    if (pair === null) return;
    const [from, to] = pair;
    const link = `${from} -> ${to}`;
    add(
      fate,
      { at: ms(at), link, set: drawTrouble(fate.random), idle: 'ok' },
      { at: ms(end), link, set: plainSettings(fate.scenario, from, to), idle: 'ok' },
    );
  },
  kill: upAgain('kill'),
  poweroff: upAgain('poweroff'),
  freeze(fate, at, end) {
    const node = drawNode(fate);
    add(fate, { at: ms(at), freeze: node, idle: 'ok' }, { at: ms(end), thaw: node, idle: 'ok' });
  },
  bgsave(fate, at, end) {
    const node = drawNode(fate);
    add(
      fate,
      { at: ms(at), bgsave: node, set: 'fail', idle: 'ok' },
      { at: ms(end), bgsave: node, set: 'ok', idle: 'ok' },
    );
  },
  /** One of a master and its replicas is promoted; the others follow soon, most of them the new master itself. */
  failover(fate, at, end) {
    const { group, random } = fate;
    const around = group.around(drawNode(fate));
    const master = around[random.integer(around.length)]!;
    group.follow(master, null);
    add(fate, ...group.order(master, at));
    const told = [master];
    for (const node of around) {
      if (node === master) continue;
      const chained = random.next() < 0.2;
      group.follow(node, chained ? told[random.integer(told.length)]! : master);
      add(fate, ...group.order(node, at + random.integer(Math.max(end - at, 1))));
      told.push(node);
    }
  },
};

function upAgain(kind: 'kill' | 'poweroff'): Drawer {
  return (fate, at, end) => {
    const node = drawNode(fate);
    add(fate, { at: ms(at), [kind]: node, idle: 'ok' }, { at: ms(end), start: node, idle: 'ok' });
  };
}

function drawNode({ group, random }: Fate): string {
  return group.nodes[random.integer(group.nodes.length)]!;
}

function drawPair({ group, random }: Fate): readonly [string, string] | null {
  const { nodes } = group;
  if (nodes.length < 2) return null;
  const first = random.integer(nodes.length);
  const second = (first + 1 + random.integer(nodes.length - 1)) % nodes.length;
  return [nodes[first]!, nodes[second]!];
}

/** Two nodes apart, one direction of that, or one node apart from all others. */
function drawLink(fate: Fate): string | null {
  const pair = drawPair(fate);
  if (pair === null) return null;
  const { group, random } = fate;
  const [from, to] = pair;
  const kind = random.integer(3);
  if (kind === 0) return `${from} <-> ${to}`;
  if (kind === 1) return `${from} -> ${to}`;
  return `${from} | ${group.nodes.filter((node) => node !== from).join(' ')}`;
}

/** A link that is far, loses packets or is narrow. */
function drawTrouble(random: RandomStream): Record<string, string> {
  const kind = random.integer(3);
  if (kind === 0) return { latency: ms(20 + random.integer(480)), jitter: ms(random.integer(50)) };
  if (kind === 1) return { loss: `${1 + random.integer(30)}%` };
  return { bandwidth: `${(1 + random.integer(100)) * 10}kb/s` };
}

/** A direction's own settings, in the language's words. */
function plainSettings({ links }: Scenario, from: string, to: string): Record<string, string> {
  const own = links.directions.findLast((one) => one.from === from && one.to === to);
  const { latency, jitter, loss, bandwidth }: LinkSpec = own?.link ?? links.default;
  return {
    latency: `${latency}us`,
    jitter: `${jitter}us`,
    loss: `${Number((loss * 100).toFixed(7))}%`,
    bandwidth: `${bandwidth}/s`,
  };
}

function add({ entries }: Fate, ...more: PlainEntry[]): void {
  entries.push(...more);
}

function ms(millis: number): string {
  return `${millis}ms`;
}
