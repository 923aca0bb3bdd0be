import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadScenarioFile } from '../scenario/load.ts';
import { judgeTrial, recallTrials, trialOf } from './conform.ts';
import { parseRecording, type RecordingFile } from './recording.ts';
import { profileFor } from './server-version.ts';
import { differs } from './verdict.ts';

/** What real redis-server processes did in these scenarios, made by `conform --record`. */
const FIXTURES = new URL('../../fixtures/conform/', import.meta.url);
const LESSONS = fileURLToPath(new URL('../../scenarios/', import.meta.url));

function read(name: string): string {
  return readFileSync(new URL(name, FIXTURES), 'utf8');
}

/** Scenarios stand beside their recordings, or are lessons. */
const lessons = new Map(
  readdirSync(LESSONS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, `${entry.parentPath}/${entry.name}`]),
);

function readScenario(file: string): string {
  const lesson = lessons.get(file);
  return lesson === undefined ? read(file) : readFileSync(lesson, 'utf8');
}

function recordingOf(file: string): RecordingFile {
  const recording = parseRecording(read(file));
  if (typeof recording === 'string') throw new Error(`${file} ${recording}`);
  return recording;
}

async function compare(name: string, recording: RecordingFile) {
  const profiles = new Set(recording.servers.map((version) => profileFor(version)!));
  const serverProfile = profiles.size === 1 ? { serverProfile: [...profiles][0]! } : {};
  const loaded = loadScenarioFile(readScenario(`${name}.yaml`), `${name}.yaml`, serverProfile);
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  const trials = loaded.scenarios.map((scenario) => trialOf(scenario, profiles));
  recallTrials(trials, recording);
  return Promise.all(trials.map((trial) => judgeTrial(trial, async () => {})));
}

const files = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.json'))
  .sort();

test('there are recordings to compare with', () => {
  expect(files.filter((file) => file.endsWith('.redis-5.0.14.json')).length).toBeGreaterThanOrEqual(20);
  expect(files.filter((file) => file.endsWith('.redis-7.0.15.json')).length).toBeGreaterThanOrEqual(10);
});

describe('the simulation does what real servers did', () => {
  test.each(files)('%s', async (file) => {
    const name = file.slice(0, file.indexOf('.'));
    let pinned = 0;
    for (const { verdict, comparisons, reasons } of await compare(name, recordingOf(file))) {
      expect(comparisons.filter(differs)).toEqual([]);
      expect({ verdict, reasons }).toEqual({ verdict: 'pass', reasons: [] });
      pinned += comparisons.filter((one) => one.verdict === 'pinned').length;
    }
    expect(pinned).toBeGreaterThan(50);
  });
});

test('a recording that says something else is found out', async () => {
  const text = JSON.stringify(recordingOf('double-failover.redis-5.0.14.json')).replace(
    '"second_repl_offset":-1',
    '"second_repl_offset":17',
  );
  const [verdict] = await compare('double-failover', JSON.parse(text) as RecordingFile);
  expect(verdict!.verdict).toBe('fail');
  expect(verdict!.comparisons.filter(differs)).toHaveLength(1);
  expect(verdict!.logs.some(({ where }) => where === 'real')).toBe(true);
  expect(verdict!.logs.some(({ where }) => where === 'simulated')).toBe(true);
});
