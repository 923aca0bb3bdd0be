import type { ProfileName } from '../../sim/redis/profile.ts';
import { Simulation } from '../../sim/simulation.ts';
import type { RunResult } from '../run/result.ts';
import { type RunOptions, runScenario, type WorldMaker } from '../run/run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type LandmarkGroup, landmarkKey } from './landmark.ts';
import { replTransition, slaveTransition, UNMUTED } from './states.ts';
import { TIMEOUT_LANDMARKS } from './timeout-landmarks.ts';
import { watchedSimulation } from './watched-simulation.ts';

/** How often a run came by each landmark, by its key. */
export type Reached = ReadonlyMap<string, number>;

export interface WatchedRun {
  readonly result: RunResult;
  readonly reached: Reached;
}

/** What a scenario comes by with its own seed. */
export function reachedIn(scenario: Scenario): Reached {
  return watchRun(scenario, { seed: scenario.seed }).reached;
}

/** Plays a scenario and counts what it comes by. */
export function watchRun(scenario: Scenario, options: RunOptions): WatchedRun {
  const reached = new Map<string, number>();
  const profiles = scenario.nodes.map(({ profile }) => profile);
  const index = new Map(scenario.nodes.map(({ name }, i) => [name, i]));
  let world: Simulation | null = null;
  /** A node may run another version after a restart. */
  const profileOf = (node: number): ProfileName => world?.profile(node).name ?? profiles[node]!;
  const note = (node: number, group: LandmarkGroup, name: string): void => {
    const key = landmarkKey(group, name, profileOf(node));
    reached.set(key, (reached.get(key) ?? 0) + 1);
  };
  const watched = watchedSimulation({
    replState: (node, from, to) => note(node, 'replica', replTransition(profileOf(node), from, to)),
    slaveState: (node, from, to) => note(node, 'slave', slaveTransition(from, to)),
    unmuted: (node) => note(node, 'slave', UNMUTED),
  });
  const makeWorld: WorldMaker = (setup, observer) => {
    const { logged } = observer;
    observer.logged = (node, level, message) => {
      for (const { name, line } of TIMEOUT_LANDMARKS) if (line!.test(message)) note(node, 'timeout', name);
      logged.call(observer, node, level, message);
    };
    const made = watched(setup, observer);
    if (made instanceof Simulation) world = made;
    return made;
  };
  const { result, story } = runScenario(scenario, { ...options, story: true }, makeWorld);
  for (const { master, outcome, reason } of result.decisions) {
    note(index.get(master)!, 'decision', `${outcome}/${reason}`);
  }
  for (const event of story) {
    if (event.kind !== 'fault') continue;
    const fault = event.text.split(' ')[0]!;
    for (const profile of new Set(profiles)) {
      const key = landmarkKey('fault', fault, profile);
      reached.set(key, (reached.get(key) ?? 0) + 1);
    }
  }
  return { result, reached };
}
