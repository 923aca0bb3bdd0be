import { PROFILES, type ProfileName } from '../../sim/redis/profile.ts';
import { REPL_STATE_CONNECT, REPL_STATE_NONE } from '../../sim/redis/server.ts';
import type { TimedLine } from '../conform/log-parser.ts';
import { logsIn, type Recording, type Versions } from '../conform/recording.ts';
import { replStateAfter } from '../conform/repl-state.ts';
import { profileFor } from '../conform/server-version.ts';
import { type LandmarkGroup, landmarkKey } from './landmark.ts';
import { SlaveStatesInLog } from './slave-states-in-log.ts';
import { replTransition } from './states.ts';
import { TIMEOUT_LANDMARKS } from './timeout-landmarks.ts';

/** What a log tells of a decision, where it does not tell two apart. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  'lack-of-backlog': ['no-backlog', 'backlog-overwritten'],
  unlogged: ['sync', 'bad-offset'],
};

const BOOTED = /^Redis version=([\d.]+)/;

/** The landmarks, by their keys, that real servers were recorded at; of some no log tells. */
export function shownBy(recording: Recording, versions: Versions): Set<string> {
  const shown = new Set<string>();
  const logs = logsIn(recording);
  const note = (profile: ProfileName, group: LandmarkGroup, name: string): void => {
    shown.add(landmarkKey(group, name, profile));
  };
  for (const { at_ms, master, outcome, reason } of recording.decisions) {
    const lines = (logs[master] ?? []).filter((line) => line.at_ms <= at_ms);
    const profile = profileAfter(lines, versions[master]!);
    for (const one of ALIKE[reason ?? ''] ?? [reason]) note(profile, 'decision', `${outcome}/${one}`);
  }
  for (const [node, lines] of Object.entries(logs)) {
    for (const life of livesOf(lines)) {
      const profile = profileAfter(life.slice(0, 1), versions[node]!);
      noteLife(life, profile, (group, name) => note(profile, group, name));
    }
  }
  return shown;
}

/** The version that a process with these lines runs; a node without any runs its first. */
function profileAfter(lines: readonly TimedLine[], versions: readonly string[]): ProfileName {
  const booted = lines.findLast(({ message }) => BOOTED.test(message));
  const version = booted === undefined ? versions[0]! : BOOTED.exec(booted.message)![1]!;
  return profileFor(version)!;
}

/** A node's log, cut where a process begins. */
function livesOf(lines: readonly TimedLine[]): TimedLine[][] {
  const lives: TimedLine[][] = [];
  for (const line of lines) {
    if (lives.length === 0 || BOOTED.test(line.message)) lives.push([]);
    lives.at(-1)!.push(line);
  }
  return lives;
}

/** What the log of one process tells of. */
function noteLife(
  lines: readonly TimedLine[],
  profile: ProfileName,
  note: (group: LandmarkGroup, name: string) => void,
): void {
  const slaves = new SlaveStatesInLog(PROFILES[profile], (name) => note('slave', name));
  let state: number | undefined;
  lines.forEach(({ message }, i) => {
    const next = message.startsWith('Ready to accept connections')
      ? stateAtStart(lines.slice(i + 1), profile)
      : replStateAfter(message, PROFILES[profile]);
    if (next !== undefined) {
      if (state !== undefined && state !== next) note('replica', replTransition(profile, state, next));
      state = next;
    }
    slaves.line(message);
    for (const { name, line } of TIMEOUT_LANDMARKS) if (line!.test(message)) note('timeout', name);
  });
}

/** A process that starts is a replica if it connects before its log says anything else of its state. */
function stateAtStart(following: readonly TimedLine[], profile: ProfileName): number {
  const next = following.find(({ message }) => replStateAfter(message, PROFILES[profile]) !== undefined);
  return next?.message.startsWith('Connecting to MASTER') ? REPL_STATE_CONNECT : REPL_STATE_NONE;
}
