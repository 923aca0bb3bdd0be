import { availableParallelism } from 'node:os';
import type { ProfileName } from '../../sim/redis/profile.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { SeedOutcome } from '../sweep/outcome.ts';
import { planChunks, type Shard } from '../sweep/plan.ts';
import type { FailureTally, SweepTally } from '../sweep/tally.ts';
import { createPalette } from '../terminal/colour.ts';
import { wantsColour } from '../terminal/colour-policy.ts';
import { formatCase, plural } from '../terminal/format.ts';
import { safeJson } from '../terminal/sanitize.ts';
import type { Engine } from './engine.ts';
import { EXIT, Interrupted, UsageError } from './errors.ts';
import type { Source } from './files.ts';
import type { Io } from './io.ts';
import { loadScenarios } from './load.ts';
import { parseJobs, parseRealTime } from './option-numbers.ts';
import type { OptionValues } from './options.ts';
import { progressLine } from './progress.ts';
import { parseMaxEvents } from './run-command.ts';
import { repeatCommand } from './run-plan.ts';
import { parseSeeds } from './seeds.ts';
import { commandLine } from './shell.ts';

const DEFAULT_SEEDS = { first: 1, last: 1000 };
const COLUMNS = 80;
const LOOK_MS = 100;

/** `psynclab sweep`: plays scenarios under many seeds on all cores, and tells what failed and what was seen. */
export async function sweepCommand(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<number> {
  if (operands.length === 0) throw new UsageError('sweep what?', 'a scenario file, a directory, or a glob');
  if (options.seed !== undefined) throw new UsageError('sweep takes many seeds', '--seeds 200, or 5..90');
  const seeds = options.seeds === undefined ? DEFAULT_SEEDS : parseSeeds(options.seeds);
  const shard = parseShard(options.shard);
  const jobs = parseJobs(options.jobs, availableParallelism());
  const limit = parseRealTime(options.time, Number.POSITIVE_INFINITY);
  const maxEvents = parseMaxEvents(options['max-events']);
  let sources: readonly Source[] = [];
  const scenarios = await loadScenarios(operands, options, io, await engine.scenarios(), {
    found: (all) => {
      sources = all;
    },
  });
  if (scenarios === null) return EXIT.wrong;

  const { SweepTally } = await import('../sweep/tally.ts');
  const { SweepPool } = await import('./sweep-pool.ts');
  const { set = [], profile, mutant: mutants = [], case: cases = [] } = options;
  const pool = new SweepPool({ sources, set, profile, mutants, cases, cwd: io.cwd, maxEvents }, jobs);
  const tally = new SweepTally();
  const begun = Date.now();
  const progress = progressLine(io);
  let weather: Awaited<ReturnType<Io['pause']>> = 'go';
  const look = setInterval(() => {
    progress(progressText(tally, begun));
    io.pause().then((now) => {
      if (now !== 'go') weather = now;
    });
  }, LOOK_MS);
  const goOn = (): boolean =>
    weather === 'go' && tally.contradictions.length === 0 && Date.now() - begun < limit;
  const done = (outcomes: readonly SeedOutcome[]): void => {
    for (const outcome of outcomes) tally.add(outcome);
  };
  try {
    await pool.play(planChunks(scenarios.length, seeds, shard), done, goOn);
  } finally {
    clearInterval(look);
    progress('');
    await pool.end();
  }
  await tell(tally, scenarios, options, io);
  if (tally.contradictions.length > 0) return EXIT.contradiction;
  if ((weather as string) === 'interrupted') return EXIT.interrupted;
  return tally.failed > 0 ? EXIT.failed : EXIT.held;
}

async function tell(
  tally: SweepTally,
  scenarios: readonly Scenario[],
  options: OptionValues,
  io: Io,
): Promise<void> {
  for (const { scenario, seed, contradiction } of tally.contradictions) {
    const repeat = repeatCommand({ scenario: scenarios[scenario]!, seed }, options);
    io.stderr.write(`psynclab: two runs of one seed differ: ${contradiction!.join(' and ')}\n  ${repeat}\n`);
  }
  const nameOf = (index: number): string => {
    const scenario = scenarios[index]!;
    const values = formatCase(scenario.case);
    return values === '' ? scenario.file : `${scenario.file} [${values}]`;
  };
  if (options.json === true) {
    io.stdout.write(`${safeJson(asData(tally, nameOf), 2)}\n`);
    return;
  }
  const shrunk = await shrinkFirst(tally, scenarios, options, io);
  const { tellSweep } = await import('../sweep/text.ts');
  const lines = tellSweep(tally, {
    columns: io.stdout.columns ?? COLUMNS,
    palette: createPalette(wantsColour(options.color, io.env, io.stdout.columns !== undefined)),
    profiles: profilesOf(scenarios),
    nameOf,
    commandsOf: ({ scenario, seed }: FailureTally) => [
      repeatCommand({ scenario: scenarios[scenario]!, seed }, options),
      ...shrinkCommands(scenarios[scenario]!, seed, options),
    ],
    shrunkOf: (failure) => shrunk.get(failure) ?? null,
  });
  for (const line of lines) io.stdout.write(`${line}\n`);
}

/** Made smaller on the spot are so many kinds of failures, each for so long. */
const MOST_SHRUNK = 3;
const SHRINK_MILLIS = 10_000;

/** The first kinds of failures as small files; those of a scenario changed by `--set` have no file to be made of. */
async function shrinkFirst(
  tally: SweepTally,
  scenarios: readonly Scenario[],
  options: OptionValues,
  io: Io,
): Promise<ReadonlyMap<FailureTally, string>> {
  const shrunk = new Map<FailureTally, string>();
  if (options.set !== undefined) return shrunk;
  const { shrink } = await import('../shrink/shrink.ts');
  const { writeShrunk } = await import('../shrink/write.ts');
  const progress = progressLine(io);
  for (const failure of tally.failures.slice(0, MOST_SHRUNK)) {
    if ((await io.pause()) !== 'go') break;
    progress(`making smaller: ${failure.kind}`);
    const scenario = scenarios[failure.scenario]!;
    const end = Date.now() + SHRINK_MILLIS;
    let small: ReturnType<typeof shrink>;
    try {
      small = io.interruptible(() => shrink(scenario, failure.seed, () => Date.now() >= end));
    } catch (error) {
      // What the sweep found is told all the same.
      if (error instanceof Interrupted) break;
      throw error;
    }
    if (small !== null) shrunk.set(failure, writeShrunk(small, `${scenario.file} with seed ${failure.seed}`));
  }
  progress('');
  return shrunk;
}

function shrinkCommands(scenario: Scenario, seed: string, options: OptionValues): string[] {
  if (options.set !== undefined || scenario.file === '-') return [];
  const cases = Object.entries(scenario.case ?? {}).flatMap(([key, value]) => ['--case', `${key}=${value}`]);
  return [commandLine(['shrink', scenario.file, '--seed', seed, ...cases, '--out', 'FILE.yaml'])];
}

function asData(tally: SweepTally, nameOf: (scenario: number) => string): unknown {
  return {
    runs: tally.seeds,
    failed: tally.failed,
    events: tally.events,
    failures: tally.failures.map(({ scenario, ...failure }) => ({ scenario: nameOf(scenario), ...failure })),
    reached: Object.fromEntries([...tally.reached].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function profilesOf(scenarios: readonly Scenario[]): ProfileName[] {
  return [...new Set(scenarios.flatMap(({ nodes }) => nodes.map(({ profile }) => profile)))].sort();
}

function progressText(tally: SweepTally, begun: number): string {
  const seconds = Math.max((Date.now() - begun) / 1000, 0.001);
  const kinds = tally.failures.map(({ kind, seeds }) => `${kind}: ${seeds}`);
  return [
    `${plural(tally.seeds, 'seed')}, ${Math.round(tally.seeds / seconds)} a second`,
    `${tally.reached.size} kinds of things seen`,
    ...(kinds.length === 0 ? ['nothing failed'] : kinds.slice(0, 3)),
  ].join(' · ');
}

function parseShard(text: string | undefined): Shard {
  if (text === undefined) return { index: 1, of: 1 };
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  if (Number(index) >= 1 && Number(index) <= Number(of)) return { index: Number(index), of: Number(of) };
  throw new UsageError(`--shard cannot be ${JSON.stringify(text)}`, 'it is i/n, the i-th of n: 2/8');
}
