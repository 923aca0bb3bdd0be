import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseRecording, type RecordingFile } from '../conform/recording.ts';
import { profileFor } from '../conform/server-version.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { formatProblem } from '../scenario/problems.ts';
import type { Surveyed } from './survey.ts';

/**
 * What the coverage table is made of: every lesson as it stands, and every scenario that real servers were
 * recorded in, once for each version of them.
 */
export function surveyedIn(root: string): Surveyed[] {
  const lessons = yamlFiles(root, 'scenarios').flatMap((file) => load(root, file, []));
  const recorded = ['fixtures/truth', 'fixtures/conform']
    .flatMap((folder) => yamlFiles(root, folder))
    .flatMap((file) => recordingsOf(root, file).flatMap((recording) => load(root, file, [recording])));
  return [...lessons, ...recorded];
}

function yamlFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => relative(root, join(root, folder, name)).replaceAll('\\', '/'))
    .sort();
}

/** The recordings beside a scenario: `NAME.redis-VERSION.json`. */
function recordingsOf(root: string, file: string): RecordingFile[] {
  const folder = file.slice(0, file.lastIndexOf('/'));
  const begin = `${file.slice(folder.length + 1).replace(/\.ya?ml$/, '')}.redis-`;
  return readdirSync(join(root, folder))
    .filter((name) => name.startsWith(begin) && name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const recording = parseRecording(readFileSync(join(root, folder, name), 'utf8'));
      return typeof recording === 'string' ? [] : [recording];
    });
}

function load(root: string, file: string, recordings: readonly RecordingFile[]): Surveyed[] {
  const readFile = (path: string): string | null =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
  const profile = recordings[0] === undefined ? undefined : profileFor(recordings[0].server);
  const loaded = loadScenarioFile(readFileSync(join(root, file), 'utf8'), file, {
    readFile,
    ...(profile == null ? {} : { profile }),
  });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.scenarios.map((scenario) => ({ scenario, recordings }));
}
