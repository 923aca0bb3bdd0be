import type { ProfileName } from '../../sim/redis/profile.ts';
import { landmarkKey } from '../coverage/landmark.ts';
import { LANDMARKS } from '../coverage/landmarks.ts';
import type { Palette } from '../terminal/colour.ts';
import { plural } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { displayWidth, toColumns, wrap } from '../terminal/width.ts';
import type { FailureTally, SweepTally } from './tally.ts';

export interface TellOptions {
  readonly columns: number;
  readonly palette: Palette;
  /** The versions of Redis that the swept scenarios run. */
  readonly profiles: readonly ProfileName[];
  /** What a scenario is called, by its number. */
  readonly nameOf: (scenario: number) => string;
  /** The commands that repeat a failure and make it small. */
  readonly commandsOf: (failure: FailureTally) => readonly string[];
  /** The failure as a small scenario file; null where that was not made. */
  readonly shrunkOf: (failure: FailureTally) => string | null;
}

/** What a sweep found, for a terminal. */
export function tellSweep(tally: SweepTally, options: TellOptions): string[] {
  return [
    ...tally.failures.flatMap((failure) => tellFailure(failure, tally, options)),
    ...tellReached(tally, options),
    '',
    tellSum(tally, options),
  ];
}

function tellFailure(failure: FailureTally, { seeds }: SweepTally, options: TellOptions): string[] {
  const { scenario, kind, seeds: failing, seed, events, message } = failure;
  const { palette, columns } = options;
  const share = `${percent(failing, seeds)} of seeds`;
  return [
    palette.bad(sanitizeLine(`${kind} in ${options.nameOf(scenario)}`)),
    `  ${plural(failing, 'seed')} (${share}); the quickest is ${seed}, with ${plural(events, 'event')}:`,
    ...wrap(sanitizeLine(message), columns - 4).map((line) => `    ${line}`),
    ...options.commandsOf(failure).map((command) => `  ${palette.strong(sanitizeLine(command))}`),
    ...tellShrunk(options.shrunkOf(failure), palette),
    '',
  ];
}

function tellShrunk(text: string | null, { faint }: Palette): string[] {
  if (text === null) return [];
  const lines = text.trimEnd().split('\n');
  return [`  ${faint('made smaller:')}`, ...lines.map((line) => `    ${sanitizeLine(line)}`)];
}

/** Of each decision, transition and timeout, how many seeds came by it; and those that none came by. */
function tellReached({ reached, seeds }: SweepTally, { palette, profiles, columns }: TellOptions): string[] {
  const rows: [string, string][] = [];
  const never: string[] = [];
  for (const { group, name, profiles: having, unreachable } of LANDMARKS) {
    if (group === 'fault') continue;
    for (const profile of profiles) {
      if (!having.includes(profile)) continue;
      const count = reached.get(landmarkKey(group, name, profile)) ?? 0;
      const label = profiles.length > 1 ? `${profile} ${name}` : name;
      if (count > 0) rows.push([label, percent(count, seeds)]);
      else if (unreachable[profile] === undefined) never.push(label);
    }
  }
  const width = Math.min(Math.max(0, ...rows.map(([label]) => displayWidth(label))), columns - 12);
  return [
    palette.faint('seen in so many of the seeds:'),
    ...rows.map(([label, share]) => `  ${toColumns(label, width)}  ${share.padStart(7)}`),
    ...(never.length === 0
      ? []
      : [
          palette.faint('seen in none:'),
          ...wrap(never.join('; '), columns - 2).map((line) => `  ${palette.faint(line)}`),
        ]),
  ];
}

function tellSum({ seeds, failed, events }: SweepTally, { palette }: TellOptions): string {
  const sum = `${plural(seeds, 'run')}, ${events} events: `;
  return failed === 0 ? sum + palette.good('nothing failed') : sum + palette.bad(`${failed} failed`);
}

/** One decimal, and no `0.0 %` for what was seen. */
function percent(part: number, whole: number): string {
  const share = (100 * part) / whole;
  return share > 0 && share < 0.05 ? '< 0.1 %' : `${share.toFixed(1)} %`;
}
