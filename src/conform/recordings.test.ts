import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadScenarioFile } from '../scenario/load.ts';
import { judgeTrial, recallTrials, trialOf } from './conform.ts';
import { parseRecording, type RecordingFile } from './recording.ts';
import { differs } from './verdict.ts';

/** What real redis-server processes did in these scenarios, made by `conform --record`. */
const FIXTURES = new URL('../../fixtures/conform/', import.meta.url);
const VERSION = '5.0.14';

function read(name: string): string {
  return readFileSync(new URL(name, FIXTURES), 'utf8');
}

function recordingOf(name: string): RecordingFile {
  const recording = parseRecording(read(`${name}.redis-${VERSION}.json`));
  if (typeof recording === 'string') throw new Error(`${name} ${recording}`);
  return recording;
}

async function compare(name: string, recording: RecordingFile) {
  const loaded = loadScenarioFile(read(`${name}.yaml`), `${name}.yaml`, {});
  if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
  const trials = loaded.scenarios.map((scenario) => trialOf(scenario, 'redis-5.0'));
  recallTrials(trials, recording);
  return Promise.all(trials.map((trial) => judgeTrial(trial, async () => {})));
}

const names = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))
  .sort();

test('there are recordings to compare with', () => {
  expect(names.length).toBeGreaterThanOrEqual(20);
});

describe(`the simulation does what redis-server ${VERSION} did`, () => {
  test.each(names)('%s', async (name) => {
    for (const { verdict, comparisons, reasons } of await compare(name, recordingOf(name))) {
      expect(comparisons.filter(differs)).toEqual([]);
      expect({ verdict, reasons }).toEqual({ verdict: 'pass', reasons: [] });
      expect(comparisons.filter((one) => one.verdict === 'pinned').length).toBeGreaterThan(50);
    }
  });
});

test('a recording that says something else is found out', async () => {
  const text = JSON.stringify(recordingOf('double-failover')).replace(
    '"second_repl_offset":-1',
    '"second_repl_offset":17',
  );
  const [verdict] = await compare('double-failover', JSON.parse(text) as RecordingFile);
  expect(verdict!.verdict).toBe('fail');
  expect(verdict!.comparisons.filter(differs)).toHaveLength(1);
  expect(verdict!.logs.some(({ where }) => where === 'real')).toBe(true);
  expect(verdict!.logs.some(({ where }) => where === 'simulated')).toBe(true);
});
