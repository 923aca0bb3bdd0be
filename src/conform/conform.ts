import { PROFILES, type ProfileName } from '../../sim/redis/profile.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type LiveOutcome, LiveStopped, playLive } from './driver.ts';
import type { Observation } from './observation.ts';
import { obstaclesOf } from './obstacles.ts';
import { findRecording, logsIn, observationIn, type RecordingFile } from './recording.ts';
import { withoutPicks } from './simulations.ts';
import { inconclusive, judge, type Logs, type Pause, type Verdict } from './verdict.ts';

/** One scenario as it is to be compared, and what real servers did in it, once that is known. */
export interface Trial {
  readonly scenario: Scenario;
  readonly obstacles: { readonly impossible: readonly string[]; readonly approximate: readonly string[] };
  real: { readonly observation: Observation; readonly logs: Logs } | null;
  /** Why there is nothing real to compare with. */
  failure: string | null;
}

/** Whether scenarios for a version can be simulated yet. */
export function isBuilt(profile: ProfileName): boolean {
  return PROFILES[profile] !== undefined;
}

export function trialOf(scenario: Scenario, profile: ProfileName): Trial {
  const obstacles = obstaclesOf(scenario, profile);
  return { scenario: withoutPicks(scenario), obstacles, real: null, failure: null };
}

/** What a live run is told of and asked. */
export interface LiveOptions {
  readonly program: string;
  /** How many scenarios are under way at once. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly progress: (done: number, running: readonly string[]) => void;
}

/** Plays every trial that can be played, several at once; throws LiveStopped if the signal says so. */
export async function playTrials(trials: readonly Trial[], options: LiveOptions): Promise<void> {
  const waiting = trials.filter(({ obstacles }) => obstacles.impossible.length === 0);
  const running = new Set<Trial>();
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

async function playTrial(trial: Trial, { program, signal }: LiveOptions): Promise<void> {
  try {
    const { observation, logs }: LiveOutcome = await playLive(trial.scenario, program, signal);
    trial.real = { observation, logs };
  } catch (error) {
    if (error instanceof LiveStopped || !(error instanceof Error)) throw error;
    trial.failure = error.message;
  }
}

/** Takes from a recording what real servers did. */
export function recallTrials(trials: readonly Trial[], file: RecordingFile): void {
  for (const trial of trials) {
    const recording = findRecording(file, trial.scenario);
    if (recording === undefined) trial.failure = 'it is not in the recording';
    else trial.real = { observation: observationIn(recording), logs: logsIn(recording) };
  }
}

export async function judgeTrial(trial: Trial, pause: Pause): Promise<Verdict> {
  const { scenario, obstacles, real, failure } = trial;
  if (obstacles.impossible.length > 0) return inconclusive(obstacles.impossible);
  if (real === null) return inconclusive([failure ?? 'it was not played']);
  return judge(scenario, real.observation, real.logs, obstacles.approximate, pause);
}
