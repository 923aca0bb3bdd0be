import type { Scenario } from '../scenario/scenario.ts';
import type { OptionValues } from './options.ts';
import { type SeedRange, seedCount } from './seeds.ts';
import { commandLine } from './shell.ts';

/** One run to do: a scenario (one case of a file) and its seed. */
export interface PlannedRun {
  readonly scenario: Scenario;
  readonly seed: string;
}

/** The runs in the order of files, cases and seeds, made as they are asked for. */
export function* planRuns(scenarios: readonly Scenario[], seeds: SeedRange | null): Generator<PlannedRun> {
  for (const scenario of scenarios) {
    if (seeds === null) {
      yield { scenario, seed: scenario.seed };
    } else {
      for (let n = seeds.first; n <= seeds.last; n++) {
        const seed = String(n);
        yield { scenario: withSeed(scenario, seed), seed };
      }
    }
  }
}

/** The scenario itself, unless the seed is one of its case's values. */
function withSeed(scenario: Scenario, seed: string): Scenario {
  if (scenario.case === null || !Object.hasOwn(scenario.case, 'seed')) return scenario;
  return { ...scenario, seed, case: { ...scenario.case, seed } };
}

export function countRuns(scenarios: readonly Scenario[], seeds: SeedRange | null): number {
  return scenarios.length * (seeds === null ? 1 : seedCount(seeds));
}

/** The command that does this run again and tells its story. */
export function repeatCommand({ scenario, seed }: PlannedRun, options: OptionValues): string {
  const words = ['run', ...fileWords(scenario.file), '--seed', seed];
  if (options.profile !== undefined) words.push('--profile', options.profile);
  for (const setting of options.set ?? []) words.push('--set', setting);
  for (const mutant of options.mutant ?? []) words.push('--mutant', mutant);
  for (const [key, value] of Object.entries(scenario.case ?? {})) words.push('--case', `${key}=${value}`);
  if (options['max-events'] !== undefined) words.push('--max-events', options['max-events']);
  return commandLine(words);
}

/** A path that begins with a dash would read as an option. */
function fileWords(file: string): string[] {
  return file !== '-' && file.startsWith('-') ? [`./${file}`] : [file];
}
