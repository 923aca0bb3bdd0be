import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { coverageDocument } from './document.ts';
import { landmarkKey } from './landmark.ts';
import { LANDMARKS } from './landmarks.ts';
import { surveyedIn } from './sources.ts';
import { survey } from './survey.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The landmarks of each version that are said to be unreachable there, or are not. */
function keys(wanted: (unreachable: boolean) => boolean): string[] {
  return LANDMARKS.flatMap(({ group, name, profiles, unreachable }) =>
    profiles
      .filter((profile) => wanted(unreachable[profile] !== undefined))
      .map((profile) => landmarkKey(group, name, profile)),
  );
}

describe('what lessons and recordings cover', () => {
  const surveyed = surveyedIn(ROOT);
  const found = survey(surveyed);

  test('there are lessons, and recordings of both versions', () => {
    const recorded = surveyed.flatMap(({ recordings }) => recordings.flatMap(({ servers }) => servers));
    expect(surveyed.filter(({ scenario }) => scenario.file.startsWith('scenarios/')).length).toBeGreaterThan(
      50,
    );
    expect(new Set(recorded)).toEqual(new Set(['5.0.14', '7.0.15']));
  });

  test('no run comes by a transition or decision that has no row', () => {
    expect(found.unknown).toEqual([]);
  });

  test('what is said to be unreachable is not reached', () => {
    expect(keys((unreachable) => unreachable).filter((key) => found.simulated.has(key))).toEqual([]);
  });

  test('everything else is reached, in each version that has it', () => {
    expect(keys((unreachable) => !unreachable).filter((key) => !found.simulated.has(key))).toEqual([]);
  });

  test('nothing is confirmed that the simulation does not do', () => {
    expect(found.confirmed.size).toBeGreaterThan(60);
    expect([...found.confirmed.keys()].filter((key) => !found.simulated.has(key))).toEqual([]);
  });

  test('docs/coverage.md says this (npm run coverage renews it)', () => {
    expect(readFileSync(`${ROOT}docs/coverage.md`, 'utf8')).toBe(coverageDocument(found));
  });
});
