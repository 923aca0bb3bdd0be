import { renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseRecord, type SweepHead, type SweepRecord } from '../sweep/record.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { readText, systemReason } from './read-text.ts';
import { writeFile } from './write-file.ts';

/** What was kept of this very sweep; null where there is no such file yet. Throws UsageError for anything else. */
export function readRecord(file: string, head: SweepHead, io: Pick<Io, 'cwd'>): SweepRecord | null {
  const text = readIfThere(file, io.cwd);
  if (text === null) return null;
  const record = parseRecord(text);
  if (typeof record === 'string') throw new UsageError(`--resume ${file} ${record}`);
  const { psynclab, sweep, scenarios } = record;
  const isSame = psynclab === head.psynclab && sweep === head.sweep && scenarios.length === head.names.length;
  if (isSame) return record;
  const hint = 'what was swept, what the command line changes, and the version of psynclab must be the same';
  throw new UsageError(`--resume ${file} is the record of another sweep`, hint);
}

/** Writes the record beside the file and then in its place, so that a crash leaves one or the other whole. */
export function keepRecord(file: string, record: SweepRecord, { cwd }: Pick<Io, 'cwd'>): void {
  const beside = `${file}.part`;
  writeFile(beside, `${JSON.stringify(record)}\n`, cwd);
  renameSync(resolve(cwd, beside), resolve(cwd, file));
}

function readIfThere(file: string, cwd: string): string | null {
  try {
    return readText(resolve(cwd, file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UsageError(`--resume ${file} cannot be read: ${systemReason(error)}`);
  }
}
