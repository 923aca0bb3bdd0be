import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runReal } from './real.test-helper.ts';

const FAILING = `name: fails
duration: 20s
nodes: { A: {}, B: { replicaof: A }, C: {} }
timeline:
  - { at: 1s, on: C, run: SET noise 1 }
  - { at: 5s, kill: B }
expect: [{ converged: [A, B] }]
`;

let directory: string;
const path = (name: string): string => join(directory, name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'psynclab-shrink-'));
  writeFileSync(path('fails.yaml'), FAILING);
  writeFileSync(path('cases.yaml'), `${FAILING}matrix: { profile: [redis-5.0, redis-7.0] }\n`);
});
afterAll(() => rmSync(directory, { recursive: true }));

test('prints the small file, and beside it what was taken away and where it came from', async () => {
  const { code, stdout, stderr } = await runReal(['shrink', path('fails.yaml')]);
  expect(code).toBe(0);
  expect(stdout).toContain('timeline:\n  - { at: 0s, kill: B }\n');
  expect(stdout).not.toMatch(/^ {2}C:/m);
  expect(stderr).toMatch(/^\d+ runs; taken away: entries of the timeline \(1\), nodes \(1\), /m);
  expect(stderr).toMatch(/^where it came from: npx psynclab run .*fails\.yaml --seed 1$/m);
});

test('--out writes it, says how to run it, and overwrites nothing', async () => {
  const out = path('small.yaml');
  const first = await runReal(['shrink', path('fails.yaml'), '--seed', '3', '--out', out]);
  expect(first).toMatchObject({ code: 0, stdout: `npx psynclab run ${out}\n` });
  expect(readFileSync(out, 'utf8')).toContain('seed: "3"\n');
  const second = await runReal(['shrink', path('fails.yaml'), '--out', out]);
  expect(second).toMatchObject({ code: 2, stdout: '' });
  expect(second.stderr).toBe(`psynclab: ${out} exists, and shrink overwrites nothing\n`);
});

describe('wrong words', () => {
  test.each([
    [[], 'psynclab: shrink what?\n'],
    [['a', 'b'], 'psynclab: shrink takes one file\n'],
    [['a.yaml', '--set', 'A.hz=20'], 'psynclab: shrink takes no --set\n'],
    [['a.yaml', '--time', '0s'], 'psynclab: --time cannot be "0s"\n'],
  ])('%j', async (words, message) => {
    const { code, stderr } = await runReal(['shrink', ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('a file with cases, and a run that does not fail', async () => {
    const cases = await runReal(['shrink', path('cases.yaml')]);
    expect(cases.stderr).toContain('has 2 cases\n  hint: choose one with --case K=V\n');
    const held = 'scenarios/06-failover/promoted-replica-serves-its-siblings.yaml';
    const outcome = await runReal(['shrink', held, '--seed', '2', '--out', path('never.yaml')]);
    expect(outcome.stderr).toContain(`psynclab: ${held} does not fail with seed 2\n`);
    expect(existsSync(path('never.yaml'))).toBe(false);
  });
});
