import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runReal } from './real.test-helper.ts';

const FAILING = `name: fails
duration: 20s
nodes: { A: {}, B: { replicaof: A } }
timeline: [{ at: 5s, kill: B }]
expect: [{ converged: [A, B] }]
`;

let directory: string;
let file: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'psynclab-likelihood-'));
  file = join(directory, 'fails.yaml');
  writeFileSync(file, FAILING);
});
afterAll(() => rmSync(directory, { recursive: true }));

test('a failure that chance has no part in', async () => {
  const { code, stdout, stderr } = await runReal(['likelihood', file, '--futures', '3']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ {4}0\.000 {2}█{24} 100 % {2}\(3 of 3\)$/m);
  expect(stdout).toMatch(/^Every future failed, from the first moment on: chance has no part in it\.$/m);
  expect(stderr).toMatch(/^the run itself: npx psynclab run .*fails\.yaml --seed 1$/m);
});

test('as a page, too', async () => {
  const page = join(directory, 'page.html');
  const { code } = await runReal(['likelihood', file, '--futures', '2', '--html', page]);
  expect(code).toBe(1);
  expect(readFileSync(page, 'utf8')).toContain('<svg xmlns="http://www.w3.org/2000/svg" class="likelihood"');
});

test('as data', async () => {
  const { code, stdout } = await runReal(['likelihood', file, '--futures', '2', '--seed', '5', '--json']);
  const data = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(data).toMatchObject({ scenario: file, seed: '5', failure: { kind: 'expectation' }, open_ms: null });
  expect(data.moments[0]).toEqual({ at_ms: 0, futures: 2, failed: 2 });
});

describe('wrong words', () => {
  test.each([
    [[], 'psynclab: likelihood of what?\n'],
    [['a', 'b'], 'psynclab: likelihood takes one file\n'],
    [['a.yaml', '--futures', 'all'], 'psynclab: --futures cannot be "all"\n'],
  ])('%j', async (words, message) => {
    const { code, stderr } = await runReal(['likelihood', ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('a run that does not fail', async () => {
    const held = 'scenarios/06-failover/promoted-replica-serves-its-siblings.yaml';
    const { code, stderr } = await runReal(['likelihood', held]);
    expect(code).toBe(2);
    expect(stderr).toContain(`psynclab: ${held} does not fail with seed 1\n`);
  });
});
