import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scenarioOf } from '../run/run.test-helper.ts';
import { judgeTrial, type LiveOptions, playTrials, type Trial, trialOf } from './conform.ts';
import { LiveStopped } from './driver.ts';
import { findServers, type Servers } from './servers.ts';
import { differs } from './verdict.ts';

/** These tests start real servers, so they run only where somebody names one, or several with colons between. */
const PROGRAMS = (process.env.PSYNCLAB_REDIS_SERVER ?? '').split(':').filter((path) => path !== '');
const SKIPPED = PROGRAMS.length === 0 ? ' (not run: PSYNCLAB_REDIS_SERVER names no redis-server)' : '';
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

const AT_ONCE = `
name: at once
duration: 4s
nodes:
  A: { config: { repl-ping-replica-period: 3600, repl-diskless-sync: "no" } }
  B: { replicaof: A }
timeline:
  - { at: 1s, kill: B }
  - { at: 1s, start: B }
  - { at: 3s, on: B, run: PING }
`;

const UPGRADE = `
name: upgrade
duration: 9s
nodes:
  A: { profile: redis-5.0, dataset: 10kb, config: { repl-ping-replica-period: 3600 } }
  B: { profile: redis-5.0, replicaof: A }
timeline:
  - { at: 1s, on: A, run: SET k v }
  - { at: 2s, on: B, run: SHUTDOWN SAVE }
  - { at: 3s, start: B, set: { profile: redis-7.0 } }
  - { at: 6s, on: B, run: CONFIG GET propagation-error-behavior, reply: "*2" }
`;

async function servers(): Promise<Servers> {
  const found = await findServers(PROGRAMS);
  if ('reason' in found) throw new Error(found.reason);
  return found;
}

async function liveOptions(signal = new AbortController().signal): Promise<LiveOptions> {
  return { servers: await servers(), jobs: 1, signal, progress: () => {} };
}

async function trial(yaml: string): Promise<Trial> {
  const profiles = new Set((await servers()).keys());
  const profile = [...profiles][0]!;
  const scenario = scenarioOf(yaml);
  return trialOf(
    { ...scenario, profile, nodes: scenario.nodes.map((node) => ({ ...node, profile })) },
    profiles,
  );
}

/** A temporary directory of this test's own, to see what is left there. */
const directory = mkdtempSync(join(tmpdir(), 'psynclab-live-'));
const outer = process.env.TMPDIR;

describe.skipIf(PROGRAMS.length === 0)(`real servers${SKIPPED}`, () => {
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
    await playTrials([live], await liveOptions());
    expect(live.failure).toBeNull();
    expect(live.real!.observation.decisions.length).toBeGreaterThanOrEqual(3);
    const verdict = await judgeTrial(live, async () => {});
    expect(verdict.comparisons.filter(differs)).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('start again while the process before still dies', { timeout: 30_000 }, async () => {
    const live = await trial(AT_ONCE);
    await playTrials([live], await liveOptions());
    expect(live.failure).toBeNull();
    const verdict = await judgeTrial(live, async () => {});
    expect(verdict.comparisons.filter(differs)).toEqual([]);
  });

  test('are all stopped when somebody asks for it', { timeout: 20_000 }, async () => {
    const live = await trial(FAILOVER);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 2_500);
    await expect(playTrials([live], await liveOptions(controller.signal))).rejects.toBeInstanceOf(
      LiveStopped,
    );
    expect(readdirSync(directory)).toEqual([]);
  });

  test('that refuse their configuration make the trial say so', { timeout: 20_000 }, async () => {
    const live = await trial(FAILOVER);
    const scenario = live.scenario;
    const nodes = scenario.nodes.map((node) => ({ ...node, config: new Map([['repl-timeout', ['never']]]) }));
    const broken: Trial = { ...live, scenario: { ...scenario, nodes } };
    await playTrials([broken], await liveOptions());
    expect(broken.failure).toContain('the server of A did not start');
  });

  test.skipIf(PROGRAMS.length < 2)(
    'of another version take over a node that is upgraded',
    {
      timeout: 60_000,
    },
    async () => {
      const scenario = scenarioOf(UPGRADE);
      const live = trialOf(scenario, new Set((await servers()).keys()));
      await playTrials([live], await liveOptions());
      expect(live.failure).toBeNull();
      const majors = Object.values(live.real!.versions).map((all) => all.map((version) => version[0]));
      expect(majors).toEqual([['5'], ['5', '7']]);
      const verdict = await judgeTrial(live, async () => {});
      expect(verdict.comparisons.filter(differs)).toEqual([]);
      expect(readdirSync(directory)).toEqual([]);
    },
  );
});
