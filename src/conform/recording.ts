import { z } from 'zod';
import type { Scenario } from '../scenario/scenario.ts';
import type { TimedLine } from './log-parser.ts';
import type { Observation } from './observation.ts';
import { profileFor } from './server-version.ts';
import type { Logs } from './verdict.ts';

/** The version of the format below; a change of meaning makes a new one. Format 1 named one server for all nodes. */
export const RECORDING_FORMAT = 2;

/** What real servers did, kept in a file (docs/conform.md). */
export interface RecordingFile {
  readonly format: typeof RECORDING_FORMAT;
  readonly psynclab: string;
  /** The versions of the servers that were given. */
  readonly servers: readonly string[];
  readonly recordings: readonly Recording[];
}

const reply = z.object({ at_ms: z.number(), on: z.string(), run: z.string(), reply: z.string().nullable() });
const decision = z.object({
  at_ms: z.number(),
  replica: z.string().nullable(),
  master: z.string(),
  outcome: z.string(),
  reason: z.string().nullable(),
  offset: z.number().nullable(),
  bytes: z.number().nullable(),
});
const view = z.union([
  z.object({ state: z.enum(['down', 'frozen', 'busy']) }),
  z.object({
    state: z.literal('up'),
    info: z.record(z.string(), z.union([z.string(), z.number()])),
    digest: z.string().nullable(),
  }),
]);
const moment = z.object({ name: z.string(), at_ms: z.number(), nodes: z.record(z.string(), view) });

const recordingShape = z.object({
  /** The scenario's file without its directory, and which case of it. */
  scenario: z.string(),
  case: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  /** The versions that each node ran, a further one where `start:` changed it; absent in format 1. */
  versions: z.record(z.string(), z.array(z.string())).optional(),
  decisions: z.array(decision),
  replies: z.array(reply),
  moments: z.array(moment),
  never_acted: z.array(z.number()),
  /** When each node's process was ready, in milliseconds: the phase of its timers. */
  boots: z.record(z.string(), z.number()),
  /** Ticks of workloads without a command; absent where there were none. */
  skipped_ticks: z.number().optional(),
  /** Lines of notice level and above, addresses as in the simulation: `<milliseconds> <text>`. */
  log: z.record(z.string(), z.array(z.string())),
});

export type Recording = Readonly<z.infer<typeof recordingShape>>;
export type Versions = Readonly<Record<string, readonly string[]>>;

const fileShape = z.union([
  z.object({
    format: z.literal(RECORDING_FORMAT),
    psynclab: z.string(),
    servers: z.array(z.string()).min(1),
    recordings: z.array(recordingShape),
  }),
  z.object({
    format: z.literal(1),
    psynclab: z.string(),
    server: z.string(),
    recordings: z.array(recordingShape),
  }),
]);

/** What a server says at its start about the kernel under it. */
const ADVICE = /^WARNING |^oO0OoO0OoO0Oo /;

export function recordingOf(
  scenario: Scenario,
  { decisions, replies, moments, neverActed, boots, skippedTicks }: Observation,
  logs: Logs,
  versions: Versions,
): Recording {
  const log = Object.entries(logs).map(([node, lines]): [string, string[]] => [
    node,
    lines
      .filter(({ level, message }) => (level === 'notice' || level === 'warning') && !ADVICE.test(message))
      .map(({ at_ms, message }) => `${at_ms} ${message}`),
  ]);
  return {
    scenario: baseName(scenario.file),
    case: scenario.case,
    versions: Object.fromEntries(Object.entries(versions).map(([node, all]) => [node, [...all]])),
    decisions: [...decisions],
    replies: [...replies],
    moments: [...moments],
    never_acted: [...neverActed],
    boots,
    ...(skippedTicks === 0 ? {} : { skipped_ticks: skippedTicks }),
    log: Object.fromEntries(log),
  };
}

export function observationIn(recording: Recording): Observation {
  const { decisions, replies, moments, never_acted, boots, skipped_ticks: skippedTicks = 0 } = recording;
  return { decisions, replies, moments, neverActed: never_acted, boots, skippedTicks };
}

export function logsIn({ log }: Recording): Logs {
  const logs = Object.entries(log).map(([node, lines]): [string, TimedLine[]] => [
    node,
    lines.map((line) => {
      const blank = line.indexOf(' ');
      const at_ms = Number(line.slice(0, blank));
      return { at: at_ms, at_ms, level: 'notice', message: line.slice(blank + 1) };
    }),
  ]);
  return Object.fromEntries(logs);
}

/** The recording of a scenario and its case, or a text that says why there is none to compare with. */
export function findRecording(file: RecordingFile, scenario: Scenario): Recording | string {
  const wanted = JSON.stringify([baseName(scenario.file), scenario.case]);
  const found = file.recordings.find((one) => JSON.stringify([one.scenario, one.case]) === wanted);
  if (found === undefined) return `it is not in the recording${otherCases(file, scenario)}`;
  for (const { name, profile } of scenario.nodes) {
    if (found.moments.some(({ nodes }) => nodes[name] === undefined)) {
      return `the recording knows no node ${name}: it is of another scenario, or of an earlier form of this one`;
    }
    const first = versionsIn(file, found)[name]?.[0];
    if (first !== undefined && profileFor(first) !== profile) {
      return `${name} runs ${profile}, and in the recording it was Redis ${first}`;
    }
  }
  return found;
}

/** The versions that each node ran. */
export function versionsIn(file: RecordingFile, { versions, moments }: Recording): Versions {
  if (versions !== undefined) return versions;
  const names = Object.keys(moments[0]?.nodes ?? {});
  return Object.fromEntries(names.map((name) => [name, file.servers]));
}

function otherCases({ recordings }: RecordingFile, { file }: Scenario): string {
  if (recordings.some(({ scenario }) => scenario === baseName(file))) return ', only other cases of it are';
  const names = [...new Set(recordings.map(({ scenario }) => scenario))];
  const more = names.length > 3 ? ` and ${names.length - 3} others` : '';
  return names.length === 0 ? ', which is empty' : `, which has ${names.slice(0, 3).join(', ')}${more}`;
}

/** Reads the text of a recording; what is wrong with it, as a text, where something is. */
export function parseRecording(text: string): RecordingFile | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `is no JSON (${(error as Error).message.replace(/\s+/g, ' ').slice(0, 120)})`;
  }
  if (typeof value !== 'object' || value === null || !('recordings' in value)) {
    return 'is no recording of psynclab conform';
  }
  const { format } = value as { format?: unknown };
  if (format !== RECORDING_FORMAT && format !== 1) {
    return `has format ${JSON.stringify(format)}, this psynclab reads up to ${RECORDING_FORMAT}`;
  }
  const parsed = fileShape.safeParse(value);
  if (!parsed.success) return `is damaged: ${whereWrong(parsed.error)}`;
  const { data } = parsed;
  if (data.format === RECORDING_FORMAT) return data;
  const { psynclab, server, recordings } = data;
  return { format: RECORDING_FORMAT, psynclab, servers: [server], recordings };
}

/** The first thing that is wrong, and where it stands. */
function whereWrong(error: z.ZodError): string {
  let [issue] = error.issues;
  // Of the two formats, the one that got further.
  while (issue?.code === 'invalid_union') {
    const deepest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0]?.[0];
    if (deepest === undefined) break;
    issue = { ...deepest, path: [...issue.path, ...deepest.path] };
  }
  return issue === undefined ? 'its shape is wrong' : `${issue.path.join('.')}: ${issue.message}`;
}

function depth(issues: readonly { readonly path: readonly unknown[] }[]): number {
  return Math.max(...issues.map(({ path }) => path.length));
}

export function formatRecording(file: RecordingFile): string {
  return `${JSON.stringify(file, null, 1)}\n`;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
