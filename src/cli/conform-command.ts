import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ProfileName } from '../../sim/redis/profile.ts';
import { judgeTrial, playTrials, recallTrials, type Trial, trialOf } from '../conform/conform.ts';
import { LiveStopped } from '../conform/driver.ts';
import { formatRecording, parseRecording, RECORDING_FORMAT, recordingOf } from '../conform/recording.ts';
import { type ConformResult, conformResult, conformText } from '../conform/report.ts';
import { profileFor } from '../conform/server-version.ts';
import { findServers, type Servers } from '../conform/servers.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { plural } from '../terminal/format.ts';
import { safeJson, sanitizeLine } from '../terminal/sanitize.ts';
import { VERSION } from '../version.ts';
import type { Engine } from './engine.ts';
import { EXIT, Interrupted, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { loadScenarios } from './load.ts';
import { parseJobs } from './option-numbers.ts';
import type { OptionValues } from './options.ts';
import { progressLine } from './progress.ts';
import { systemReason } from './read-text.ts';

const DEFAULT_JOBS = 4;
const LOOK_MS = 100;
/** Columns where no terminal says how many there are. */
const COLUMNS = 80;

/** `psynclab conform`: plays scenarios on real servers, or recalls a recording, and compares. */
export async function conformCommand(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<number> {
  if (operands.length === 0) throw new UsageError('conform what?', 'a scenario file, a directory, or a glob');
  const { server, record, recorded } = options;
  if ((server === undefined) === (recorded === undefined)) {
    throw new UsageError(
      'conform needs real servers or a recording of them',
      '--server PATH of a redis-server, or --recorded FILE',
    );
  }
  if (recorded !== undefined && record !== undefined) {
    throw new UsageError('--record and --recorded exclude each other');
  }
  const jobs = parseJobs(options.jobs, DEFAULT_JOBS);
  const trials =
    server === undefined
      ? await recall(operands, recorded!, options, io, engine)
      : await playOn(server, jobs, operands, options, io, engine);
  return trials === null ? EXIT.wrong : report(trials, options, io);
}

async function playOn(
  programs: readonly string[],
  jobs: number,
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<readonly Trial[] | null> {
  const servers = await serversOf(programs, io);
  const profiles = new Set(servers.keys());
  if (options.record !== undefined) checkWritable(options.record, io);
  const scenarios = await loadFor(profiles, operands, options, io, engine);
  if (scenarios === null) return null;
  const trials = scenarios.map((scenario) => trialOf(scenario, profiles));
  await watched(io, (signal) =>
    playTrials(trials, { servers, jobs, signal, progress: progressOf(trials.length, io) }),
  );
  if (options.record !== undefined) writeRecording(options.record, servers, trials, io);
  return trials;
}

async function serversOf(programs: readonly string[], io: Io): Promise<Servers> {
  const found = await findServers(programs, (program) =>
    program.includes('/') ? resolve(io.cwd, program) : program,
  );
  if ('reason' in found) throw new UsageError(`--server ${found.name}${found.reason}`, found.hint);
  return found;
}

async function recall(
  operands: readonly string[],
  file: string,
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<readonly Trial[] | null> {
  const recording = parseRecording(readRecording(file, io));
  if (typeof recording === 'string') throw new UsageError(`--recorded ${file} ${recording}`);
  const profiles = new Set(
    recording.servers.map((version) => {
      const profile = profileFor(version);
      if (profile === null) throw new UsageError(`--recorded ${file} is of Redis ${version}`);
      return profile;
    }),
  );
  const scenarios = await loadFor(profiles, operands, options, io, engine);
  if (scenarios === null) return null;
  const trials = scenarios.map((scenario) => trialOf(scenario, profiles));
  recallTrials(trials, recording);
  return trials;
}

/** The scenarios, under the profile of the only server where there is one, else under the one that they say. */
async function loadFor(
  profiles: ReadonlySet<ProfileName>,
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<readonly Scenario[] | null> {
  const serverProfile = profiles.size === 1 ? [...profiles][0]! : undefined;
  const { profile } = options;
  if (serverProfile !== undefined && profile !== undefined && profile !== serverProfile) {
    throw new UsageError(`--profile ${profile}, and the real servers are ${serverProfile}`);
  }
  const tools = await engine.scenarios();
  return loadScenarios(operands, options, io, tools, { serverProfile });
}

/** Judges the trials one by one, after all of them: simulations would make the real runs late. */
async function report(trials: readonly Trial[], options: OptionValues, io: Io): Promise<number> {
  const results: ConformResult[] = [];
  const pause = async (): Promise<void> => {
    if ((await io.pause()) === 'interrupted') throw new Interrupted();
  };
  const progress = progressLine(io);
  for (const [i, trial] of trials.entries()) {
    progress(`comparing ${i + 1} of ${trials.length}: ${sanitizeLine(trial.scenario.file)}`);
    const result = conformResult(trial.scenario, await judgeTrial(trial, pause));
    results.push(result);
    progress('');
    if (options.json !== true) io.stdout.write(conformText(result, io.stdout.columns ?? COLUMNS));
  }
  const count = (verdict: ConformResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length;
  if (options.json === true) io.stdout.write(`${safeJson(results, 2)}\n`);
  else if (results.length > 1) {
    const [pass, fail, unsure] = [count('pass'), count('fail'), count('inconclusive')];
    io.stdout.write(
      `${plural(results.length, 'scenario')}: ${pass} pass, ${fail} fail, ${unsure} inconclusive\n`,
    );
  }
  if (count('fail') > 0) return EXIT.failed;
  return options.strict === true && count('inconclusive') > 0 ? EXIT.failed : EXIT.held;
}

/** Runs what waits, and stops it when ctrl-C is pressed. */
async function watched(io: Io, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let over = false;
  const watch = async (): Promise<void> => {
    while (!over) {
      if ((await io.pause()) === 'interrupted') controller.abort();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  const watching = watch();
  try {
    await work(controller.signal);
  } catch (error) {
    if (error instanceof LiveStopped) throw new Interrupted();
    throw error;
  } finally {
    over = true;
    await watching;
  }
}

function progressOf(total: number, io: Io): (done: number, running: readonly string[]) => void {
  const write = progressLine(io);
  return (done, running) =>
    write(done === total ? '' : `${done} of ${total} played, now ${running.join(', ')}`);
}

function writeRecording(file: string, given: Servers, trials: readonly Trial[], io: Io): void {
  const recordings = trials.flatMap(({ scenario, real }) =>
    real === null ? [] : [recordingOf(scenario, real.observation, real.logs, real.versions)],
  );
  const servers = [...given.values()].map(({ version }) => version);
  const text = formatRecording({ format: RECORDING_FORMAT, psynclab: VERSION, servers, recordings });
  try {
    writeFileSync(resolve(io.cwd, file), text);
  } catch (error) {
    throw new UsageError(`--record ${file} cannot be written: ${systemReason(error)}`);
  }
}

/** Says before minutes of playing that what comes of them could not be kept. */
function checkWritable(file: string, io: Io): void {
  const path = resolve(io.cwd, file);
  try {
    accessSync(dirname(path), constants.W_OK);
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`--record ${file} cannot be written: ${systemReason(error)}`);
  }
}

function readRecording(file: string, io: Io): string {
  try {
    return readFileSync(resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(`--recorded ${file} cannot be read: ${systemReason(error)}`);
  }
}
