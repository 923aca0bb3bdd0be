import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ProfileName } from '../../sim/redis/profile.ts';
import { parseRecording, type RecordingFile } from '../conform/recording.ts';
import { profileFor } from '../conform/server-version.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import { formatProblem } from '../scenario/problems.ts';
import type { Surveyed } from './survey.ts';

const RECORDINGS = 'fixtures/conform';

/**
 * What the coverage table is made of: every lesson as it stands, and every scenario that real servers were
 * recorded in, once for each version of them.
 */
export function surveyedIn(root: string): Surveyed[] {
  const lessons = yamlFiles(root, 'scenarios').flatMap((file) =>
    load(root, file, recordingsOf(root, file), null),
  );
  const recorded = yamlFiles(root, RECORDINGS).flatMap((file) =>
    recordingsOf(root, file).flatMap((recording) => load(root, file, [recording], profileOf(recording))),
  );
  return [...lessons, ...recorded];
}

function yamlFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => relative(root, join(root, folder, name)).replaceAll('\\', '/'))
    .sort();
}

/** The recordings of a scenario: `NAME.redis-VERSION.json`, or with the versions of several servers. */
function recordingsOf(root: string, file: string): RecordingFile[] {
  const begin = `${file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '')}.redis-`;
  return readdirSync(join(root, RECORDINGS))
    .filter((name) => name.startsWith(begin) && name.endsWith('.json'))
    .sort()
    .map((name) => {
      const recording = parseRecording(readFileSync(join(root, RECORDINGS, name), 'utf8'));
      if (typeof recording === 'string') throw new Error(`${name} ${recording}`);
      return recording;
    });
}

/** The version that a recorded scenario is played under; null where servers of several were recorded. */
function profileOf({ servers }: RecordingFile): ProfileName | null {
  return servers.length === 1 ? profileFor(servers[0]!) : null;
}

function load(
  root: string,
  file: string,
  recordings: readonly RecordingFile[],
  serverProfile: ProfileName | null,
): Surveyed[] {
  const readFile = (path: string): string | null =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
  const loaded = loadScenarioFile(readFileSync(join(root, file), 'utf8'), file, {
    readFile,
    ...(serverProfile === null ? {} : { serverProfile }),
  });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.scenarios.map((scenario) => ({ scenario, recordings }));
}
