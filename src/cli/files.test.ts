import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MAX_FILE_BYTES } from '../scenario/yaml-source.ts';
import { stageWith } from './fakes.test-helper.ts';
import { findSources, looksLikeScenario, readBeside } from './files.ts';
import { READ_LIMIT } from './read-text.ts';

const NODES = 'name: x\nnodes:\n  A:\n';
const TREE = {
  'a.yaml': NODES,
  'deep/b.yml': NODES,
  'deep/er/c.yaml': NODES,
  'deep/other.yaml': 'services:\n  nodes: 3\n',
  'deep/notes.md': NODES,
  '.hidden/d.yaml': NODES,
  'node_modules/p/e.yaml': NODES,
};

async function find(operands: readonly string[], stage = stageWith(TREE), stdin = '') {
  const { sources, problems } = await findSources(operands, {
    cwd: stage.cwd,
    readStdin: async () => stdin,
    readPipe: async () => stdin,
  });
  return { files: sources.map(({ file }) => file), problems };
}

test('a directory gives its scenarios, but none of dot folders, node_modules and other YAML', async () => {
  expect(await find(['.'])).toEqual({
    files: ['./a.yaml', './deep/b.yml', './deep/er/c.yaml'],
    problems: [],
  });
  expect(await find(['deep/'])).toEqual({ files: ['deep/b.yml', 'deep/er/c.yaml'], problems: [] });
});

test('a dot folder and other YAML count when they are named', async () => {
  expect(await find(['.hidden', 'deep/other.yaml'])).toEqual({
    files: ['.hidden/d.yaml', 'deep/other.yaml'],
    problems: [],
  });
});

test('globs are expanded where the shell did not', async () => {
  expect((await find(['*.yaml'])).files).toEqual(['a.yaml']);
  expect((await find(['deep/*.y*ml'])).files).toEqual(['deep/b.yml']);
  expect((await find(['**/*.yaml'])).files).toEqual(['a.yaml', 'deep/er/c.yaml']);
  expect((await find(['deep/**'])).files).toEqual(['deep/b.yml', 'deep/er/c.yaml']);
  expect((await find(['*/?.yml'])).files).toEqual(['deep/b.yml']);
});

test('an absolute glob keeps its beginning', async () => {
  const stage = stageWith(TREE);
  expect((await find([`${stage.cwd}/*.yaml`], stage)).files).toEqual([`${stage.cwd}/a.yaml`]);
});

test('a file named twice is run once, under the first name', async () => {
  expect((await find(['a.yaml', './a.yaml', '.', '*.yaml'])).files).toEqual([
    'a.yaml',
    './deep/b.yml',
    './deep/er/c.yaml',
  ]);
});

test('a dash is standard input, read once', async () => {
  const { sources } = await findSources(['-', '-'], {
    cwd: '/',
    readStdin: async () => NODES,
    readPipe: async () => '',
  });
  expect(sources).toEqual([{ file: '-', text: NODES }]);
});

test('what matches nothing is a problem, with the nearest name', async () => {
  expect((await find(['aa.yaml'])).problems).toEqual([
    'aa.yaml: no such file or directory; did you mean a.yaml?',
  ]);
  expect((await find(['deep/d.yml'])).problems[0]).toContain('did you mean deep/b.yml?');
  expect((await find(['*.json'])).problems[0]).toContain('*.json: no scenario there');
  mkdirSync(join(stageWith({}).cwd, 'empty'));
  expect((await find(['.'], stageWith({}))).problems[0]).toContain('.: no scenario there');
});

test('links to directories are not followed, links to files are', async () => {
  const stage = stageWith(TREE);
  symlinkSync('..', join(stage.cwd, 'deep/up'));
  symlinkSync('../a.yaml', join(stage.cwd, 'deep/z.yaml'));
  symlinkSync('nowhere', join(stage.cwd, 'deep/broken.yaml'));
  expect((await find(['deep'], stage)).files).toEqual(['deep/b.yml', 'deep/er/c.yaml', 'deep/z.yaml']);
});

test('a pipe is read as a stream where it is named, and left out where it is found', async () => {
  const stage = stageWith(TREE);
  spawnSync('mkfifo', [join(stage.cwd, 'pipe.yaml')]);
  expect(await find(['pipe.yaml'], stage, NODES)).toEqual({ files: ['pipe.yaml'], problems: [] });
  expect(await find(['*.yaml'], stage)).toEqual({ files: ['a.yaml'], problems: [] });
});

test('what cannot be read says why: an empty name, a device, links in a circle, a name too long', async () => {
  const stage = stageWith(TREE);
  symlinkSync('circle.yaml', join(stage.cwd, 'circle.yaml'));
  const long = 'x'.repeat(10_000);
  expect(await find(['', '/dev/zero', 'circle.yaml', long], stage)).toEqual({
    files: [],
    problems: [
      'a file name is empty',
      '/dev/zero: it is a device, not a file; - is standard input',
      'circle.yaml: cannot be read: too many symbolic links',
      `${long}: cannot be read: the name is too long`,
    ],
  });
});

test('of a huge file no more is read than shows that it is too large', async () => {
  const stage = stageWith({});
  const file = join(stage.cwd, 'huge.yaml');
  writeFileSync(file, 'nodes:\n');
  truncateSync(file, 10 * READ_LIMIT);
  const { sources } = await findSources([file], {
    ...stage,
    readStdin: async () => '',
    readPipe: async () => '',
  });
  expect(sources[0]!.text.length).toBe(READ_LIMIT);
  expect(READ_LIMIT).toBeGreaterThan(3 * MAX_FILE_BYTES);
  expect(readBeside(file, stage.cwd)).toBeNull();
});

test('a scenario is told by nodes: at the top, however broken the rest is', () => {
  expect(looksLikeScenario('name: [broken\nnodes:\n')).toBe(true);
  expect(looksLikeScenario('"nodes" : { A: {} }')).toBe(true);
  expect(looksLikeScenario('{ "name": "x", "nodes": {} }')).toBe(true);
  expect(looksLikeScenario('\ufeffnodes: {}')).toBe(true);
  expect(looksLikeScenario('a:\n  nodes: {}\n')).toBe(false);
  expect(looksLikeScenario('nodes:3\n')).toBe(false);
  expect(looksLikeScenario('# nodes: x\n')).toBe(false);
});
