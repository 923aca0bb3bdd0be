import { createReporter, type ReporterName } from '../reporters/create.ts';
import type { Report, Reporter, StoryWish, Summary } from '../reporters/reporter.ts';
import { wantsColour } from '../terminal/colour-policy.ts';
import { sanitizeLines } from '../terminal/sanitize.ts';
import { writeContradiction } from './contradiction.ts';
import type { Engine, RunTools } from './engine.ts';
import { EXIT, Interrupted, ReaderGone, UsageError } from './errors.ts';
import { githubOptions } from './github-job.ts';
import type { Io } from './io.ts';
import { loadScenarios } from './load.ts';
import type { OptionValues } from './options.ts';
import { isScenarioProblem, writeProblem } from './problem.ts';
import { countRuns, type PlannedRun, planRuns, repeatCommand } from './run-plan.ts';
import { parseSeeds } from './seeds.ts';

/** Events after which a run is given up as failed. */
const MAX_EVENTS = 100_000_000;
/** Events between two looks at the clock in one run: some hundredths of a second. */
const SLICE_EVENTS = 10_000;
/** What text is written for where no terminal says how wide it is. */
const COLUMNS = 80;

/** `psynclab run`: runs scenarios, reports them, and gives the exit code. */
export async function runCommand(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<number> {
  if (operands.length === 0) throw new UsageError('run what?', 'a scenario file, a directory, a glob, or -');
  const seeds = options.seeds === undefined ? null : parseSeeds(options.seeds);
  if (seeds !== null && options.seed !== undefined)
    throw new UsageError('--seed and --seeds exclude each other');
  const reporterName = chooseReporter(options);
  const maxEvents = parseMaxEvents(options['max-events']);

  const seed = seeds === null ? options.seed : String(seeds.first);
  const scenarios = await loadScenarios(operands, options, io, await engine.scenarios(), { seed });
  if (scenarios === null) return EXIT.wrong;

  const planned = countRuns(scenarios, seeds);
  const { reporter, wish } = await createReporter(reporterName, (text) => io.stdout.write(text), {
    columns: io.stdout.columns ?? COLUMNS,
    colour: wantsColour(options.color, io.env, io.stdout.columns !== undefined),
    single: planned === 1,
    github: githubOptions(io),
  });
  const batch = new Batch({ options, io, tools: await engine.runs(), reporter, wish, planned, maxEvents });
  const code = await batch.runAll(planRuns(scenarios, seeds));
  batch.writeSuggestions(reporterName === 'text' ? io.stdout : io.stderr);
  return code;
}

interface BatchSetup {
  readonly options: OptionValues;
  readonly io: Io;
  readonly tools: RunTools;
  readonly reporter: Reporter;
  readonly wish: StoryWish;
  readonly planned: number;
  readonly maxEvents: number;
}

/** The runs of one command, one after the other. */
class Batch {
  private readonly setup: BatchSetup;
  private readonly suggestions: string[] = [];
  /** The scenarios whose first failing seed has been told; the story of every seed would fill the screen. */
  private readonly told = new Set<PlannedRun['scenario']>();
  private readonly suggested = new Set<PlannedRun['scenario']>();
  /** The command that repeats the run being played; between two runs empty. */
  private repeat = '';
  /** When signals are let in next, as Date.now() tells it. */
  private sliceEnd = 0;
  private runs = 0;
  private failed = 0;

  constructor(setup: BatchSetup) {
    this.setup = setup;
  }

  async runAll(plan: Iterable<PlannedRun>): Promise<number> {
    const { options } = this.setup;
    for (const run of plan) {
      try {
        await this.lookUp();
        this.repeat = repeatCommand(run, options);
        this.setup.reporter.run(await this.playOne(run));
        this.repeat = '';
      } catch (error) {
        return this.stopFor(error);
      }
      if (this.failed > 0 && options.bail === true) return this.stop('bail', EXIT.failed);
    }
    return this.stop(null, this.code());
  }

  /** Lets signals and write errors in, now and then: each time costs about as much as a short run. */
  private async lookUp(): Promise<void> {
    const { io } = this.setup;
    if (Date.now() < this.sliceEnd) return;
    const weather = await io.pause();
    if (weather === 'interrupted') throw new Interrupted();
    if (weather === 'closed') throw new ReaderGone();
    this.sliceEnd = Date.now() + io.sliceMs;
  }

  private stopFor(error: unknown): number {
    const { io } = this.setup;
    if (error instanceof ReaderGone) return this.code();
    if (error instanceof Interrupted) {
      if (this.repeat !== '') io.stderr.write(`interrupted during: ${this.repeat}\n`);
      return this.stop('interrupted', EXIT.interrupted);
    }
    if (isScenarioProblem(error)) {
      writeProblem(error, io);
      return this.stop('wrong', EXIT.wrong);
    }
    writeContradiction(error, this.repeat, io);
    return this.stop('contradiction', EXIT.contradiction);
  }

  /** What `--suggest` found, one block for each scenario and case. */
  writeSuggestions(output: Io['stdout']): void {
    for (const text of this.suggestions) output.write(text);
  }

  private async playOne(run: PlannedRun): Promise<Report> {
    const { options, tools, wish, planned } = this.setup;
    const { repeat } = this;
    const tellAlways = wish === 'failures-and-single' && planned === 1;
    const first = await this.simulate(run, tellAlways);
    let report: Report = { result: first.result, story: tellAlways ? first.story : null, repeat };
    if (!first.result.ok && wish !== 'never' && !tellAlways && !this.told.has(run.scenario)) {
      this.told.add(run.scenario);
      report = { ...report, story: await this.runAgain(run, first.result.trace_hash) };
    }
    this.runs++;
    if (!first.result.ok) this.failed++;
    if (options.suggest === true && !this.suggested.has(run.scenario)) {
      this.suggested.add(run.scenario);
      this.suggestions.push(
        `# ${repeat}\n${sanitizeLines(tools.suggestExpectations(first.result, run.scenario))}\n`,
      );
    }
    return report;
  }

  /** A failing run's story, from a second run that also proves the first one: both must do the same. */
  private async runAgain(run: PlannedRun, traceHash: string): Promise<Report['story']> {
    const second = await this.simulate(run, true);
    if (second.result.trace_hash !== traceHash) {
      throw new Error(`two runs of one seed differ: ${traceHash} and ${second.result.trace_hash}`);
    }
    return second.story;
  }

  private async simulate({ scenario, seed }: PlannedRun, story: boolean) {
    const { tools, maxEvents } = this.setup;
    const run = tools.startRun(scenario, { seed, maxEvents, story });
    while (!run.advance(SLICE_EVENTS)) await this.lookUp();
    return run.outcome();
  }

  private stop(stopped: Summary['stopped'], code: number): number {
    const { planned, reporter } = this.setup;
    reporter.end({ runs: this.runs, failed: this.failed, planned, stopped });
    return code;
  }

  private code(): number {
    return this.failed > 0 ? EXIT.failed : EXIT.held;
  }
}

function chooseReporter(options: OptionValues): ReporterName {
  const named = options.reporter as ReporterName | undefined;
  if (options.json !== true) return named ?? 'text';
  if (named !== undefined && named !== 'json') {
    throw new UsageError(`--json and --reporter ${named} exclude each other`);
  }
  return 'json';
}

export function parseMaxEvents(text: string | undefined): number {
  if (text === undefined) return MAX_EVENTS;
  const events = /^\d+$/.test(text) ? Number(text) : 0;
  if (events < 1 || !Number.isSafeInteger(events)) {
    throw new UsageError(
      `--max-events cannot be ${JSON.stringify(text)}`,
      'it is a number of events, at least 1',
    );
  }
  return events;
}
