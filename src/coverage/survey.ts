import { findRecording, type RecordingFile, versionsIn } from '../conform/recording.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { FAULT_LANDMARKS } from './fault-landmarks.ts';
import { landmarkKey } from './landmark.ts';
import { LANDMARKS } from './landmarks.ts';
import { reachedIn } from './reached.ts';
import { shownBy } from './shown.ts';

const FAULTS: ReadonlySet<string> = new Set(
  FAULT_LANDMARKS.flatMap(({ name, profiles }) => profiles.map((one) => landmarkKey('fault', name, one))),
);

/** One case of a scenario, and what real servers were recorded doing in it. */
export interface Surveyed {
  readonly scenario: Scenario;
  readonly recordings: readonly RecordingFile[];
}

/** Where a landmark was met: the first scenario of all, by its file, and how many there were. */
export interface Meeting {
  readonly file: string;
  count: number;
}

export interface Survey {
  /** By landmark and version. */
  readonly simulated: ReadonlyMap<string, Meeting>;
  readonly confirmed: ReadonlyMap<string, Meeting>;
  /** What runs came by and no landmark says. */
  readonly unknown: readonly string[];
}

/**
 * Plays every scenario and notes which landmarks it reaches. A recording confirms those of them that real servers
 * show in their logs, since the rest of it is held against the simulation by a test of its own.
 */
export function survey(surveyed: readonly Surveyed[]): Survey {
  const known = new Set(
    LANDMARKS.flatMap(({ group, name, profiles }) =>
      profiles.map((profile) => landmarkKey(group, name, profile)),
    ),
  );
  const simulated = new Map<string, Meeting>();
  const confirmed = new Map<string, Meeting>();
  const unknown = new Set<string>();
  for (const { scenario, recordings } of surveyed) {
    // What a broken rule leads to is no part of Redis.
    if (scenario.mutants.length > 0) continue;
    const reached = reachedIn(scenario);
    for (const key of reached.keys()) {
      if (known.has(key)) meet(simulated, key, scenario.file);
      else unknown.add(`${key} (${scenario.file})`);
    }
    for (const file of recordings) {
      const recording = findRecording(file, scenario);
      if (typeof recording === 'string') continue;
      const shown = shownBy(recording, versionsIn(file, recording));
      // What a fault does to real processes is seen by no log: it was played.
      const isShown = (key: string): boolean => shown.has(key) || FAULTS.has(key);
      for (const key of reached.keys()) if (isShown(key)) meet(confirmed, key, scenario.file);
    }
  }
  return { simulated, confirmed, unknown: [...unknown] };
}

function meet(meetings: Map<string, Meeting>, key: string, file: string): void {
  const meeting = meetings.get(key);
  if (meeting === undefined) meetings.set(key, { file, count: 1 });
  else meeting.count++;
}
