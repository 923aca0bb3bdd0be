import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { INVARIANT_NAMES } from '../../sim/invariants/index.ts';
import { MUTANTS } from '../../sim/mutants/index.ts';
import { lessonOf } from './exhibit.ts';
import { EXHIBITS, NOT_SHOWN } from './exhibits.ts';
import { huntedScenario, lessonScenarios, measureLesson } from './lesson.ts';
import { median, seedsNeeded } from './search.ts';

const ROOT = new URL('../../', import.meta.url);
const readFile = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const document = readFile('docs/museum.md');

test('every mutant is shown, or it is said why it is not', () => {
  const shown = EXHIBITS.map(({ mutant }) => mutant);
  const all = [...shown, ...Object.keys(NOT_SHOWN)];
  expect(all.toSorted()).toEqual(MUTANTS.map(({ name }) => name).toSorted());
  expect(shown.length).toBeGreaterThanOrEqual(40);
  expect(Object.values(NOT_SHOWN)).not.toContain('');
});

test('the document has a row for every exhibit, and every mutant that is none', () => {
  for (const { mutant, invariant, hunt } of EXHIBITS) {
    const row = document.split('\n').find((line) => line.startsWith(`| [${mutant}](`));
    expect(row, mutant).toContain(`| \`${invariant}\` | [${hunt}](`);
  }
  for (const [name, why] of Object.entries(NOT_SHOWN)) expect(document).toContain(`- \`${name}\`: ${why}\n`);
});

describe.each(EXHIBITS)('$mutant', (exhibit) => {
  const { mutant, invariant, profile } = exhibit;

  test('is hunted with the rule broken, and named by an invariant that there is', () => {
    const hunted = huntedScenario(exhibit, readFile);
    expect([hunted.mutants, hunted.profile, hunted.nemesis === null]).toEqual([[mutant], profile, false]);
    expect(INVARIANT_NAMES).toContain(invariant);
  });

  test('has a lesson that breaks that invariant first, and then shows the rule', () => {
    expect(existsSync(new URL(lessonOf(exhibit), ROOT))).toBe(true);
    const [broken, ...sound] = lessonScenarios(exhibit, readFile);
    expect(broken!.mutants).toEqual([mutant]);
    expect(broken!.expect).toContainEqual(expect.objectContaining({ kind: 'violates', invariant }));
    expect(sound.length).toBeGreaterThan(0);
    for (const { mutants, expect: expected } of sound) {
      expect(mutants).toEqual([]);
      expect(expected.map(({ kind }) => kind)).not.toContain('violates');
    }
  });

  test('is small', () => {
    const { entries } = measureLesson(exhibit, readFile);
    expect(entries).toBeLessThanOrEqual(8);
  });
});

test('a search counts the seeds it took, and gives up', () => {
  const exhibit = EXHIBITS.find(({ mutant }) => mutant === 'ignore-second-offset')!;
  const scenario = huntedScenario(exhibit, readFile);
  const first = seedsNeeded(scenario, exhibit.invariant, 1, 100)!;
  expect(seedsNeeded(scenario, exhibit.invariant, first, 100)).toBe(1);
  expect(seedsNeeded(scenario, exhibit.invariant, 1, first - 1)).toBeNull();
});

test('the median of searches counts one that gave up as the longest', () => {
  expect(median([5, null, 1, 9, 3])).toBe(5);
  expect(median([null, null, 1, null, 3])).toBeNull();
});
