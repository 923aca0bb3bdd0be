import { landmarkKey } from '../coverage/landmark.ts';
import { LANDMARKS } from '../coverage/landmarks.ts';
import type { Palette } from '../terminal/colour.ts';
import { plural } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { displayWidth, toColumns, wrap } from '../terminal/width.ts';
import { ALWAYS_SEEN } from './outcome.ts';
import type { FailureRecord, SweepRecord } from './record.ts';

export interface TellOptions {
  readonly columns: number;
  readonly palette: Palette;
  /** The failure as a small scenario file; null where that was not made. */
  readonly shrunkOf: (failure: FailureRecord) => string | null;
}

/** What a sweep found, for a terminal. */
export function tellSweep(record: SweepRecord, options: TellOptions): string[] {
  return [
    ...record.failures.flatMap((failure) => tellFailure(failure, record, options)),
    ...tellReached(record, options),
    '',
    tellSum(record, options),
  ];
}

function tellFailure(failure: FailureRecord, { runs }: SweepRecord, options: TellOptions): string[] {
  const { scenario, kind, seeds, seed, events, message, repeat } = failure;
  const { palette, columns } = options;
  return [
    palette.bad(sanitizeLine(`${kind} in ${scenario}`)),
    `  ${plural(seeds, 'seed')} (${percent(seeds, runs)} of seeds); the quickest is ${seed}, with ${plural(events, 'event')}:`,
    ...wrap(sanitizeLine(message), columns - 4).map((line) => `    ${line}`),
    ...repeat.map((command) => `  ${palette.strong(sanitizeLine(command))}`),
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
function tellReached(record: SweepRecord, { palette, columns }: TellOptions): string[] {
  const { reached, profiles, runs, watched } = record;
  const rows: [string, string][] = [];
  const never: string[] = [];
  for (const { group, name, profiles: having, unreachable } of LANDMARKS) {
    if (group === 'fault') continue;
    const of = group === ALWAYS_SEEN ? runs : watched;
    for (const profile of profiles) {
      if (!having.includes(profile)) continue;
      const count = reached[landmarkKey(group, name, profile)] ?? 0;
      const label = profiles.length > 1 ? `${profile} ${name}` : name;
      if (count > 0) rows.push([label, percent(count, of)]);
      else if (unreachable[profile] === undefined) never.push(label);
    }
  }
  const width = Math.min(Math.max(0, ...rows.map(([label]) => displayWidth(label))), columns - 12);
  const sample =
    watched < runs ? ` (states and timeouts: of ${plural(watched, 'seed')} that were watched)` : '';
  return [
    palette.faint(`seen in so many of the seeds${sample}:`),
    ...rows.map(([label, share]) => `  ${toColumns(label, width)}  ${share.padStart(7)}`),
    ...(never.length === 0
      ? []
      : [
          palette.faint('seen in none:'),
          ...wrap(never.join('; '), columns - 2).map((line) => `  ${palette.faint(line)}`),
        ]),
  ];
}

function tellSum({ runs, failed, events }: SweepRecord, { palette }: TellOptions): string {
  const sum = `${plural(runs, 'run')}, ${events} events: `;
  return failed === 0 ? sum + palette.good('nothing failed') : sum + palette.bad(`${failed} failed`);
}

/** One decimal, and no `0.0 %` for what was seen. */
function percent(part: number, whole: number): string {
  const share = (100 * part) / whole;
  return share > 0 && share < 0.05 ? '< 0.1 %' : `${share.toFixed(1)} %`;
}
