import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Bytes to read at most. A text cut off here still has more characters than the largest scenario, so it is
 * refused as too large and never taken for the whole.
 */
export const READ_LIMIT = 8 * 1024 * 1024;

/** A file's text, or of a large one its beginning. Throws what the system says. */
export function readText(path: string): string {
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    let left = READ_LIMIT;
    while (left > 0) {
      const part = Buffer.allocUnsafe(Math.min(left, 65_536));
      const length = readSync(file, part);
      if (length === 0) break;
      parts.push(part.subarray(0, length));
      left -= length;
    }
    return Buffer.concat(parts).toString('utf8');
  } finally {
    closeSync(file);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'no such file or directory',
  EISDIR: 'it is a directory',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  ENOTDIR: 'a part of the path is no directory',
};

/** Why the system would not read or write something, in words. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown error';
  return REASONS[code] ?? code;
}

/** The same as a message about reading. */
export function readingProblem(error: unknown): string {
  return `cannot be read: ${systemReason(error)}`;
}
