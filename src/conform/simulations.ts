import { RandomStreams } from '../../sim/kernel/random.ts';
import { Simulation } from '../../sim/simulation.ts';
import { runScenario, type WorldMaker } from '../run/run.ts';
import { toMs } from '../run/time.ts';
import type { Action, Choice, Scenario, TimelineEntry } from '../scenario/scenario.ts';
import { type Fact, factsOf } from './facts.ts';
import type { TimedLine } from './log-parser.ts';
import { observationOf } from './observation.ts';

/** How many seeds a real run is compared with: they differ in phases, ids and jitter. */
export const SEEDS = 64;
/** A process cannot be started to the millisecond: a pinned boot may come so much earlier or later. */
const BOOT_JITTER_MICROS = 25_000;
/** Nor can a command be sent to the microsecond. */
const STEP_JITTER_MICROS = 4_000;

/** The scenario with every `pick` drawn as its seed draws it, so that all runs of it do the same. */
export function withoutPicks(scenario: Scenario): Scenario {
  const streams = new RandomStreams(scenario.seed);
  const drawn = <T>(choice: Choice<T>, line: number): Choice<T> => {
    const { options } = choice;
    if (options.length === 1) return choice;
    return { options: [options[streams.stream(`pick/${line}`).integer(options.length)]!] };
  };
  const entry = (one: TimelineEntry): TimelineEntry => ({
    ...one,
    action: actionWithoutPicks(one.action, (choice) => drawn(choice, one.position.line), entry),
  });
  return {
    ...scenario,
    timeline: scenario.timeline.map(entry),
    workload: scenario.workload.map((one) =>
      'client' in one.over ? one : { ...one, over: { nodes: drawn(one.over.nodes, one.position.line) } },
    ),
  };
}

function actionWithoutPicks(
  action: Action,
  drawn: <T>(choice: Choice<T>) => Choice<T>,
  entry: (one: TimelineEntry) => TimelineEntry,
): Action {
  switch (action.kind) {
    case 'run':
    case 'repeat-run':
      return 'client' in action.route ? action : { ...action, route: { nodes: drawn(action.route.nodes) } };
    case 'repeat-do':
      return { ...action, entries: action.entries.map(entry) };
    case 'point':
      return { ...action, to: drawn(action.to) };
    case 'heal':
      return action.links === null ? action : { ...action, links: drawn(action.links) };
    case 'partition':
    case 'reset':
    case 'link':
      return { ...action, links: drawn(action.links) };
    default:
      return { ...action, nodes: drawn(action.nodes) };
  }
}

/** The scenario as it might come out in real time: what has a time may come some milliseconds later. */
function shaken(scenario: Scenario, seed: string, steps: boolean): Scenario {
  const stream = new RandomStreams(`conform/${seed}`).stream('jitter');
  const boots = scenario.nodes.map((node) => {
    if (node.boot === null) return node;
    return {
      ...node,
      boot: Math.min(0, node.boot + stream.integer(2 * BOOT_JITTER_MICROS) - BOOT_JITTER_MICROS),
    };
  });
  if (!steps) return { ...scenario, nodes: boots };
  let last = 0;
  let late = 0;
  const timeline = scenario.timeline.map((entry): TimelineEntry => {
    const { trigger } = entry;
    if (trigger.kind !== 'at') return entry;
    // What stands at one time keeps its order.
    late =
      trigger.time === last ? late + stream.integer(STEP_JITTER_MICROS) : stream.integer(STEP_JITTER_MICROS);
    last = trigger.time;
    return { ...entry, trigger: { ...trigger, time: Math.min(trigger.time + late, scenario.duration) } };
  });
  const workload = scenario.workload.map((one) => ({
    ...one,
    from: one.from + stream.integer(STEP_JITTER_MICROS),
  }));
  return { ...scenario, nodes: boots, timeline, workload };
}

/** What the simulation with a seed gives; `steps` shakes also the times of the timeline. */
export function simulatedFacts(scenario: Scenario, seed: number, steps: boolean): Fact[] {
  const { result } = runScenario(shaken(scenario, String(seed), steps), { seed: String(seed) });
  return factsOf(observationOf(result));
}

/** Every server's log in the simulation with a seed. */
export function simulatedLogs(scenario: Scenario, seed: number): Record<string, TimedLine[]> {
  const names = scenario.nodes.map(({ name }) => name);
  const logs: Record<string, TimedLine[]> = Object.fromEntries(names.map((name) => [name, []]));
  const makeWorld: WorldMaker = (setup, observer) => {
    let world: Simulation | null = null;
    const watched = new Proxy(observer, {
      get: (target, key) => {
        if (key !== 'logged') return bound(target, key);
        return (...[node, level, message]: Parameters<typeof observer.logged>) => {
          const at_ms = world === null ? 0 : toMs(world.now);
          logs[names[node]!]!.push({ at: at_ms, at_ms, level, message });
          observer.logged(node, level, message);
        };
      },
    });
    world = new Simulation(setup, watched);
    return world;
  };
  runScenario(shaken(scenario, String(seed), false), { seed: String(seed) }, makeWorld);
  return logs;
}

function bound(target: object, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key, target);
  return typeof value === 'function' ? value.bind(target) : value;
}
