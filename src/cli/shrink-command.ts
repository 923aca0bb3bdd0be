import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Shrunk } from '../shrink/shrink.ts';
import { plural } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { Engine } from './engine.ts';
import { EXIT, Interrupted, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { loadOneScenario } from './load.ts';
import { parseRealTime } from './option-numbers.ts';
import type { OptionValues } from './options.ts';
import { progressLine } from './progress.ts';
import { repeatCommand } from './run-plan.ts';
import { commandLine } from './shell.ts';
import { writeNewFile } from './write-file.ts';

const DEFAULT_MILLIS = 60_000;

/** `psynclab shrink`: makes a failing run as small a scenario file as still fails in the same way. */
export async function shrinkCommand(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<number> {
  const [file, ...more] = operands;
  if (file === undefined) throw new UsageError('shrink what?', 'a scenario file whose run fails');
  if (more.length > 0) throw new UsageError('shrink takes one file');
  if (options.set !== undefined) {
    throw new UsageError('shrink takes no --set', 'write what it changes into the file first');
  }
  const limit = parseRealTime(options.time, DEFAULT_MILLIS);
  const { out } = options;
  if (out !== undefined && existsSync(resolve(io.cwd, out))) {
    throw new UsageError(`${out} exists, and shrink overwrites nothing`);
  }
  const scenario = await loadOneScenario(file, options, io, await engine.scenarios());
  if (scenario === null) return EXIT.wrong;

  const { shrink } = await import('../shrink/shrink.ts');
  const { writeShrunk } = await import('../shrink/write.ts');
  const { seed } = scenario;
  const repeat = repeatCommand({ scenario, seed }, options);
  const end = Date.now() + limit;
  const progress = progressLine(io);
  progress(`making ${file} smaller, for ${limit / 1000} s at most`);
  let best: Shrunk | null = null;
  let code: number = EXIT.held;
  try {
    const keep = (smaller: Shrunk): void => {
      best = smaller;
    };
    const isTimeUp = (): boolean => Date.now() >= end;
    best = io.interruptible(() => shrink(scenario, seed, { isTimeUp, better: keep }));
  } catch (error) {
    // As small as it got is what was asked for, if later.
    if (!(error instanceof Interrupted) || best === null) throw error;
    code = EXIT.interrupted;
  } finally {
    progress('');
  }
  const shrunk = best as Shrunk | null;
  if (shrunk === null)
    throw new UsageError(`${file} does not fail with seed ${seed}`, 'psynclab sweep finds seeds that do');

  const text = writeShrunk(shrunk, `${scenario.file} with seed ${seed}`);
  if (out === undefined) io.stdout.write(text);
  else {
    writeNewFile(out, text, io.cwd, 'shrink');
    io.stdout.write(`${sanitizeLine(commandLine(['run', out]))}\n`);
  }
  const taken = shrunk.steps.map(({ name, count }) => `${name} (${count})`);
  const account = `${plural(shrunk.tries, 'run')}; taken away: ${taken.join(', ') || 'nothing'}`;
  io.stderr.write(`${sanitizeLine(account)}\n`);
  io.stderr.write(`where it came from: ${sanitizeLine(repeat)}\n`);
  return code;
}
