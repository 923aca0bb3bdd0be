import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * The walls between the parts: what each folder may import. Arrows run one way, and the simulated world knows
 * nothing of the program around it.
 */
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

interface Wall {
  readonly of: string;
  /** Folders of the house that it may import from, beside itself; a file is named with its ending. */
  readonly mayImport: readonly string[];
  readonly packages: readonly string[];
}

/** The first that fits a file counts. */
const WALLS: readonly Wall[] = [
  { of: 'sim/kernel/', mayImport: [], packages: ['immer', 'seedrandom'] },
  { of: 'sim/network/', mayImport: ['sim/kernel/'], packages: [] },
  { of: 'sim/redis/', mayImport: [], packages: [] },
  { of: 'sim/invariants/', mayImport: ['sim/redis/'], packages: [] },
  { of: 'sim/mutants/', mayImport: ['sim/redis/'], packages: [] },
  { of: 'sim/', mayImport: ['sim/'], packages: [] },
  {
    of: 'src/viewer/',
    mayImport: ['src/trace/', 'src/report/pictures/'],
    packages: ['preact', 'preact/hooks'],
  },
];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

/** What a module's text imports or exports from elsewhere, also for its types alone and at run time. */
function importsOf(text: string): string[] {
  const found: string[] = [];
  const statement =
    /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/g;
  for (const match of text.matchAll(statement)) found.push((match[1] ?? match[2])!);
  return found;
}

/** The text without comments, in which somebody may speak of importing. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1');
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

const isTest = (file: string): boolean => /\.test(-helper)?\.ts$/.test(file);
const SIM = sources('sim').filter((file) => !isTest(file));

function importsIn(files: readonly string[]): Import[] {
  return files.flatMap((file) => {
    const text = withoutComments(readFileSync(join(ROOT, file), 'utf8'));
    return importsOf(text).map((specifier) => ({ file, specifier }));
  });
}

/** The path in the repository that a relative import leads to, or null for a package. */
function target({ file, specifier }: Import): string | null {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(file), specifier)) : null;
}

/** Every module that these load, over any number of steps; what is imported for its types alone is not loaded. */
function reachedFrom(files: readonly string[]): string[] {
  const reached = new Set(files);
  for (const file of reached) {
    const text = withoutComments(readFileSync(join(ROOT, file), 'utf8')).replace(TYPES_ONLY, '');
    for (const specifier of importsOf(text)) {
      const path = target({ file, specifier });
      if (path !== null) reached.add(path);
    }
  }
  return [...reached];
}

const TYPES_ONLY = /(?:^|\n)\s*(?:import|export)\s+type\s[^'"]*['"][^'"]*['"];?/g;

function breaches(imports: readonly Import[], walls: readonly Wall[] = WALLS): string[] {
  return imports.flatMap((one) => {
    const wall = walls.find(({ of }) => one.file.startsWith(of))!;
    const path = target(one);
    const allowed =
      path === null
        ? wall.packages.includes(one.specifier)
        : [wall.of, ...wall.mayImport].some((folder) => path.startsWith(folder));
    return allowed ? [] : [`${one.file} imports ${one.specifier}`];
  });
}

describe('the walls of the simulated world', () => {
  test('every part imports only what it may: redis nothing of the house, network the kernel, the kernel nobody', () => {
    expect(breaches(importsIn(SIM))).toEqual([]);
  });

  test('nothing under sim/ imports the program around it or a module of Node', () => {
    const outside = importsIn(SIM).filter((one) => {
      const path = target(one);
      return path === null ? one.specifier.startsWith('node:') : !path.startsWith('sim/');
    });
    expect(outside).toEqual([]);
  });

  test('no module is imported that is not there, and every import names its file', () => {
    const known = new Set(sources('sim'));
    const lost = importsIn(SIM).filter((one) => {
      const path = target(one);
      return path !== null && !known.has(path);
    });
    expect(lost).toEqual([]);
  });

  test('the scan sees the files, and every kind of import', () => {
    expect(SIM).toContain('sim/redis/replication/psync-decision.ts');
    expect(SIM.length).toBeGreaterThan(60);
    expect(importsIn(['sim/simulation.ts']).length).toBeGreaterThan(10);
    const text = [
      "import { a } from './a.ts';",
      "import type { b,\n  c } from '../b.ts';",
      "export { d } from './d.ts';",
      "export * from './e.ts';",
      "import 'node:fs';",
      "const f = await import('./f.ts');",
      "const notOne = \"said 'x' from 'y'\";",
    ].join('\n');
    expect(importsOf(text)).toEqual(['./a.ts', '../b.ts', './d.ts', './e.ts', 'node:fs', './f.ts']);
  });

  test('the page knows the trace and the pictures alone, and so do these: no module of it runs the simulation', () => {
    const viewer = sources('src/viewer').filter((file) => !isTest(file));
    expect(viewer).toContain('src/viewer/main.tsx');
    expect(breaches(importsIn(viewer))).toEqual([]);
    const reached = reachedFrom(viewer);
    expect(reached).toContain('src/trace/trace.ts');
    expect(reached.filter((file) => !/^src\/(viewer|trace|report\/pictures|terminal)\//.test(file))).toEqual(
      [],
    );
  });

  test('a breach is found: of each wall', () => {
    const file = (name: string, specifier: string): Import => ({ file: name, specifier });
    expect(
      breaches([
        file('sim/redis/x.ts', '../kernel/random.ts'),
        file('sim/redis/x.ts', 'immer'),
        file('sim/network/x.ts', '../redis/bytes.ts'),
        file('sim/kernel/x.ts', '../network/link.ts'),
        file('sim/kernel/x.ts', 'node:fs'),
        file('sim/x.ts', '../src/run/run.ts'),
        file('sim/invariants/x.ts', '../simulation.ts'),
        file('src/viewer/parts/x.tsx', '../../run/run.ts'),
        file('src/viewer/x.tsx', 'node:fs'),
      ]),
    ).toHaveLength(9);
    expect(
      breaches([
        file('sim/network/x.ts', '../kernel/random.ts'),
        file('sim/kernel/x.ts', 'immer'),
        file('sim/x.ts', './redis/bytes.ts'),
        file('sim/invariants/x.ts', '../redis/server.ts'),
      ]),
    ).toEqual([]);
  });
});
