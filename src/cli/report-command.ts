import { accessSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { REPORT_FORMATS, type ReportFormat, type ReportWish } from '../report/files.ts';
import { suggest } from '../scenario/nearest.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { formatCase } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import type { Trace } from '../trace/trace.ts';
import type { Engine } from './engine.ts';
import { EXIT, Interrupted, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { loadScenarios } from './load.ts';
import type { OptionValues } from './options.ts';
import { progressLine } from './progress.ts';
import { systemReason } from './read-text.ts';
import { parseMaxEvents } from './run-command.ts';
import { repeatCommand } from './run-plan.ts';

const DEFAULT_OUT = 'reports';

/** `psynclab report`: plays scenarios and writes what they did, with pictures, into a folder. */
export async function reportCommand(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<number> {
  if (operands.length === 0) throw new UsageError('report what?', 'a scenario file, a directory, or a glob');
  const wish: ReportWish = { formats: parseFormats(options), handout: options.handout === true };
  const maxEvents = parseMaxEvents(options['max-events']);
  const scenarios = await loadScenarios(operands, options, io, await engine.scenarios());
  if (scenarios === null) return EXIT.wrong;

  const { reportFiles } = await import('../report/files.ts');
  const { recordTrace } = await import('../trace/record.ts');
  const reports = await namedReports(scenarios, io.cwd);
  const out = options.out ?? DEFAULT_OUT;
  makeFolder(out, io.cwd);

  const progress = progressLine(io);
  const opened: string[] = [];
  try {
    for (const [name, cases] of reports) {
      const traces: Trace[] = [];
      for (const scenario of cases) {
        if ((await io.pause()) === 'interrupted') throw new Interrupted();
        progress(
          `${opened.length} of ${reports.size} written, now ${scenario.file} ${formatCase(scenario.case)}`,
        );
        const repeat = repeatCommand({ scenario, seed: scenario.seed }, options);
        traces.push(io.interruptible(() => recordTrace(scenario, scenario.seed, { repeat, maxEvents })));
      }
      progress('');
      const files = io.interruptible(() => reportFiles(name, traces, wish));
      for (const { path, text } of files) write(join(out, path), text, io.cwd);
      const main = files.filter((file) => file.main).map(({ path }) => join(out, path));
      // The page is what one looks at, where there is one.
      opened.push(main.find((path) => path.endsWith('.html')) ?? main[0]!);
      for (const path of main) io.stdout.write(`${sanitizeLine(path)}\n`);
    }
  } finally {
    progress('');
  }
  if (options.open === true) open(opened, io);
  return EXIT.held;
}

/** The cases of each file by the name of its report; two files cannot have one name. */
async function namedReports(
  scenarios: readonly Scenario[],
  cwd: string,
): Promise<Map<string, readonly Scenario[]>> {
  const { reportName } = await import('../report/files.ts');
  const files = new Map<string, Scenario[]>();
  for (const scenario of scenarios) {
    const cases = files.get(scenario.file);
    if (cases === undefined) files.set(scenario.file, [scenario]);
    else cases.push(scenario);
  }
  const reports = new Map<string, readonly Scenario[]>();
  for (const [file, cases] of files) {
    const name = reportName(file, cwd);
    const other = reports.get(name)?.[0];
    if (other !== undefined) {
      throw new UsageError(`${other.file} and ${file} would have the same report`, 'report them one by one');
    }
    reports.set(name, cases);
  }
  return reports;
}

function parseFormats({ format, handout }: OptionValues): readonly ReportFormat[] {
  if (format === undefined) return handout === true ? ['md'] : REPORT_FORMATS;
  const words = format.split(',').map((word) => word.trim());
  for (const word of words) {
    if (!REPORT_FORMATS.some((known) => known === word)) {
      const near = suggest(word, REPORT_FORMATS);
      throw new UsageError(
        `there is no format ${JSON.stringify(word)}`,
        near ?? REPORT_FORMATS.join(' and '),
      );
    }
  }
  const formats = REPORT_FORMATS.filter((known) => words.includes(known));
  if (handout === true && !formats.includes('md')) {
    throw new UsageError('--handout is Markdown', 'leave out --format html');
  }
  return formats;
}

/** Made before anything is played, so that nobody waits for what cannot be kept. */
function makeFolder(out: string, cwd: string): void {
  if (out === '') throw new UsageError('--out needs a folder');
  try {
    makeFolders(resolve(cwd, out));
    accessSync(resolve(cwd, out), constants.W_OK);
  } catch (error) {
    throw cannotWrite(`--out ${out}`, error);
  }
}

/** Step by step: Node's own recursive way never ends in a file system that knows no new folders, such as /proc. */
function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeFolders(dirname(path));
  mkdirSync(path);
}

function write(file: string, text: string, cwd: string): void {
  try {
    makeFolders(dirname(resolve(cwd, file)));
    writeFileSync(resolve(cwd, file), text);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

function cannotWrite(what: string, error: unknown): UsageError {
  const { code } = error as NodeJS.ErrnoException;
  const reason = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file stands in its way' : systemReason(error);
  return new UsageError(`${what} cannot be written: ${reason}`);
}

/** Shows the report, the first of several; where nobody sits before a screen, says that it did not. */
function open(files: readonly string[], io: Io): void {
  const [first, ...more] = files;
  if ((io.env.CI ?? '') !== '') {
    io.stderr.write('nothing was opened: this is a CI\n');
    return;
  }
  io.open(resolve(io.cwd, first!));
  if (more.length > 0) io.stderr.write(`opened ${sanitizeLine(first!)}, the first of ${files.length}\n`);
}
