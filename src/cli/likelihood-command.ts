import type { LikelihoodCurve } from '../likelihood/likelihood.ts';
import { createPalette } from '../terminal/colour.ts';
import { wantsColour } from '../terminal/colour-policy.ts';
import { safeJson, sanitizeLine } from '../terminal/sanitize.ts';
import type { Engine } from './engine.ts';
import { EXIT, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { loadOneScenario } from './load.ts';
import { parseRealTime } from './option-numbers.ts';
import type { OptionValues } from './options.ts';
import { progressLine } from './progress.ts';
import { parseMaxEvents } from './run-command.ts';
import { repeatCommand } from './run-plan.ts';
import { writeFile } from './write-file.ts';

const COLUMNS = 80;
const FUTURES = 40;
const MOMENTS = 24;
const DEFAULT_MILLIS = 60_000;

/** `psynclab likelihood`: from which moment of a failing run on its failure was how likely. */
export async function likelihoodCommand(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<number> {
  const [file, ...more] = operands;
  if (file === undefined) throw new UsageError('likelihood of what?', 'a scenario file whose run fails');
  if (more.length > 0) throw new UsageError('likelihood takes one file');
  const futures = parseFutures(options.futures);
  const limit = parseRealTime(options.time, DEFAULT_MILLIS);
  const maxEvents = parseMaxEvents(options['max-events']);
  const scenario = await loadOneScenario(file, options, io, await engine.scenarios());
  if (scenario === null) return EXIT.wrong;

  const { likelihoodOf } = await import('../likelihood/likelihood.ts');
  const { seed } = scenario;
  const end = Date.now() + limit;
  const progress = progressLine(io);
  progress(`playing futures of ${file} with seed ${seed}, for ${limit / 1000} s at most`);
  const bound = { futures, moments: MOMENTS, maxEvents, isTimeUp: () => Date.now() >= end };
  let curve: LikelihoodCurve | null;
  try {
    curve = io.interruptible(() => likelihoodOf(scenario, seed, bound));
  } finally {
    progress('');
  }
  if (curve === null) {
    throw new UsageError(`${file} does not fail with seed ${seed}`, 'psynclab sweep finds seeds that do');
  }
  const repeat = repeatCommand({ scenario, seed }, options);
  if (options.html !== undefined) {
    const { likelihoodPage } = await import('../likelihood/page.ts');
    writeFile(options.html, likelihoodPage(curve, { name: scenario.name, seed, repeat }), io.cwd);
  }
  if (options.json === true) {
    const { failure, points, open } = curve;
    const moments = points.map(({ at, ...counts }) => ({ at_ms: at / 1000, ...counts }));
    const open_ms = open === null ? null : open / 1000;
    io.stdout.write(`${safeJson({ scenario: file, seed, failure, moments, open_ms }, 2)}\n`);
    return EXIT.failed;
  }
  const { tellLikelihood } = await import('../likelihood/text.ts');
  const palette = createPalette(wantsColour(options.color, io.env, io.stdout.columns !== undefined));
  for (const line of tellLikelihood(curve, { columns: io.stdout.columns ?? COLUMNS, palette })) {
    io.stdout.write(`${line}\n`);
  }
  io.stderr.write(`the run itself: ${sanitizeLine(repeat)}\n`);
  return EXIT.failed;
}

function parseFutures(text: string | undefined): number {
  if (text === undefined) return FUTURES;
  const futures = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (futures >= 1) return futures;
  throw new UsageError(`--futures cannot be ${JSON.stringify(text)}`, 'it is a number, at least 1');
}
