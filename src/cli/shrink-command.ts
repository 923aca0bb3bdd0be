import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDuration } from '../scenario/units.ts';
import { plural } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { Engine } from './engine.ts';
import { EXIT, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { loadScenarios } from './load.ts';
import type { OptionValues } from './options.ts';
import { progressLine } from './progress.ts';
import { systemReason } from './read-text.ts';
import { repeatCommand } from './run-plan.ts';
import { commandLine } from './shell.ts';

const DEFAULT_MILLIS = 60_000;
const MICROS_PER_MS = 1000;

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
  const limit = parseLimit(options.time);
  const { out } = options;
  if (out !== undefined && existsSync(resolve(io.cwd, out))) {
    throw new UsageError(`${out} exists, and shrink overwrites nothing`);
  }
  const scenarios = await loadScenarios([file], options, io, await engine.scenarios());
  if (scenarios === null) return EXIT.wrong;
  const [scenario] = scenarios;
  if (scenario === undefined || scenarios.length > 1) {
    throw new UsageError(`${file} has ${scenarios.length} cases`, 'choose one with --case K=V');
  }

  const { shrink } = await import('../shrink/shrink.ts');
  const { writeShrunk } = await import('../shrink/write.ts');
  const { seed } = scenario;
  const repeat = repeatCommand({ scenario, seed }, options);
  const end = Date.now() + limit;
  const progress = progressLine(io);
  progress(`making ${file} smaller, for ${limit / 1000} s at most`);
  const shrunk = io.interruptible(() => shrink(scenario, seed, () => Date.now() >= end));
  progress('');
  if (shrunk === null)
    throw new UsageError(`${file} does not fail with seed ${seed}`, 'psynclab sweep finds seeds that do');

  const text = writeShrunk(shrunk, `${scenario.file} with seed ${seed}`);
  if (out === undefined) io.stdout.write(text);
  else {
    write(out, text, io.cwd);
    io.stdout.write(`${sanitizeLine(commandLine(['run', out]))}\n`);
  }
  const taken = shrunk.steps.map(({ name, count }) => `${name} (${count})`);
  const account = `${plural(shrunk.tries, 'run')}; taken away: ${taken.join(', ') || 'nothing'}`;
  io.stderr.write(`${sanitizeLine(account)}\n`);
  io.stderr.write(`where it came from: ${sanitizeLine(repeat)}\n`);
  return EXIT.held;
}

function write(file: string, text: string, cwd: string): void {
  try {
    writeFileSync(resolve(cwd, file), text, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${systemReason(error)}`);
  }
}

/** Milliseconds of real time. */
function parseLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_MILLIS;
  const time = parseDuration(text);
  if (typeof time === 'number' && time > 0) return time / MICROS_PER_MS;
  throw new UsageError(`--time cannot be ${JSON.stringify(text)}`, 'it is real time with a unit: 60s, 5m');
}
