import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

test('what repeats a failure and makes it small says all that the sweep was told', async () => {
  const { stdout } = await swept('--seeds', '40', '--profile', 'redis-7.0', '--mutant', 'no-replid2');
  const told = '--profile redis-7.0 --mutant no-replid2';
  expect(stdout).toMatch(new RegExp(`^  npx psynclab run .* --seed \\d+ ${told}$`, 'm'));
  expect(stdout).toMatch(new RegExp(`^  npx psynclab shrink .* --seed \\d+ ${told} --out FILE\\.yaml$`, 'm'));
});

test('the same whatever the number of threads', async () => {
  const data = async (...words: string[]) => JSON.parse((await swept('--json', ...words)).stdout);
  const one = await data('--seeds', '60', '--jobs', '1');
  expect(one).toMatchObject({ format: 1, runs: 60, watched: 60 });
  expect(await data('--seeds', '60', '--jobs', '3')).toEqual(one);
});

test('shards, joined, are the whole', async () => {
  const shard = async (part: string): Promise<string> => {
    const path = join(directory, `${part[0]}.json`);
    writeFileSync(path, (await swept('--json', '--seeds', '60', '--shard', part)).stdout);
    return path;
  };
  const parts = [await shard('1/2'), await shard('2/2')];
  const whole = await swept('--seeds', '60', '--json');
  const merged = await runReal(['merge', ...parts, '--json']);
  expect(merged.code).toBe(1);
  expect(JSON.parse(merged.stdout)).toEqual(JSON.parse(whole.stdout));

  const told = await runReal(['merge', ...parts]);
  expect(told.stdout).toMatch(/^expectation on line 11 in .*storm\.yaml$/m);
  expect(told.stdout).toMatch(/^60 runs, \d+ events: \d+ failed$/m);
  const twice = await runReal(['merge', parts[0]!, parts[0]!]);
  expect(twice).toMatchObject({ code: 2, stdout: '' });
  expect(twice.stderr).toMatch(/^psynclab: the records cannot be joined: seed 1 of .* is in two of them\n$/);
});

test('what was kept is not played again, and the end is the same', async () => {
  const kept = join(directory, 'kept.json');
  const resumed = (...words: string[]) => swept('--resume', kept, '--jobs', '1', ...words);
  await resumed('--seeds', '30');
  const before = JSON.parse(readFileSync(kept, 'utf8'));
  expect(before).toMatchObject({ runs: 30, scenarios: [{ played: [{ first: 1, last: 30 }] }] });

  writeFileSync(kept, JSON.stringify({ ...before, events: 0 }));
  await resumed('--seeds', '30');
  expect(JSON.parse(readFileSync(kept, 'utf8')).events).toBe(0);

  writeFileSync(kept, JSON.stringify(before));
  const { stdout } = await resumed('--seeds', '60', '--json');
  const whole = await swept('--seeds', '60', '--json');
  expect(JSON.parse(stdout)).toEqual(JSON.parse(whole.stdout));
  expect(JSON.parse(readFileSync(kept, 'utf8'))).toEqual(JSON.parse(whole.stdout));
});

test('the record of another sweep, or of none, is not gone on from', async () => {
  const kept = join(directory, 'other.json');
  await swept('--resume', kept, '--seeds', '1');
  const text = readFileSync(kept, 'utf8');
  const other = await swept('--resume', kept, '--seeds', '1', '--set', 'A.hz=20');
  expect(other).toMatchObject({ code: 2, stdout: '' });
  expect(other.stderr).toContain('other.json is the record of another sweep\n');
  expect(readFileSync(kept, 'utf8')).toBe(text);

  const none = await swept('--resume', file, '--seeds', '1');
  expect(none).toMatchObject({ code: 2, stderr: `psynclab: --resume ${file} is no JSON\n` });
  expect(readFileSync(file, 'utf8')).toBe(STORM);
});

test('stopped by ctrl-C, it keeps what it knows', async () => {
  const kept = join(directory, 'stopped.json');
  const { code } = await runReal(['sweep', file, '--seeds', '100000', '--resume', kept], {
    interruptedAt: 0,
  });
  expect(code).toBe(130);
  expect(JSON.parse(readFileSync(kept, 'utf8')).runs).toBeGreaterThan(0);
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
