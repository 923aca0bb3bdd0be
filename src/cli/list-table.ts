import { basename, dirname } from 'node:path/posix';
import { createPalette } from '../terminal/colour.ts';
import { plural } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { displayWidth, truncate } from '../terminal/width.ts';
import type { Listed } from './list-command.ts';

/** The share of a terminal's width that file names are set in; a longer one pushes its line to the right. */
const FILES_SHARE = 0.45;
const INDENT = '  ';

/** A line for each scenario with all that is said of it, for a program that looks for words in it. */
export function linesForPipes(listed: readonly Listed[]): string[] {
  const files = listed.map(({ scenario }) => sanitizeLine(scenario));
  const width = Math.max(...files.map(displayWidth));
  return listed.map(({ name, tags, cases }, i) => {
    const notes = [...(cases > 1 ? [plural(cases, 'case')] : []), ...tags.map(sanitizeLine)];
    const shown = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
    return `${padded(files[i]!, width)}  ${sanitizeLine(name)}${shown}`;
  });
}

/** For a reader: each directory, which is a topic, as a heading, and a line of the terminal for each scenario. */
export function linesByTopic(listed: readonly Listed[], columns: number, colour: boolean): string[] {
  const { strong, faint } = createPalette(colour);
  return [...byDirectory(listed)].flatMap(([directory, scenarios], i) => {
    const files = scenarios.map(({ scenario }) => sanitizeLine(basename(scenario)));
    const width = Math.min(Math.max(...files.map(displayWidth)), Math.floor(columns * FILES_SHARE));
    const heading = `${strong(sanitizeLine(`${directory}/`))}  ${faint(plural(scenarios.length, 'scenario'))}`;
    const lines = scenarios.map(({ name }, j) => {
      const file = INDENT + padded(files[j]!, width);
      return `${file}${INDENT}${truncate(sanitizeLine(name), columns - displayWidth(file) - INDENT.length)}`.trimEnd();
    });
    return [...(i === 0 ? [] : ['']), heading, ...lines];
  });
}

function byDirectory(listed: readonly Listed[]): ReadonlyMap<string, readonly Listed[]> {
  const directories = new Map<string, Listed[]>();
  for (const one of listed) {
    const directory = dirname(one.scenario);
    const known = directories.get(directory);
    if (known === undefined) directories.set(directory, [one]);
    else known.push(one);
  }
  return directories;
}

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}
