import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Scenario } from '../scenario/scenario.ts';
import { wantsColour } from '../terminal/colour-policy.ts';
import { plural } from '../terminal/format.ts';
import { safeJson, sanitizeLine } from '../terminal/sanitize.ts';
import type { Engine } from './engine.ts';
import { EXIT } from './errors.ts';
import type { Io } from './io.ts';
import { listMutants } from './list-mutants.ts';
import { linesByTopic, linesForPipes } from './list-table.ts';
import { loadScenarios } from './load.ts';
import type { OptionValues } from './options.ts';

/** One scenario file as `list --json` gives it. */
export interface Listed {
  readonly scenario: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly profile: string;
  /** How many runs one seed gives. */
  readonly cases: number;
  readonly known_failure: string | null;
  readonly confirmed: readonly string[];
}

/** `psynclab list`: scenarios, with `--tags` their tags, with `--mutants` the rules that can be broken. */
export async function listCommand(
  operands: readonly string[],
  options: OptionValues,
  io: Io,
  engine: Engine,
): Promise<number> {
  if (options.mutants === true) return listMutants(operands, options, io);
  const where = operands.length > 0 ? operands : [defaultDirectory(io.cwd)];
  const scenarios = await loadScenarios(where, options, io, await engine.scenarios());
  if (scenarios === null) return EXIT.wrong;
  const listed = byFile(scenarios);
  if (options.tags === true) writeTags(listed, options.json === true, io);
  else if (options.json === true) io.stdout.write(`${safeJson(listed, 2)}\n`);
  else writeTable(listed, options.color, io);
  return EXIT.held;
}

function defaultDirectory(cwd: string): string {
  return existsSync(resolve(cwd, 'scenarios')) ? 'scenarios' : '.';
}

function byFile(scenarios: readonly Scenario[]): Listed[] {
  const files = new Map<string, { first: Scenario; cases: number }>();
  for (const scenario of scenarios) {
    const known = files.get(scenario.file);
    if (known === undefined) files.set(scenario.file, { first: scenario, cases: 1 });
    else known.cases++;
  }
  return [...files.values()].map(({ first, cases }) => ({
    scenario: first.file,
    name: first.name,
    tags: first.tags,
    profile: first.profile,
    cases,
    known_failure: first.knownFailure,
    confirmed: first.confirmed,
  }));
}

function writeTable(listed: readonly Listed[], colour: boolean | undefined, io: Io): void {
  const { columns } = io.stdout;
  const lines =
    columns === undefined
      ? linesForPipes(listed)
      : linesByTopic(listed, columns, wantsColour(colour, io.env, true));
  io.stdout.write(`${lines.join('\n')}\n`);
}

function writeTags(listed: readonly Listed[], json: boolean, io: Io): void {
  const counts = new Map<string, number>();
  for (const { tags } of listed) {
    for (const tag of new Set(tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  const tags = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  if (json) {
    const elements = tags.map(([tag, count]) => ({ tag, scenarios: count }));
    io.stdout.write(`${safeJson(elements, 2)}\n`);
    return;
  }
  for (const [tag, count] of tags) io.stdout.write(`${sanitizeLine(tag)}  ${plural(count, 'scenario')}\n`);
}
