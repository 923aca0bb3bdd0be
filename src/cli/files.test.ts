import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stageWith } from './fakes.test-helper.ts';
import { findSources, looksLikeScenario } from './files.ts';

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
  const { sources, problems } = await findSources(operands, { cwd: stage.cwd, readStdin: async () => stdin });
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
  const { sources } = await findSources(['-', '-'], { cwd: '/', readStdin: async () => NODES });
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

test('a scenario is told by nodes: at the top, however broken the rest is', () => {
  expect(looksLikeScenario('name: [broken\nnodes:\n')).toBe(true);
  expect(looksLikeScenario('"nodes" : { A: {} }')).toBe(true);
  expect(looksLikeScenario('{ "name": "x", "nodes": {} }')).toBe(true);
  expect(looksLikeScenario('\ufeffnodes: {}')).toBe(true);
  expect(looksLikeScenario('a:\n  nodes: {}\n')).toBe(false);
  expect(looksLikeScenario('nodes:3\n')).toBe(false);
  expect(looksLikeScenario('# nodes: x\n')).toBe(false);
});
