import { MUTANTS } from '../../sim/mutants/index.ts';
import { safeJson } from '../terminal/sanitize.ts';
import { wrap } from '../terminal/width.ts';
import { EXIT, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import type { OptionValues } from './options.ts';

const INDENT = '  ';
/** The least and the most columns that a story is set in. */
const MIN_COLUMNS = 40;
const MAX_COLUMNS = 100;

/** `psynclab list --mutants`: what each mutant breaks and what goes wrong then, in the order of the catalogue. */
export function listMutants(operands: readonly string[], options: OptionValues, io: Io): number {
  if (operands.length > 0) throw new UsageError('list --mutants takes no files');
  const mutants = MUTANTS.map(({ name, story, reference, profile }) => ({
    mutant: name,
    story,
    reference,
    profile: profile ?? null,
  }));
  if (options.json === true) {
    io.stdout.write(`${safeJson(mutants, 2)}\n`);
    return EXIT.held;
  }
  const columns = Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, io.stdout.columns ?? MAX_COLUMNS));
  for (const { mutant, story, reference, profile } of mutants) {
    const lines = wrap(story, columns - INDENT.length).map((line) => INDENT + line);
    const only = profile === null ? '' : `; ${profile} only`;
    io.stdout.write(`${mutant}  ${reference}${only}\n${lines.join('\n')}\n`);
  }
  return EXIT.held;
}
