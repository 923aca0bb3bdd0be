import { type ExecFileException, execFile } from 'node:child_process';
import type { ProfileName } from '../../sim/redis/profile.ts';

/** Which version of Redis a profile stands for, by its major number. */
const PROFILE_OF_MAJOR: Readonly<Record<string, ProfileName>> = { '5': 'redis-5.0', '7': 'redis-7.0' };

/** The version that `redis-server --version` gives, or a text that says why there is none. */
export function serverVersion(program: string): Promise<{ readonly version: string } | string> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], { timeout: 10_000 }, (error, output) => {
      const found = /\bv=(\d+\.\d+\.\d+)/.exec(output);
      if (found !== null) resolve({ version: found[1]! });
      else if (error !== null) resolve(reasonOf(error));
      else resolve('it does not say which version of Redis it is');
    });
  });
}

function reasonOf(error: ExecFileException): string {
  if (error.code === 'ENOENT') return 'there is no such program';
  if (error.code === 'EACCES') return 'it is no program that may be executed';
  if (error.killed === true) return 'it does not answer --version';
  return `it does not start (${typeof error.code === 'number' ? `exit code ${error.code}` : (error.code ?? error.message)})`;
}

/** The profile for a version, or null where none is near enough. */
export function profileFor(version: string): ProfileName | null {
  return PROFILE_OF_MAJOR[version.split('.')[0]!] ?? null;
}
