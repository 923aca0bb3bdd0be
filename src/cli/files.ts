import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { nearest } from '../scenario/nearest.ts';
import { isGlob, matchSegment, parseGlob } from './glob.ts';
import type { Io } from './io.ts';
import { READ_LIMIT, readingProblem, readText } from './read-text.ts';

/** A scenario file: its path as given (`-` for standard input) and what it holds. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface Search {
  readonly sources: readonly Source[];
  /** What could not be read or matched nothing, one line each. */
  readonly problems: readonly string[];
}

/**
 * The scenario files that the operands of a command mean, each once, in the operands' order; what a directory
 * or a glob gives is in the order of code units. Found files count only if they look like scenarios.
 */
export async function findSources(
  operands: readonly string[],
  io: Pick<Io, 'cwd' | 'readStdin' | 'readPipe'>,
): Promise<Search> {
  const sources = new Map<string, Source>();
  const problems: string[] = [];
  const add = (file: string, text: string) => {
    const key = file === '-' ? '-' : resolve(io.cwd, file);
    if (!sources.has(key)) sources.set(key, { file, text });
  };

  for (const operand of operands) {
    if (operand === '-') {
      if (!sources.has('-')) add('-', await io.readStdin());
      continue;
    }
    if (operand === '') {
      problems.push('a file name is empty');
      continue;
    }
    const kind = kindOf(resolve(io.cwd, operand), operand, problems);
    if (kind === 'unknown') continue;
    if (kind === 'file') {
      readInto(operand, io.cwd, add, problems);
    } else if (kind === 'pipe') {
      add(operand, await io.readPipe(resolve(io.cwd, operand)));
    } else if (kind === 'device') {
      problems.push(`${operand}: it is a device, not a file; - is standard input`);
    } else if (kind === 'directory' || isGlob(operand)) {
      const before = problems.length;
      const found =
        kind === 'directory' ? walk(operand, io.cwd, problems) : expand(operand, io.cwd, problems);
      const scenarios = found.filter((file) => isYaml(file) && addIfScenario(file, io.cwd, add, problems));
      if (scenarios.length === 0 && problems.length === before)
        problems.push(`${operand}: no scenario there (YAML with nodes: at the top)`);
    } else {
      problems.push(`${operand}: no such file or directory${nearHint(operand, io.cwd)}`);
    }
  }
  return { sources: [...sources.values()], problems };
}

/** Whether YAML has `nodes:` at the top, told from the text: a broken scenario must be found too. */
export function looksLikeScenario(text: string): boolean {
  if (/^\ufeff?(?:nodes|"nodes"|'nodes')[ \t]*:(?:\s|$)/m.test(text)) return true;
  return /^\s*\{/.test(text) && /[{,]\s*(?:nodes|"nodes"|'nodes')\s*:/.test(text);
}

/** A file that a scenario names, or null where it cannot be read: no file, not ours to read, or too large. */
export function readBeside(file: string, cwd: string): string | null {
  if (kindOf(resolve(cwd, file), file, []) !== 'file') return null;
  const text = read(file, cwd, []);
  return text === null || Buffer.byteLength(text) >= READ_LIMIT ? null : text;
}

type Add = (file: string, text: string) => void;

function readInto(file: string, cwd: string, add: Add, problems: string[]): void {
  const text = read(file, cwd, problems);
  if (text !== null) add(file, text);
}

function addIfScenario(file: string, cwd: string, add: Add, problems: string[]): boolean {
  const text = read(file, cwd, problems);
  if (text === null) return true;
  if (!looksLikeScenario(text)) return false;
  add(file, text);
  return true;
}

function read(file: string, cwd: string, problems: string[]): string | null {
  try {
    return readText(resolve(cwd, file));
  } catch (error) {
    problems.push(`${file}: ${readingProblem(error)}`);
    return null;
  }
}

function isYaml(file: string): boolean {
  return /\.ya?ml$/i.test(file);
}

type Kind = 'file' | 'directory' | 'pipe' | 'device' | 'none' | 'unknown';

/** What a path leads to; `unknown` after a problem was told. Reading a pipe or a device may never end. */
function kindOf(path: string, shown: string, problems: string[]): Kind {
  try {
    const stat = statSync(path, { throwIfNoEntry: false, bigint: false });
    if (stat === undefined) return 'none';
    if (stat.isFile()) return 'file';
    if (stat.isDirectory()) return 'directory';
    return stat.isFIFO() ? 'pipe' : 'device';
  } catch (error) {
    problems.push(`${shown}: ${readingProblem(error)}`);
    return 'unknown';
  }
}

/** Every file below a directory, without dot folders and node_modules. */
function walk(directory: string, cwd: string, problems: string[]): string[] {
  const files: string[] = [];
  for (const { name, isDirectory } of entries(directory, cwd, problems)) {
    const path = join(directory, name);
    if (!isDirectory) files.push(path);
    else if (!name.startsWith('.') && name !== 'node_modules') files.push(...walk(path, cwd, problems));
  }
  return files;
}

/** The files that a glob matches. */
function expand(pattern: string, cwd: string, problems: string[]): string[] {
  const glob = parseGlob(pattern);
  const files = new Set<string>();
  const visit = (directory: string, segments: readonly string[]): void => {
    const [segment, ...rest] = segments;
    if (segment === undefined) return;
    if (segment === '**') visit(directory, rest.length === 0 ? ['*'] : rest);
    for (const { name, isDirectory } of entries(directory, cwd, problems)) {
      const path = join(directory, name);
      if (segment === '**') {
        if (isDirectory && !name.startsWith('.') && name !== 'node_modules') visit(path, segments);
      } else if (segment === '..' || !matchSegment(segment, name)) {
      } else if (rest.length === 0) {
        if (!isDirectory) files.add(path);
      } else if (isDirectory) {
        visit(path, rest);
      }
    }
  };
  visit(glob.base, glob.segments);
  return [...files].sort(byCodeUnits);
}

/**
 * A directory's files and directories by name, in the order of code units. A link to a directory is left out:
 * what it leads to may be a directory above, and the walk would not end. So is what is neither.
 */
function entries(
  directory: string,
  cwd: string,
  problems: string[],
): { name: string; isDirectory: boolean }[] {
  return readDirectory(resolve(cwd, directory === '' ? '.' : directory), directory, problems)
    .filter(
      (entry) =>
        entry.isDirectory() ||
        entry.isFile() ||
        (entry.isSymbolicLink() && kindOf(resolve(cwd, join(directory, entry.name)), '', []) === 'file'),
    )
    .map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }))
    .sort((a, b) => byCodeUnits(a.name, b.name));
}

function readDirectory(path: string, shown: string, problems: string[]) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    // A glob begins wherever its writer says; that nothing is there is told where nothing matched.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push(`${shown}: ${readingProblem(error)}`);
    return [];
  }
}

/** The path as the reader wrote its beginning, with no `./` added or taken away. */
function join(directory: string, name: string): string {
  if (directory === '') return name;
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

function nearHint(file: string, cwd: string): string {
  const names = readDirectory(resolve(cwd, dirname(file)), '', []).map((entry) => entry.name);
  const near = nearest(basename(file), names);
  return near === null ? '' : `; did you mean ${join(dirname(file) === '.' ? '' : dirname(file), near)}?`;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
