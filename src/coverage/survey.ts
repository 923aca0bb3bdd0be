import type { ProfileName } from '../../sim/redis/profile.ts';
import { findRecording, type RecordingFile } from '../conform/recording.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { landmarkKey } from './landmark.ts';
import { LANDMARKS } from './landmarks.ts';
import { reachedIn } from './reached.ts';
import { shownBy } from './shown.ts';

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
    const reached = reachedIn(scenario);
    for (const key of reached.keys()) {
      if (known.has(key)) meet(simulated, key, scenario.file);
      else unknown.add(`${key} (${scenario.file})`);
    }
    for (const file of recordings) {
      const recording = findRecording(file, scenario);
      const profile = file.profile as ProfileName;
      if (recording === undefined || profile !== scenario.profile) continue;
      const shown = shownBy(recording, profile);
      for (const key of reached.keys()) {
        if (shown.has(key) || key.startsWith(landmarkKey('fault', '', profile))) {
          meet(confirmed, key, scenario.file);
        }
      }
    }
  }
  return { simulated, confirmed, unknown: [...unknown] };
}

function meet(meetings: Map<string, Meeting>, key: string, file: string): void {
  const meeting = meetings.get(key);
  if (meeting === undefined) meetings.set(key, { file, count: 1 });
  else meeting.count++;
}
