import type { Scenario } from '../scenario/scenario.ts';
import type { TimedLine } from './log-parser.ts';
import type { Moment, Observation, SeenDecision, SeenReply } from './observation.ts';
import type { Logs } from './verdict.ts';

/** The version of the format below; a change of meaning makes a new one. */
export const RECORDING_FORMAT = 1;

/** What real servers did, kept in a file (docs/conform.md). */
export interface RecordingFile {
  readonly format: typeof RECORDING_FORMAT;
  readonly psynclab: string;
  /** The version that the server gives. */
  readonly server: string;
  readonly profile: string;
  readonly recordings: readonly Recording[];
}

export interface Recording {
  /** The scenario's file without its directory, and which case of it. */
  readonly scenario: string;
  readonly case: Scenario['case'];
  readonly decisions: readonly SeenDecision[];
  readonly replies: readonly SeenReply[];
  readonly moments: readonly Moment[];
  readonly never_acted: readonly number[];
  /** When each node's process was ready, in milliseconds: the phase of its timers. */
  readonly boots: Readonly<Record<string, number>>;
  /** Lines of notice level and above, addresses as in the simulation: time in milliseconds, then the text. */
  readonly log: Readonly<Record<string, readonly (readonly [at_ms: number, text: string])[]>>;
}

export function recordingOf(
  scenario: Scenario,
  { decisions, replies, moments, neverActed, boots }: Observation,
  logs: Logs,
): Recording {
  const log = Object.entries(logs).map(([node, lines]): [string, [number, string][]] => [
    node,
    lines
      .filter(({ level }) => level === 'notice' || level === 'warning')
      .map(({ at_ms, message }) => [at_ms, message]),
  ]);
  return {
    scenario: baseName(scenario.file),
    case: scenario.case,
    decisions,
    replies,
    moments,
    never_acted: neverActed,
    boots,
    log: Object.fromEntries(log),
  };
}

export function observationIn(recording: Recording): Observation {
  const { decisions, replies, moments, never_acted, boots } = recording;
  return { decisions, replies, moments, neverActed: never_acted, boots };
}

export function logsIn({ log }: Recording): Logs {
  const logs = Object.entries(log).map(([node, lines]): [string, TimedLine[]] => [
    node,
    lines.map(([at_ms, message]) => ({ at: at_ms, at_ms, level: 'notice', message })),
  ]);
  return Object.fromEntries(logs);
}

/** The recording of a scenario and its case, if the file has one. */
export function findRecording({ recordings }: RecordingFile, scenario: Scenario): Recording | undefined {
  const wanted = JSON.stringify([baseName(scenario.file), scenario.case]);
  return recordings.find((one) => JSON.stringify([one.scenario, one.case]) === wanted);
}

/** Reads the text of a recording; what is wrong with it, as a text, where something is. */
export function parseRecording(text: string): RecordingFile | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is no JSON';
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    !('recordings' in value) ||
    !Array.isArray(value.recordings)
  ) {
    return 'is no recording of psynclab conform';
  }
  const { format } = value as { format?: unknown };
  if (format !== RECORDING_FORMAT)
    return `has format ${String(format)}, this psynclab reads ${RECORDING_FORMAT}`;
  return value as unknown as RecordingFile;
}

export function formatRecording(file: RecordingFile): string {
  return `${JSON.stringify(file, null, 1)}\n`;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
