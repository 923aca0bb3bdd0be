import { readFileSync } from 'node:fs';
import { suggest } from '../scenario/nearest.ts';
import { EXIT, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { type OptionValues, TEMPLATES } from './options.ts';
import { commandLine } from './shell.ts';
import { writeNewFile } from './write-file.ts';

/** `psynclab init`: a commented scenario to start from, printed or written to a new file. */
export function initCommand(operands: readonly string[], options: OptionValues, io: Io): number {
  const name = operands[0] ?? TEMPLATES[0];
  if (operands.length > 1) throw new UsageError(`init takes one template, not ${operands.length}`);
  if (!TEMPLATES.some((known) => known === name)) {
    throw new UsageError(`there is no template ${JSON.stringify(name)}`, suggest(name, TEMPLATES));
  }
  const text = readTemplate(name);
  if (options.out === undefined) {
    io.stdout.write(text);
    return EXIT.held;
  }
  writeNewFile(options.out, text, io.cwd, 'init');
  io.stderr.write(`wrote ${options.out}; run it with: ${commandLine(['run', options.out])}\n`);
  return EXIT.held;
}

/** The text of a template; the build copies them beside the compiled program. */
export function readTemplate(name: string): string {
  return readFileSync(new URL(`./templates/${name}.yaml`, import.meta.url), 'utf8');
}
