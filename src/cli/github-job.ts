import { appendFileSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { GithubOptions } from '../report/github.ts';
import type { Io } from './io.ts';

/** Where the github reporter's findings and summary go, from what a job of GitHub Actions has in its environment. */
export function githubOptions(io: Pick<Io, 'env' | 'cwd'>): GithubOptions {
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
        : (markdown) => appendFileSync(summaryFile, markdown),
  };
}
