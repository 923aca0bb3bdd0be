import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadScenarioFile } from '../scenario/load.ts';
import { formatProblem } from '../scenario/problems.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { runScenario } from './run.ts';

/** Every scenario under scenarios/ and hunts/ holds, with its own seed and with twenty others: each other phase of the clocks. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Dozens of runs in one test, on a machine that may be busy with others. */
const TIMEOUT_MS = 60_000;
const SEEDS = Array.from({ length: 20 }, (_, i) => String(i + 1));

const files = ['scenarios', 'hunts'].flatMap(filesIn).sort();

function filesIn(folder: string): string[] {
  return readdirSync(new URL(`../../${folder}/`, import.meta.url), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => relative(ROOT, `${entry.parentPath}/${entry.name}`));
}

function load(file: string): ReturnType<typeof loadScenarioFile> {
  return loadScenarioFile(readFileSync(`${ROOT}${file}`, 'utf8'), file);
}

function failuresOf(scenario: Scenario, seed: string): string[] {
  return runScenario(scenario, { seed }).result.failures.map(
    ({ file, line, message }) => `${file}:${line}: ${message} (seed ${seed})`,
  );
}

test('there are scenarios, the one that npm start plays among them', () => {
  expect(files.length).toBeGreaterThanOrEqual(40);
  expect(files).toContain('scenarios/06-failover/promoted-replica-serves-its-siblings.yaml');
});

describe.each(files)('%s', (file) => {
  test('says what it teaches, what it expects, and has nothing wrong', () => {
    const loaded = load(file);
    expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual([]);
    if (!loaded.ok) return;
    for (const scenario of loaded.scenarios) {
      expect(scenario.about.trim(), 'about').not.toBe('');
      expect(scenario.tags, 'tags').not.toEqual([]);
      expect(scenario.expect, 'expect').not.toEqual([]);
    }
  });

  test(
    'holds with its own seed and with seeds 1 to 20',
    () => {
      const loaded = load(file);
      if (!loaded.ok) throw new Error('it does not load');
      for (const scenario of loaded.scenarios) {
        for (const seed of [scenario.seed, ...SEEDS]) expect(failuresOf(scenario, seed)).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );
});
