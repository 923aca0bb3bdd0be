import { setMaxListeners } from 'node:events';
import type { ProfileName } from '../../sim/redis/profile.ts';
import { withNemesis } from '../nemesis/with-nemesis.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type LiveOutcome, LiveStopped, playLive } from './driver.ts';
import type { Observation } from './observation.ts';
import { obstaclesOf } from './obstacles.ts';
import {
  findRecording,
  logsIn,
  observationIn,
  type RecordingFile,
  type Versions,
  versionsIn,
} from './recording.ts';
import type { Servers } from './servers.ts';
import { lateness, withoutPicks } from './simulations.ts';
import { inconclusive, judge, type Logs, type Pause, type Verdict } from './verdict.ts';

/** One scenario as it is to be compared, and what real servers did in it, once that is known. */
export interface Trial {
  readonly scenario: Scenario;
  readonly obstacles: { readonly impossible: readonly string[]; readonly approximate: readonly string[] };
  real: {
    readonly observation: Observation;
    readonly logs: Logs;
    /** The versions of Redis that each node ran, in order. */
    readonly versions: Versions;
  } | null;
  /** Why there is nothing real to compare with. */
  failure: string | null;
}

/** A scenario to be compared with servers of these versions. */
export function trialOf(scenario: Scenario, profiles: ReadonlySet<ProfileName>): Trial {
  const played = withNemesis(scenario, scenario.seed);
  const obstacles = obstaclesOf(played, profiles);
  return { scenario: withoutPicks(played), obstacles, real: null, failure: null };
}

/** What a live run is told of and asked. */
export interface LiveOptions {
  readonly servers: Servers;
  /** How many scenarios are under way at once. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly progress: (done: number, running: readonly string[]) => void;
}

/** Plays every trial that can be played, several at once; throws LiveStopped if the signal says so. */
export async function playTrials(trials: readonly Trial[], options: LiveOptions): Promise<void> {
  const waiting = trials.filter(({ obstacles }) => obstacles.impossible.length === 0);
  const running = new Set<Trial>();
  // Every scenario under way listens to it, and Node warns of more than ten.
  setMaxListeners(0, options.signal);
  let done = trials.length - waiting.length;
  const tell = (): void =>
    options.progress(
      done,
      [...running].map(({ scenario }) => scenario.file),
    );
  const work = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      running.add(trial);
      tell();
      await playTrial(trial, options);
      running.delete(trial);
      done++;
      tell();
    }
  };
  const jobs = Array.from({ length: options.jobs }, work);
  const ends = await Promise.allSettled(jobs);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function playTrial(trial: Trial, { servers, signal }: LiveOptions): Promise<void> {
  try {
    const { observation, logs, versions }: LiveOutcome = await playLive(trial.scenario, servers, signal);
    trial.real = { observation, logs, versions };
  } catch (error) {
    if (error instanceof LiveStopped || !(error instanceof Error)) throw error;
    trial.failure = error.message;
  }
}

/** Takes from a recording what real servers did. */
export function recallTrials(trials: readonly Trial[], file: RecordingFile): void {
  for (const trial of trials) {
    const recording = findRecording(file, trial.scenario);
    if (typeof recording === 'string') trial.failure = recording;
    else {
      const versions = versionsIn(file, recording);
      trial.real = { observation: observationIn(recording), logs: logsIn(recording), versions };
    }
  }
}

export async function judgeTrial(trial: Trial, pause: Pause): Promise<Verdict> {
  const { scenario, obstacles, real, failure } = trial;
  if (obstacles.impossible.length > 0) return inconclusive(obstacles.impossible);
  if (real === null) return inconclusive([failure ?? 'it was not played']);
  const late = lateness(scenario, real.observation);
  const approximate = late === null ? obstacles.approximate : [...obstacles.approximate, late];
  return judge(scenario, real.observation, real.logs, approximate, pause);
}
