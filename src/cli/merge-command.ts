import { resolve } from 'node:path';
import { mergeRecords, parseRecord, type SweepRecord } from '../sweep/record.ts';
import { EXIT, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import type { OptionValues } from './options.ts';
import { readingProblem, readText } from './read-text.ts';
import { tellRecord } from './sweep-tell.ts';

/** `psynclab merge`: joins what `sweep --json` or `--resume` kept of the parts of one sweep, and tells it as one. */
export async function mergeCommand(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
): Promise<number> {
  if (operands.length === 0) {
    throw new UsageError('merge what?', 'what sweep --json printed for each shard, or kept with --resume');
  }
  const records = operands.map((file) => read(file, io.cwd));
  const merged = mergeRecords(records);
  if (typeof merged === 'string') throw new UsageError(`the records cannot be joined: ${merged}`);
  await tellRecord(merged, new Map(), options, io);
  if (merged.contradictions.length > 0) return EXIT.contradiction;
  return merged.failed > 0 ? EXIT.failed : EXIT.held;
}

function read(file: string, cwd: string): SweepRecord {
  let text: string;
  try {
    text = readText(resolve(cwd, file));
  } catch (error) {
    throw new UsageError(`${file} ${readingProblem(error)}`);
  }
  const record = parseRecord(text);
  if (typeof record === 'string') throw new UsageError(`${file} ${record}`);
  return record;
}
