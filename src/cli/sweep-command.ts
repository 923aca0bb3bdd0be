import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { ProfileName } from '../../sim/redis/profile.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { SeedOutcome } from '../sweep/outcome.ts';
import { planChunks, type Shard, watchEvery } from '../sweep/plan.ts';
import type { FailureRecord, SweepHead, SweepRecord } from '../sweep/record.ts';
import type { SweepTally } from '../sweep/tally.ts';
import { plural } from '../terminal/format.ts';
import { VERSION } from '../version.ts';
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
import { keepRecord, readRecord } from './sweep-file.ts';
import { scenarioName, tellRecord } from './sweep-tell.ts';

const DEFAULT_SEEDS = { first: 1, last: 1000 };
const LOOK_MS = 100;
const KEEP_MS = 2000;

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
  const { addRecord, recordOf } = await import('../sweep/record.ts');
  const { SweepPool } = await import('./sweep-pool.ts');
  const head = headOf(scenarios, sources, options);
  const tally = new SweepTally(scenarios.length);
  const record = (): SweepRecord => recordOf(tally, head, repeatCommands(scenarios, options));
  const file = options.resume;
  if (file !== undefined) {
    const kept = readRecord(file, head, io);
    if (kept !== null) addRecord(tally, kept);
  }

  const { set = [], profile, mutant: mutants = [], case: cases = [] } = options;
  const plan = { scenarios: scenarios.length, seeds, shard, played: tally.played };
  const job = { sources, set, profile, mutants, cases, cwd: io.cwd, maxEvents };
  const pool = new SweepPool({ ...job, watchEvery: watchEvery(scenarios.length, seeds) }, jobs);
  const begun = Date.now();
  const before = tally.runs;
  const progress = progressLine(io);
  let keptAt = begun;
  let weather: Awaited<ReturnType<Io['pause']>> = 'go';
  const look = setInterval(() => {
    progress(progressText(tally, before, begun));
    io.pause().then((now) => {
      if (now !== 'go') weather = now;
    });
  }, LOOK_MS);
  const goOn = (): boolean =>
    weather === 'go' && tally.contradictions.length === 0 && Date.now() - begun < limit;
  const done = (outcomes: readonly SeedOutcome[]): void => {
    for (const outcome of outcomes) tally.add(outcome);
    if (file === undefined || Date.now() - keptAt < KEEP_MS) return;
    keepRecord(file, record(), io);
    keptAt = Date.now();
  };
  try {
    await pool.play(planChunks(plan), done, goOn);
  } finally {
    clearInterval(look);
    progress('');
    await pool.end();
    if (file !== undefined) keepRecord(file, record(), io);
  }
  const found = record();
  const shrunk = options.json === true ? new Map() : await shrinkFirst(tally, found, scenarios, options, io);
  await tellRecord(found, shrunk, options, io);
  await tellContradictions(tally, scenarios, options, io);
  if (tally.contradictions.length > 0) return EXIT.contradiction;
  if ((weather as string) === 'interrupted') return EXIT.interrupted;
  return tally.failed > 0 ? EXIT.failed : EXIT.held;
}

/** What is the same for all parts of this sweep, on whatever machine. */
function headOf(
  scenarios: readonly Scenario[],
  sources: readonly Source[],
  { set, profile, mutant, case: cases, 'max-events': maxEvents }: OptionValues,
): SweepHead {
  const swept = JSON.stringify([sources.map(({ text }) => text), set, profile, mutant, cases, maxEvents]);
  return {
    psynclab: VERSION,
    sweep: createHash('sha256').update(swept).digest('hex').slice(0, 16),
    profiles: profilesOf(scenarios),
    names: scenarios.map(scenarioName),
  };
}

function profilesOf(scenarios: readonly Scenario[]): ProfileName[] {
  return [...new Set(scenarios.flatMap(({ nodes }) => nodes.map(({ profile }) => profile)))].sort();
}

/** Where two runs of one seed part, and what plays it again. */
async function tellContradictions(
  { contradictions }: SweepTally,
  scenarios: readonly Scenario[],
  options: OptionValues,
  io: Io,
): Promise<void> {
  if (contradictions.length === 0) return;
  const { firstDifference } = await import('../sweep/first-difference.ts');
  const { timeText } = await import('../run/time.ts');
  for (const { scenario: index, seed, hashes } of contradictions) {
    const scenario = scenarios[index]!;
    const first = firstDifference(scenario, String(seed));
    const where =
      first === null
        ? 'two more are the same'
        : `they part at event ${first.event}, ${timeText(first.at)}${first.node === null ? '' : `, on ${first.node}`}`;
    const repeat = repeatCommand({ scenario, seed: String(seed) }, options);
    io.stderr.write(
      `psynclab: two runs of one seed differ: ${hashes.join(' and ')}\n  ${where}\n  ${repeat}\n`,
    );
  }
}

/** Made smaller on the spot are so many kinds of failures, each for so long. */
const MOST_SHRUNK = 3;
const SHRINK_MILLIS = 10_000;

/** The first kinds of failures as small files; those of a scenario changed by `--set` have no file to be made of. */
async function shrinkFirst(
  tally: SweepTally,
  record: SweepRecord,
  scenarios: readonly Scenario[],
  options: OptionValues,
  io: Io,
): Promise<ReadonlyMap<FailureRecord, string>> {
  const shrunk = new Map<FailureRecord, string>();
  if (options.set !== undefined) return shrunk;
  const { shrink } = await import('../shrink/shrink.ts');
  const { writeShrunk } = await import('../shrink/write.ts');
  const progress = progressLine(io);
  for (const [i, { scenario: index, seed, kind }] of tally.failures.slice(0, MOST_SHRUNK).entries()) {
    if ((await io.pause()) !== 'go') break;
    progress(`making smaller: ${kind}`);
    const scenario = scenarios[index]!;
    const end = Date.now() + SHRINK_MILLIS;
    let small: ReturnType<typeof shrink>;
    try {
      small = io.interruptible(() =>
        shrink(scenario, String(seed), { kind, isTimeUp: () => Date.now() >= end }),
      );
    } catch (error) {
      // What the sweep found is told all the same.
      if (error instanceof Interrupted) break;
      throw error;
    }
    if (small !== null) {
      shrunk.set(record.failures[i]!, writeShrunk(small, `${scenario.file} with seed ${seed}`));
    }
  }
  progress('');
  return shrunk;
}

/** The commands that repeat a failure and make it small. */
function repeatCommands(scenarios: readonly Scenario[], options: OptionValues) {
  return (index: number, seed: number): string[] => {
    const scenario = scenarios[index]!;
    const repeat = repeatCommand({ scenario, seed: String(seed) }, options);
    if (options.set !== undefined || scenario.file === '-') return [repeat];
    const cases = Object.entries(scenario.case ?? {}).flatMap(([key, value]) => [
      '--case',
      `${key}=${value}`,
    ]);
    const words = ['shrink', scenario.file, '--seed', String(seed), ...cases];
    if (options.profile !== undefined) words.push('--profile', options.profile);
    for (const mutant of options.mutant ?? []) words.push('--mutant', mutant);
    return [repeat, commandLine([...words, '--out', 'FILE.yaml'])];
  };
}

function progressText(tally: SweepTally, before: number, begun: number): string {
  const seconds = Math.max((Date.now() - begun) / 1000, 0.001);
  const kinds = tally.failures.map(({ kind, seeds }) => `${kind}: ${seeds}`);
  return [
    `${plural(tally.runs, 'seed')}, ${Math.round((tally.runs - before) / seconds)} a second`,
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
