import { PROFILES, type ProfileName } from '../../sim/redis/profile.ts';
import { REPL_STATE_CONNECT, REPL_STATE_NONE } from '../../sim/redis/server.ts';
import type { TimedLine } from '../conform/log-parser.ts';
import { logsIn, type Recording } from '../conform/recording.ts';
import { replStateAfter } from '../conform/repl-state.ts';
import { type LandmarkGroup, landmarkKey } from './landmark.ts';
import { SlaveStatesInLog } from './slave-states-in-log.ts';
import { replTransition } from './states.ts';
import { TIMEOUT_LANDMARKS } from './timeout-landmarks.ts';

/** What a log tells of a decision, where it does not tell two apart. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  'lack-of-backlog': ['no-backlog', 'backlog-overwritten'],
  unlogged: ['sync', 'bad-offset'],
};

/** The landmarks, by their keys, that real servers were recorded at; of some no log tells. */
export function shownBy(recording: Recording, profile: ProfileName): Set<string> {
  const shown = new Set<string>();
  const note = (group: LandmarkGroup, name: string): void => {
    shown.add(landmarkKey(group, name, profile));
  };
  for (const { outcome, reason } of recording.decisions) {
    for (const one of ALIKE[reason ?? ''] ?? [reason]) note('decision', `${outcome}/${one}`);
  }
  for (const lines of Object.values(logsIn(recording))) {
    const slaves = new SlaveStatesInLog(PROFILES[profile], (name) => note('slave', name));
    let state: number | undefined;
    for (const { message } of lines) {
      const next = stateAfter(message, lines, profile);
      if (next !== undefined) {
        if (state !== undefined && state !== next) note('replica', replTransition(profile, state, next));
        state = next;
      }
      slaves.line(message);
      for (const { name, line } of TIMEOUT_LANDMARKS) if (line!.test(message)) note('timeout', name);
    }
  }
  return shown;
}

/** A process that starts is a replica if its log says that it connects before it says anything else of that. */
function stateAfter(message: string, lines: readonly TimedLine[], profile: ProfileName): number | undefined {
  if (!message.startsWith('Ready to accept connections')) return replStateAfter(message, PROFILES[profile]);
  const start = lines.findIndex((line) => line.message === message);
  const next = lines
    .slice(start + 1)
    .find((line) => replStateAfter(line.message, PROFILES[profile]) !== undefined);
  return next?.message.startsWith('Connecting to MASTER') ? REPL_STATE_CONNECT : REPL_STATE_NONE;
}
