import type { Scenario } from '../scenario/scenario.ts';
import type { FailureRecord, SweepRecord } from '../sweep/record.ts';
import { createPalette } from '../terminal/colour.ts';
import { wantsColour } from '../terminal/colour-policy.ts';
import { formatCase } from '../terminal/format.ts';
import { safeJson } from '../terminal/sanitize.ts';
import type { Io } from './io.ts';
import type { OptionValues } from './options.ts';

const COLUMNS = 80;

/** Writes what a sweep found, as text or with `--json` as it is. */
export async function tellRecord(
  record: SweepRecord,
  shrunk: ReadonlyMap<FailureRecord, string>,
  options: OptionValues,
  io: Io,
): Promise<void> {
  if (options.json === true) {
    io.stdout.write(`${safeJson(record, 2)}\n`);
    return;
  }
  const { tellSweep } = await import('../sweep/text.ts');
  const lines = tellSweep(record, {
    columns: io.stdout.columns ?? COLUMNS,
    palette: createPalette(wantsColour(options.color, io.env, io.stdout.columns !== undefined)),
    shrunkOf: (failure) => shrunk.get(failure) ?? null,
  });
  for (const line of lines) io.stdout.write(`${line}\n`);
}

/** A scenario's file, with the values of its case. */
export function scenarioName({ file, case: values }: Scenario): string {
  const text = formatCase(values);
  return text === '' ? file : `${file} [${text}]`;
}
