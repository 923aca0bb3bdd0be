import { type RandomStream, RandomStreams } from '../../sim/kernel/random.ts';
import { Simulation } from '../../sim/simulation.ts';
import { runScenario, type WorldMaker } from '../run/run.ts';
import { toMs } from '../run/time.ts';
import type { Action, Choice, Scenario, TimelineEntry } from '../scenario/scenario.ts';
import { type Fact, factsOf } from './facts.ts';
import type { TimedLine } from './log-parser.ts';
import { asToldBy, type Observation, observationOf, snapshotName } from './observation.ts';

/** How many seeds a real run is compared with: they differ in phases, ids and jitter. */
export const SEEDS = 64;
/** A process cannot be started to the millisecond: a pinned boot may come so much earlier or later. */
const BOOT_JITTER_MICROS = 25_000;
/** Nor can a command be sent to the microsecond. */
const STEP_JITTER_MICROS = 4_000;
/** Each command waits for the reply to the one before, and that for both processes to wake up. */
const ROUND_TRIP_MICROS = 150;
/** A process takes its time to start. */
const START_JITTER_MICROS = 25_000;
/** How exactly a log tells when a process was ready. */
const READY_JITTER_MICROS = 3_000;
/** A timer of 100 ms comes some tenths of a millisecond late, each time, on a busy machine more. */
const TIMER_SLIP_MICROS = 1_000;
/** A child of which the first acknowledgement already asks may not have exited yet. */
const EXIT_MICROS = 2_000;

/** The scenario with every `pick` drawn as its seed draws it, so that all runs of it do the same. */
export function withoutPicks(scenario: Scenario): Scenario {
  const streams = new RandomStreams(scenario.seed);
  const drawn = <T>(choice: Choice<T>): Choice<T> => {
    const { options, stream } = choice;
    if (options.length === 1) return choice;
    return { options: [options[streams.stream(stream).integer(options.length)]!], stream };
  };
  const entry = (one: TimelineEntry): TimelineEntry => ({
    ...one,
    action: actionWithoutPicks(one.action, drawn, entry),
  });
  return {
    ...scenario,
    timeline: scenario.timeline.map(entry),
    workload: scenario.workload.map((one) =>
      'client' in one.over ? one : { ...one, over: { nodes: drawn(one.over.nodes) } },
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

/** A pinned boot comes a little earlier or later in a real run, so it does here. */
function nearlyBooted(scenario: Scenario, seed: string): Scenario {
  const stream = new RandomStreams(`conform/${seed}`).stream('boot');
  const nodes = scenario.nodes.map((node) =>
    node.boot === null ? node : { ...node, boot: about(node.boot, BOOT_JITTER_MICROS, stream) },
  );
  return { ...scenario, nodes };
}

function about(boot: number, jitter: number, stream: RandomStream): number {
  return Math.min(0, boot + stream.integer(2 * jitter) - jitter);
}

/** The scenario as it comes out in real time: processes start when they did, times are some milliseconds late. */
function inRealTime(scenario: Scenario, seed: string, boots: Boots): Scenario {
  const streams = new RandomStreams(`conform/${seed}`);
  const boot = streams.stream('boot');
  const nodes = scenario.nodes.map((node) => {
    const ready = boots[node.name];
    return ready === undefined ? node : { ...node, boot: about(ready * 1000, READY_JITTER_MICROS, boot) };
  });
  const jitter = streams.stream('jitter');
  const pace = streams.stream('pace');
  let last = -1;
  let late = 0;
  const timeline = scenario.timeline.map((entry): TimelineEntry => {
    const { trigger } = entry;
    const action = atARealPace(entry.action, pace);
    if (trigger.kind !== 'at') return { ...entry, action };
    const more = jitter.integer(action.kind === 'start' ? START_JITTER_MICROS : STEP_JITTER_MICROS);
    // What stands at one time keeps its order.
    late = trigger.time === last ? late + more : more;
    last = trigger.time;
    const time = Math.min(trigger.time + late, scenario.duration);
    return { ...entry, action, trigger: { ...trigger, time } };
  });
  const workload = scenario.workload.map((one) => ({
    ...one,
    from: one.from + jitter.integer(STEP_JITTER_MICROS),
  }));
  const snapshots = scenario.snapshots.map((time) =>
    Math.min(time + jitter.integer(STEP_JITTER_MICROS), scenario.duration),
  );
  return { ...scenario, nodes, timeline, workload, snapshots };
}

/** Commands repeated without a pause take a round trip each. */
function atARealPace(action: Action, pace: RandomStream): Action {
  if (action.kind !== 'repeat-run' || action.every > 0) return action;
  return { ...action, every: 1 + pace.integer(ROUND_TRIP_MICROS) };
}

/** When the processes of a real run were ready, in milliseconds. */
type Boots = Observation['boots'];

/**
 * Why a real run cannot be held to what the simulation gives: workloads could not keep up on a busy machine. Null
 * where they did.
 */
export function lateness(scenario: Scenario, { skippedTicks }: Observation): string | null {
  if (skippedTicks === 0) return null;
  const simulated = observationOf(runScenario(scenario, {}).result).skippedTicks;
  if (skippedTicks <= simulated) return null;
  return `the machine was late: workloads left out ${skippedTicks - simulated} commands`;
}

/** What the simulation with a seed gives, of what real servers told. */
export function simulatedFacts(scenario: Scenario, seed: number, real: Observation): Fact[] {
  const { result } = runScenario(nearlyBooted(scenario, String(seed)), { seed: String(seed) });
  return factsOf(asToldBy(real, observationOf(result)));
}

/** What it gives when times slip as on a real machine, and processes start when those of the real run did. */
export function simulatedFactsInRealTime(scenario: Scenario, seed: number, real: Observation): Fact[] {
  const late = inRealTime(scenario, String(seed), real.boots);
  const observation = observationOf(runScenario(late, { seed: String(seed) }, slipping).result);
  // Snapshots were taken a little late; they are still those of the scenario.
  const moments = observation.moments.map((moment, i) => {
    const time = scenario.snapshots[i];
    return time === undefined ? moment : { ...moment, name: snapshotName(toMs(time)), at_ms: toMs(time) };
  });
  return factsOf(asToldBy(real, { ...observation, moments }));
}

/** Event loops come to their timers late, so that the phases of two servers move against each other. */
const slipping: WorldMaker = (setup, observer) => {
  const stream = new RandomStreams(`conform/${setup.seed}`).stream('slip');
  const nodes = setup.nodes.map((node) => ({
    ...node,
    timerSlip: stream.integer(TIMER_SLIP_MICROS),
    exitMicros: stream.integer(2) * EXIT_MICROS,
  }));
  return new Simulation({ ...setup, nodes }, observer);
};

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
  runScenario(nearlyBooted(scenario, String(seed)), { seed: String(seed) }, makeWorld);
  return logs;
}

function bound(target: object, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key, target);
  return typeof value === 'function' ? value.bind(target) : value;
}
