import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scenarioOf } from '../run/run.test-helper.ts';
import { isBuilt, judgeTrial, playTrials, type Trial, trialOf } from './conform.ts';
import { LiveStopped } from './driver.ts';
import { profileFor, serverVersion } from './server-version.ts';
import { differs } from './verdict.ts';

/** These tests start real servers, so they run only where somebody names one. */
const PROGRAM = process.env.PSYNCLAB_REDIS_SERVER ?? '';
const SKIPPED = PROGRAM === '' ? ' (not run: PSYNCLAB_REDIS_SERVER names no redis-server)' : '';
if (SKIPPED !== '') console.warn(`live: nothing was compared with real servers here${SKIPPED}`);

const FAILOVER = `
name: live
duration: 9s
nodes:
  A: { config: { repl-ping-replica-period: 3600, repl-diskless-sync: "no" }, dataset: 10kb }
  B: { replicaof: A }
  C: { replicaof: A }
timeline:
  - { at: 1s, on: A, run: [SET k v, WAIT 2 1000] }
  - { at: 2s, partition: A <-> B }
  - { at: 2.1s, on: A, run: SET k w }
  - { at: 3s, kill: A }
  - { when: { on: C, info: { master_link_status: down } }, on: C, run: REPLICAOF NO ONE }
  - { at: 4s, heal: all }
  - { at: 4.5s, on: B, run: REPLICAOF C }
  - { at: 7.5s, on: A, run: PING }
snapshots: [2.9s]
`;

async function trial(yaml: string): Promise<Trial> {
  const found = await serverVersion(PROGRAM);
  if (typeof found === 'string') throw new Error(found);
  const profile = profileFor(found.version)!;
  expect(isBuilt(profile)).toBe(true);
  return trialOf(
    { ...scenarioOf(yaml), profile, nodes: scenarioOf(yaml).nodes.map((node) => ({ ...node, profile })) },
    profile,
  );
}

/** A temporary directory of this test's own, to see what is left there. */
const directory = mkdtempSync(join(tmpdir(), 'psynclab-live-'));
const outer = process.env.TMPDIR;

describe.skipIf(PROGRAM === '')(`real servers${SKIPPED}`, () => {
  beforeAll(() => {
    process.env.TMPDIR = directory;
  });
  afterAll(() => {
    if (outer === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outer;
  });

  test('do in a failover what the simulation does, and leave nothing behind', {
    timeout: 60_000,
  }, async () => {
    const live = await trial(FAILOVER);
    const options = { program: PROGRAM, jobs: 1, signal: new AbortController().signal, progress: () => {} };
    await playTrials([live], options);
    expect(live.failure).toBeNull();
    expect(live.real!.observation.decisions.length).toBeGreaterThanOrEqual(3);
    const verdict = await judgeTrial(live, async () => {});
    expect(verdict.comparisons.filter(differs)).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('are all stopped when somebody asks for it', { timeout: 20_000 }, async () => {
    const live = await trial(FAILOVER);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 2_500);
    const options = { program: PROGRAM, jobs: 1, signal: controller.signal, progress: () => {} };
    await expect(playTrials([live], options)).rejects.toBeInstanceOf(LiveStopped);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('that refuse their configuration make the trial say so', { timeout: 20_000 }, async () => {
    const live = await trial(FAILOVER);
    const scenario = live.scenario;
    const nodes = scenario.nodes.map((node) => ({ ...node, config: new Map([['repl-timeout', ['never']]]) }));
    const broken: Trial = { ...live, scenario: { ...scenario, nodes } };
    const options = { program: PROGRAM, jobs: 1, signal: new AbortController().signal, progress: () => {} };
    await playTrials([broken], options);
    expect(broken.failure).toContain('the server of A did not start');
  });
});
