import { type RandomStream, RandomStreams } from '../../sim/kernel/random.ts';
import type { NemesisFault, NemesisSpec, PlainEntry, Scenario, Span } from '../scenario/scenario.ts';
import { FAULT_DRAWERS, type Fate } from './faults.ts';
import { Group } from './group.ts';

/** From this time on, in microseconds, another seed decides. */
export interface Branch {
  readonly at: number;
  readonly seed: string;
}

/** Draws the faults that a scenario's nemesis sends under a seed, as entries of a timeline; none without one. */
export function drawFaults(scenario: Scenario, seed: string, branch: Branch | null = null): PlainEntry[] {
  const { nemesis } = scenario;
  if (nemesis === null) return [];
  const streams = new RandomStreams(`${seed}/nemesis`);
  const kinds = kindsOf(nemesis, streams.stream('swarm'));
  const fate: Fate = {
    scenario,
    group: new Group(scenario, nemesis.nodes),
    random: streams.stream('what'),
    entries: [],
  };
  const when = streams.stream('when');
  for (const at of beginnings(nemesis, streams, branch)) {
    const kind = kinds[fate.random.integer(kinds.length)]!;
    const end = Math.min(at + within(nemesis.for, when), nemesis.until);
    FAULT_DRAWERS[kind](fate, toMillis(at), toMillis(end));
  }
  return [...fate.entries, ...lifted(fate, nemesis)];
}

/** When faults begin. Of a branch, its seed draws from the first on that would begin behind it. */
function* beginnings(
  { every, from, until }: NemesisSpec,
  streams: RandomStreams,
  branch: Branch | null,
): Generator<number> {
  const when = streams.stream('when');
  let ahead = branch;
  for (let before = from; ; ) {
    let at = before + within(every, when);
    if (ahead !== null && at >= ahead.at) {
      streams.branch(`${ahead.seed}/nemesis`);
      at = Math.max(before, ahead.at) + within(every, when);
      ahead = null;
    }
    if (at >= until) return;
    yield at;
    before = at;
  }
}

/** In a swarm each seed has about half of the kinds, so that rare meetings of the others get their turn. */
function kindsOf({ faults, swarm }: NemesisSpec, random: RandomStream): readonly NemesisFault[] {
  if (!swarm) return faults;
  const kept = faults.filter(() => random.next() < 0.5);
  return kept.length > 0 ? kept : [faults[random.integer(faults.length)]!];
}

/** A replica that answers -LOADING takes the command the second time. */
const AGAIN_MS = 3000;

/** Everything is lifted, and every node is told once more whom to follow: from here on the cluster can recover. */
function lifted({ group, entries }: Fate, { nodes, until }: NemesisSpec): PlainEntry[] {
  if (entries.length === 0) return [];
  const at = toMillis(until);
  const all = [...nodes];
  return [
    { at: ms(at), heal: 'all', idle: 'ok' },
    { at: ms(at), bgsave: all, set: 'ok', idle: 'ok' },
    { at: ms(at), thaw: all, idle: 'ok' },
    { at: ms(at), start: all, idle: 'ok' },
    ...group.orders(at + 100),
    ...group.orders(at + AGAIN_MS),
  ];
}

function within({ least, most }: Span, random: RandomStream): number {
  return least + random.integer(most - least + 1);
}

function toMillis(micros: number): number {
  return Math.floor(micros / 1000);
}

export function ms(millis: number): string {
  return `${millis}ms`;
}
