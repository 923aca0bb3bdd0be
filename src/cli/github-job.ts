import { appendFileSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { GithubOptions } from '../reporters/github.ts';
import type { Io } from './io.ts';
import { systemReason } from './read-text.ts';

/** Where the github reporter's findings and summary go, from what a job of GitHub Actions has in its environment. */
export function githubOptions(io: Pick<Io, 'env' | 'cwd' | 'stderr'>): GithubOptions {
  const workspace = io.env.GITHUB_WORKSPACE;
  const summaryFile = io.env.GITHUB_STEP_SUMMARY;
  return {
    path: (file) => {
      if (file === '-' || file.startsWith('--')) return null;
      if (workspace === undefined || workspace === '') return file;
      const path = relative(workspace, resolve(io.cwd, file));
      return path.startsWith('..') || isAbsolute(path) ? null : path;
    },
    summary:
      summaryFile === undefined || summaryFile === ''
        ? null
        : (markdown) => appendSummary(summaryFile, markdown, io),
  };
}

/** The results are out by now: a summary that cannot be written changes nothing of them. */
function appendSummary(file: string, markdown: string, io: Pick<Io, 'stderr'>): void {
  try {
    appendFileSync(file, markdown);
  } catch (error) {
    io.stderr.write(`psynclab: the job's summary ${file} cannot be written: ${systemReason(error)}\n`);
  }
}
