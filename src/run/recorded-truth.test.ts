import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROFILES, type ProfileName } from '../../sim/redis/profile.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import type { InfoResult, RunResult } from './result.ts';
import { runScenario } from './run.ts';

/**
 * What real redis-server 5.0.14 and 7.0.15 processes did in these scenarios, compared with the simulation of the
 * same files under twenty seeds each: decisions, replies, INFO fields, and which ids and datasets were the same.
 */

const FIXTURES = new URL('../../fixtures/truth/', import.meta.url);
const SEEDS = Array.from({ length: 20 }, (_, i) => String(i + 1));

interface RecordedDecision {
  readonly master: string;
  readonly replica: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly offset?: number;
  readonly bytes?: number;
}
type RecordedNode = Readonly<Record<string, string>> | 'down';
type RecordedSnapshot = { readonly at: string } & Readonly<Record<string, RecordedNode>>;
interface Recording {
  readonly decisions: readonly RecordedDecision[];
  readonly replies: readonly { readonly on: string; readonly run: string; readonly reply: string | null }[];
  readonly snapshots: readonly RecordedSnapshot[];
  readonly final: Readonly<Record<string, RecordedNode>>;
}

/** Where PINGs run, these fields depend on the phase of the master's cron: they are compared by relation. */
const MOVED_BY_PING: Readonly<Record<string, readonly string[]>> = {
  'min-replicas': ['master_repl_offset', 'repl_backlog_histlen', 'slave_repl_offset', 'slave0'],
};
/** Told by name for equal values in the recording, or the server's version: no INFO fields. */
const RELATIONS = ['replid', 'replid2', 'digest', 'version'];

function read(name: string): string {
  return readFileSync(new URL(name, FIXTURES), 'utf8');
}

function simulate(name: string, profile: ProfileName, seed: string): RunResult {
  const loaded = loadScenarioFile(read(`${name}.yaml`), `${name}.yaml`, { profile });
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  return runScenario(loaded.scenarios[0]!, { seed }).result;
}

/** The recording's decisions stand by master; its reasons are those that a master's log can tell. */
function decisionsByMaster(result: RunResult): RecordedDecision[] {
  return Object.keys(result.nodes).flatMap((master) =>
    result.decisions
      .filter((decision) => decision.master === master)
      .map(({ replica, outcome, reason, offset, bytes }) => ({
        master,
        replica: replica!,
        outcome,
        reason: reason === 'no-backlog' || reason === 'backlog-overwritten' ? 'lack-of-backlog' : reason,
        ...(offset === null ? {} : { offset }),
        bytes,
      })),
  );
}

/**
 * The state of `ip=…,port=…,state=online,offset=0,lag=1`, and at the end what was acknowledged. Before that the
 * last acknowledgement depends, like the lag, on the phase of the replica's cron.
 */
function slaveLine(line: string, isFinal: boolean): string {
  const [, state, offset] = /state=(\w+),offset=(\d+)/.exec(line)!;
  return isFinal ? `${state} ${offset}` : state!;
}

function compareNode(
  recorded: RecordedNode,
  info: InfoResult | 'down',
  isFinal: boolean,
  skipped: readonly string[],
): void {
  if (recorded === 'down' || info === 'down') {
    expect(info).toBe(recorded);
    return;
  }
  for (const [field, value] of Object.entries(recorded)) {
    if (RELATIONS.includes(field) || skipped.includes(field)) continue;
    const simulated = String(info[field]);
    if (/^slave\d+$/.test(field))
      expect(slaveLine(simulated, isFinal), field).toBe(slaveLine(value, isFinal));
    else expect(simulated, field).toBe(value);
  }
}

/** Names for values in the order in which they appear, as the recordings have them. */
function relation(values: readonly string[]): number[] {
  const seen: string[] = [];
  return values.map((value) => {
    if (!seen.includes(value)) seen.push(value);
    return seen.indexOf(value);
  });
}

interface Moment {
  readonly recorded: Readonly<Record<string, RecordedNode>>;
  readonly simulated: Readonly<Record<string, InfoResult | 'down'>>;
}

/** Every moment the recording tells of, the end last. */
function moments(recording: Recording, result: RunResult): Moment[] {
  const final = Object.fromEntries(
    Object.entries(result.nodes).map(([name, node]) => [
      name,
      node.state === 'down' ? ('down' as const) : node.info,
    ]),
  );
  return [
    ...recording.snapshots.map(({ at, ...nodes }, i) => {
      expect(result.snapshots[i]!.at_ms, `snapshot at ${at}`).toBe(Number.parseFloat(at) * 1000);
      return { recorded: nodes as Record<string, RecordedNode>, simulated: result.snapshots[i]!.nodes };
    }),
    { recorded: recording.final, simulated: final },
  ];
}

/** Which replication ids are the same at the end, the cleared one included; snapshots tell no ids. */
function compareIds({ recorded, simulated }: Moment): void {
  const inRecording: string[] = [];
  const inSimulation: string[] = [];
  for (const [name, node] of Object.entries(recorded)) {
    const info = simulated[name]!;
    if (node === 'down' || info === 'down') continue;
    inRecording.push('none', node.replid!, node.replid2!);
    inSimulation.push('0'.repeat(40), String(info.master_replid), String(info.master_replid2));
  }
  expect(relation(inSimulation), 'which replication ids are the same').toEqual(relation(inRecording));
}

function compareDigests(recording: Recording, result: RunResult): void {
  const names = Object.keys(recording.final).filter((name) => recording.final[name] !== 'down');
  const recorded = names.map((name) => (recording.final[name] as Record<string, string>).digest!);
  const simulated = names.map((name) => {
    const node = result.nodes[name]!;
    return node.state === 'down' ? 'down' : node.digest;
  });
  expect(relation(simulated), 'which datasets are the same').toEqual(relation(recorded));
}

const names = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))
  .sort();

test('there are recordings to compare with', () => {
  expect(names.length).toBeGreaterThanOrEqual(8);
});

const recordings = Object.values(PROFILES).flatMap(({ name: profile, version }) =>
  names.map((name) => ({ name, profile, version })),
);

describe.each(recordings)('$name does what redis-server $version did', ({ name, profile, version }) => {
  const recording = JSON.parse(read(`${name}.redis-${version}.json`)) as Recording;

  test.each(SEEDS)('seed %s', (seed) => {
    const result = simulate(name, profile, seed);
    const decisions = decisionsByMaster(result);
    expect(decisions.length).toBe(recording.decisions.length);
    recording.decisions.forEach(({ master, replica, outcome, reason, offset, bytes }, i) => {
      const simulated = decisions[i]!;
      expect(simulated).toMatchObject({ master, replica, outcome });
      if (reason !== undefined) expect(simulated.reason).toBe(reason);
      if (offset !== undefined) expect(simulated.offset).toBe(offset);
      if (bytes !== undefined) expect(simulated.bytes).toBe(bytes);
    });
    expect(result.replies.map(({ on, run, reply }) => ({ on, run, reply }))).toEqual(
      recording.replies.map(({ on, run, reply }) => ({ on, run, reply })),
    );
    const all = moments(recording, result);
    all.forEach(({ recorded, simulated }, i) => {
      for (const [node, fields] of Object.entries(recorded)) {
        compareNode(fields, simulated[node]!, i === all.length - 1, MOVED_BY_PING[name] ?? []);
      }
    });
    compareIds(all.at(-1)!);
    compareDigests(recording, result);
  });
});

const profiles = Object.keys(PROFILES) as ProfileName[];

test.each(profiles)('%s: where PINGs run, master and replica agree on what they moved', (profile) => {
  for (const seed of SEEDS) {
    const { A, B } = simulate('min-replicas', profile, seed).nodes;
    if (A?.state !== 'up' || B?.state !== 'up') throw new Error('both nodes are up at the end');
    expect([412, 426, 440]).toContain(A.info.master_repl_offset);
    expect(A.info.repl_backlog_histlen).toBe(A.info.master_repl_offset);
    expect(B.info.slave_repl_offset).toBe(B.info.master_repl_offset);
  }
});
