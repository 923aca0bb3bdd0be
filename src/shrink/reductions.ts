import type { Plain } from '../scenario/tree.ts';
import {
  at,
  listOf,
  mapOf,
  mapsIn,
  type PlainScenario,
  textsIn,
  withAt,
  without,
  withValue,
} from './plain-scenario.ts';
import { withoutNode } from './without-node.ts';

/** A way to make a scenario smaller: candidates, the boldest first. Whether one still fails is for others to say. */
export interface Reduction {
  /** What it does, for the account of what was not needed. */
  readonly name: string;
  candidates(scenario: PlainScenario): Iterable<PlainScenario>;
}

/** What can be left out, in the order in which that pays: what goes first makes all later tries cheaper. */
export const OMISSIONS: readonly Reduction[] = [
  { name: 'entries of the timeline', candidates: (scenario) => shorterLists(scenario, 'timeline') },
  { name: 'entries of the workload', candidates: (scenario) => shorterLists(scenario, 'workload') },
  { name: 'nodes', candidates: fewerNodes },
  { name: 'clients', candidates: (scenario) => smallerMaps(scenario, 'clients') },
  { name: 'links', candidates: (scenario) => smallerMaps(scenario, 'links') },
  { name: 'directives and keys', candidates: fewerKeys },
  { name: 'choices', candidates: decided },
];

/**
 * What can be less. That comes when nothing can be left out any more: numbers that are only just enough would keep
 * things that nothing else needs.
 */
export const WEAKENINGS: readonly Reduction[] = [
  { name: 'fewer repetitions', candidates: fewerRepetitions },
  { name: 'less traffic', candidates: lessTraffic },
  { name: 'a shorter run', candidates: shorterRuns },
  { name: 'shorter times', candidates: earlierTimes },
  { name: 'rounder times', candidates: rounderTimes },
  { name: 'smaller sizes', candidates: smallerSizes },
];

/** Delta debugging: without half of the entries, without a quarter, … without one. */
function* shorterLists(scenario: PlainScenario, key: string): Generator<PlainScenario> {
  const list = listOf(scenario, key);
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < list.length; from += size) {
      yield withValue(scenario, key, [...list.slice(0, from), ...list.slice(from + size)]);
    }
  }
}

function* smallerMaps(scenario: PlainScenario, key: string): Generator<PlainScenario> {
  const map = mapOf(scenario[key]);
  for (const name of Object.keys(map)) yield withValue(scenario, key, without(map, name));
}

/** A node goes with what is said to it and of it; its replicas follow its master. */
function* fewerNodes(scenario: PlainScenario): Generator<PlainScenario> {
  for (const name of Object.keys(mapOf(scenario.nodes))) yield withoutNode(scenario, name);
}

/** A directive of a node, `idle: ok` of an entry, an option of a client: whatever stands in a map of a map. */
function* fewerKeys(scenario: PlainScenario): Generator<PlainScenario> {
  for (const [name, node] of Object.entries(mapOf(scenario.nodes))) {
    for (const key of Object.keys(mapOf(mapOf(node).config))) {
      const config = without(mapOf(mapOf(node).config), key);
      yield withAt(scenario, ['nodes', name], withValue(mapOf(node), 'config', config)) as PlainScenario;
    }
    for (const key of Object.keys(mapOf(node))) {
      yield withAt(scenario, ['nodes', name], without(mapOf(node), key)) as PlainScenario;
    }
  }
  for (const list of ['timeline', 'workload']) {
    for (const [i, entry] of listOf(scenario, list).entries()) {
      for (const key of Object.keys(mapOf(entry))) {
        yield withAt(scenario, [list, i], without(mapOf(entry), key)) as PlainScenario;
      }
    }
  }
}

/** One of what could be drawn, in place of a `pick`. */
function* decided(scenario: PlainScenario): Generator<PlainScenario> {
  for (const { path, map } of mapsIn(scenario)) {
    for (const option of listOf(map, 'pick')) yield withAt(scenario, path, option) as PlainScenario;
  }
}

function* fewerRepetitions(scenario: PlainScenario): Generator<PlainScenario> {
  for (const [i, entry] of listOf(scenario, 'timeline').entries()) {
    const times = at(entry, ['repeat', 'times']);
    if (typeof times !== 'number') continue;
    for (const fewer of smallerNumbers(times, 1)) {
      yield withAt(scenario, ['timeline', i, 'repeat', 'times'], fewer) as PlainScenario;
    }
  }
}

/** A workload that ends earlier, or sends less often. */
function* lessTraffic(scenario: PlainScenario): Generator<PlainScenario> {
  for (const [i, entry] of listOf(scenario, 'workload').entries()) {
    const until = millisOf(mapOf(entry).until);
    const every = millisOf(mapOf(entry).every);
    const changed = (key: string, millis: number): PlainScenario =>
      withAt(scenario, ['workload', i, key], timeOf(millis)) as PlainScenario;
    for (const times of [10, 2]) if (every !== null) yield changed('every', every * times);
    const duration = millisOf(scenario.duration) ?? 0;
    for (const seconds of smallerNumbers(Math.ceil((until ?? duration) / 1000), 1)) {
      yield changed('until', seconds * 1000);
    }
  }
}

const TIME = /^(-?\d+(?:\.\d+)?)(us|ms|s|m|h)$/;
const MILLIS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function millisOf(text: Plain | undefined): number | null {
  const [, number, unit] = TIME.exec(typeof text === 'string' ? text : '') ?? [];
  return number === undefined ? null : Number(number) * MILLIS[unit!]!;
}

/** `2s`, `250ms`: whole milliseconds in the largest unit. */
export function timeOf(millis: number): string {
  return millis % 1000 === 0 ? `${millis / 1000}s` : `${millis}ms`;
}

function* shorterRuns(scenario: PlainScenario): Generator<PlainScenario> {
  const duration = millisOf(scenario.duration);
  if (duration === null) return;
  for (const shorter of smallerNumbers(Math.ceil(duration / 1000), 1)) {
    yield withTimesUpTo({ ...scenario, duration: timeOf(shorter * 1000) }, shorter * 1000);
  }
}

/** What would end after the run ends with it. */
function withTimesUpTo(scenario: PlainScenario, most: number): PlainScenario {
  const workload = listOf(scenario, 'workload').map((entry) => {
    const until = millisOf(mapOf(entry).until);
    return until !== null && until > most ? without(mapOf(entry), 'until') : entry;
  });
  return withValue(scenario, 'workload', workload);
}

/** An entry and all behind it come earlier. */
function* earlierTimes(scenario: PlainScenario): Generator<PlainScenario> {
  const timeline = listOf(scenario, 'timeline');
  const times = timeline.map((entry) => millisOf(mapOf(entry).at));
  for (let i = 0; i < timeline.length; i++) {
    const time = times[i];
    if (time === null || time === undefined) continue;
    const before = Math.max(0, ...times.slice(0, i).map((other) => other ?? 0));
    for (const gap of smallerNumbers(time - before, 0)) {
      const shift = time - before - gap;
      const moved = timeline.map((entry, k) =>
        k < i || times[k] === null ? entry : { ...mapOf(entry), at: timeOf(Math.max(times[k]! - shift, 0)) },
      );
      yield withValue(scenario, 'timeline', moved);
    }
  }
}

function* rounderTimes(scenario: PlainScenario): Generator<PlainScenario> {
  for (const step of [1000, 100, 10]) {
    for (const { path, text } of textsIn(scenario)) {
      const millis = millisOf(text);
      if (millis === null || millis <= 0 || millis % step === 0) continue;
      const round = Math.round(millis / step) * step;
      if (round > 0) yield withAt(scenario, path, timeOf(round)) as PlainScenario;
    }
  }
}

/** `{bytes:N}` in commands, where fewer bytes may do. */
function* smallerSizes(scenario: PlainScenario): Generator<PlainScenario> {
  for (const { path, text } of textsIn(scenario)) {
    const [whole, size] = /\{bytes:(\d+)\}/.exec(text) ?? [];
    if (whole === undefined) continue;
    for (const fewer of smallerNumbers(Number(size), 1)) {
      yield withAt(scenario, path, text.replace(whole, `{bytes:${fewer}}`)) as PlainScenario;
    }
  }
}

/** Numbers below one, down to a least: half of the way at first, then ever nearer to it. */
function* smallerNumbers(number: number, least: number): Generator<number> {
  if (number > least) yield least;
  for (let step = Math.floor((number - least) / 2); step >= 1; step = Math.floor(step / 2))
    yield number - step;
}
