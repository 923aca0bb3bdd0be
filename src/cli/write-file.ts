import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from './errors.ts';
import { systemReason } from './read-text.ts';

/** Writes a file, in place of one that is there; throws UsageError where it cannot be. */
export function writeFile(file: string, text: string, cwd: string): void {
  write(file, text, cwd, 'w');
}

/** Writes a file that must not be there yet; throws UsageError where it is, or cannot be written. */
export function writeNewFile(file: string, text: string, cwd: string, command: string): void {
  try {
    write(file, text, cwd, 'wx');
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`${file} exists, and ${command} overwrites nothing`);
    throw error;
  }
}

function write(file: string, text: string, cwd: string, flag: 'w' | 'wx'): void {
  try {
    writeFileSync(resolve(cwd, file), text, { flag });
  } catch (error) {
    throw Object.assign(new UsageError(`${file} cannot be written: ${systemReason(error)}`), {
      cause: error,
    });
  }
}
