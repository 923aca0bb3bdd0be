import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runReal } from './real.test-helper.ts';

/** The last write was sent 5 ms before the cut and takes 1 to 9 ms: in some seeds it is lost. */
const STORM = `name: storm
duration: 30s
nodes: { A: {}, B: { replicaof: A } }
links: { default: { latency: 1ms, jitter: 8ms } }
clients: { app: { to: A } }
workload: [{ as: app, every: 5ms, until: 5s, run: "SET k {n}" }]
timeline:
  - { at: 5s, partition: A <-> B }
  - { at: 5s, kill: A }
  - { at: 6s, on: B, run: REPLICAOF NO ONE }
expect: [{ lost_writes: 0 }]
`;

let directory: string;
let file: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'psynclab-sweep-'));
  file = join(directory, 'storm.yaml');
  writeFileSync(file, STORM);
});
afterAll(() => rmSync(directory, { recursive: true }));

const swept = (...words: string[]) => runReal(['sweep', file, ...words]);

test('the kinds of failures with their shares and what repeats them, and what was seen', async () => {
  const { code, stdout } = await swept('--seeds', '40', '--jobs', '2');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^expectation on line 11 in .*storm\.yaml$/m);
  expect(stdout).toMatch(/^ {2}\d+ seeds? \(\d+\.\d % of seeds\); the quickest is \d+, with \d+ events:$/m);
  expect(stdout).toMatch(/^ {2}full\/forced {2,}100\.0 %$/m);
  expect(stdout).toMatch(/seen in none:\n(.*\n)*.*full\/offset-ahead/);
  expect(stdout).toMatch(/^40 runs, \d+ events: \d+ failed$/m);

  expect(stdout).toMatch(/^ {2}npx psynclab shrink .*storm\.yaml --seed \d+ --out FILE\.yaml$/m);
  const small = /^ {2}made smaller:\n((?: {4}.*\n)+)/m.exec(stdout)![1]!.replace(/^ {4}/gm, '');
  expect(small).toMatch(/^# expectation: expected lost_writes of B == 0, was \d+$/m);

  const repeat = /^ {2}npx psynclab (run .* --seed \d+)$/m.exec(stdout)![1]!;
  const { runScenario } = await import('../run/run.ts');
  const { loadOne } = await import('../scenario/load.test-helper.ts');
  const seed = /--seed (\d+)$/.exec(repeat)![1]!;
  expect(runScenario(loadOne(STORM), { seed }).result.ok).toBe(false);
  expect(runScenario(loadOne(small)).result.ok).toBe(false);
});

test('the same whatever the number of threads, and in shards', async () => {
  const data = async (...words: string[]) => JSON.parse((await swept('--json', ...words)).stdout);
  const one = await data('--seeds', '60', '--jobs', '1');
  expect(await data('--seeds', '60', '--jobs', '3')).toEqual(one);
  const parts = [
    await data('--seeds', '60', '--shard', '1/2'),
    await data('--seeds', '60', '--shard', '2/2'),
  ];
  expect(parts[0].runs + parts[1].runs).toBe(60);
  expect(parts[0].failed + parts[1].failed).toBe(one.failed);
});

test('where nothing fails it says so', async () => {
  const held = join(directory, 'held.yaml');
  writeFileSync(held, STORM.replace('lost_writes: 0', 'lost_writes: ">= 0"'));
  const { code, stdout } = await runReal(['sweep', held, '--seeds', '5']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^5 runs, \d+ events: nothing failed$/m);
});

describe('wrong words', () => {
  test.each([
    [['--shard', '3/2'], '--shard cannot be "3/2"'],
    [['--shard', '0/2'], '--shard cannot be "0/2"'],
    [['--jobs', '0'], '--jobs cannot be "0"'],
    [['--time', '5'], '--time cannot be "5"'],
    [['--seed', '5'], 'sweep takes many seeds'],
    [['--seeds', '5..2'], '--seeds 5..2 holds no seed'],
  ])('%j', async (words, message) => {
    const { code, stdout, stderr } = await swept(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`psynclab: ${message}\n`);
  });
});
