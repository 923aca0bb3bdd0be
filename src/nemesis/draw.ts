import { type RandomStream, RandomStreams } from '../../sim/kernel/random.ts';
import type { NemesisFault, NemesisSpec, PlainEntry, Scenario, Span } from '../scenario/scenario.ts';
import { FAULT_DRAWERS, type Fate } from './faults.ts';
import { Group } from './group.ts';

/** Draws the faults that a scenario's nemesis sends under a seed, as entries of a timeline; none without one. */
export function drawFaults(scenario: Scenario, seed: string): PlainEntry[] {
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
  for (
    let at = nemesis.from + within(nemesis.every, when);
    at < nemesis.until;
    at += within(nemesis.every, when)
  ) {
    const kind = kinds[fate.random.integer(kinds.length)]!;
    const end = Math.min(at + within(nemesis.for, when), nemesis.until);
    FAULT_DRAWERS[kind](fate, toMillis(at), toMillis(end));
  }
  return [...fate.entries, ...lifted(fate, nemesis)];
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
