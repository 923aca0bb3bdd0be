import { expect, test } from 'vitest';
import { type Outcome, runReal } from './real.test-helper.ts';

const OVERWRITTEN = 'scenarios/03-backlog/overwritten-while-the-link-was-down.yaml';
const SMALL = ['--case', 'profile=redis-5.0', '--case', 'backlog=16kb'];
const LARGE = ['--case', 'profile=redis-5.0', '--case', 'backlog=64kb'];

/** Runs `explain`; answers are what the reader types. */
function explained(argv: readonly string[], answers: readonly string[] = []): Promise<Outcome> {
  return runReal(['explain', ...argv], { answers });
}

test('a file: the table of all decisions, then the full syncs rule by rule', async () => {
  const { code, stdout, stderr } = await explained([OVERWRITTEN, ...SMALL]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^#1 .*B → A {2}PSYNC \? -1 {4}full\/forced$/m);
  expect(stdout).toMatch(/^#2 .*B → A {2}PSYNC A#2 51 {2}full\/backlog-overwritten$/m);
  expect(stdout).toMatch(/^ {4}no {3}offset is not before the backlog {2}51 >= 28467$/m);
  expect(stdout).toContain('partial/replid: A.repl-backlog-size of at least 44800 bytes (it was 16384)');
});

test('a partial decision is told only where it is asked for', async () => {
  const words = [OVERWRITTEN, ...LARGE];
  expect((await explained(words)).stdout).not.toContain('so: partial/replid');
  expect((await explained([...words, '--decision', '2'])).stdout).toContain('so: partial/replid');
});

test('--node and --around narrow it', async () => {
  const failover = 'scenarios/06-failover/promoted-replica-serves-its-siblings.yaml';
  const numbers = async (...words: string[]): Promise<string[]> =>
    [...(await explained([failover, ...words])).stdout.matchAll(/^(#\d+) {2}.*\//gm)].map(([, n]) => n!);
  expect(await numbers()).toEqual(['#1', '#2', '#3', '#4']);
  expect(await numbers('--node', 'C')).toEqual(['#2', '#3']);
  expect(await numbers('--around', '12s')).toEqual(['#3', '#4']);
  expect(await numbers('--node', 'C', '--around', '0s')).toEqual(['#2']);
});

test('--state tells which fields changed, by their names in Redis', async () => {
  const { stdout } = await explained([
    'scenarios/06-failover/promoted-replica-serves-its-siblings.yaml',
    ...['--node', 'B', '--around', '9s', '--state'],
  ]);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'replid A#2 → B#2; replid2 none → A#2; second_replid_offset -1 →',
  );
});

test('--json holds the same as data', async () => {
  const { stdout } = await explained([OVERWRITTEN, ...SMALL, '--json']);
  const [run] = JSON.parse(stdout) as { explanations: { decision: string; counterfactuals: unknown[] }[] }[];
  expect(run!.explanations.map(({ decision }) => decision)).toEqual([
    'full/forced',
    'full/backlog-overwritten',
  ]);
  expect(run!.explanations[1]!.counterfactuals).toHaveLength(2);
});

test('--ask tells nothing before the guess, and counts what was right', async () => {
  const words = [OVERWRITTEN, ...SMALL, '--ask'];
  const before = await explained(words);
  expect(before.stdout).toContain('It has no backlog.');
  expect(before.stdout).not.toContain('full/forced');
  const after = await explained(words, ['full', 'p']);
  expect(after.stdout).toContain('right:');
  expect(after.stdout).toContain('not partial:');
  expect(after.stdout).toMatch(/\n1 of 2 guessed right\n$/);
});

test('a line of a log, and a decision by its name', async () => {
  const line = await explained(['MASTER timeout: no data nor PING received...']);
  expect(line.stdout).toMatch(/^MASTER timeout/);
  expect(line.stdout).toContain('usual causes:');
  expect(line.stdout).toContain(
    'its lesson: scenarios/04-timeouts/silent-partition-both-sides-find-out.yaml',
  );
  const name = JSON.parse((await explained(['full/replid2-offset', '--json'])).stdout) as { title: string }[];
  expect(name.map(({ title }) => title)).toEqual(['full/replid2-offset']);
});

test.each([
  [[], 'explain what?'],
  [['no such thing'], 'nothing is known of "no such thing"'],
  [['full/replid-mismatsch'], 'did you mean "full/replid-mismatch"?'],
  [['nowhere.yaml'], 'nowhere.yaml: no such file'],
  [[OVERWRITTEN, '--decision', '0'], '--decision cannot be "0"'],
  [[OVERWRITTEN, '--decision', '9'], 'there is no decision 9'],
  [[OVERWRITTEN, '--node', 'Z'], 'there is no node Z'],
  [[OVERWRITTEN, '--around', '12'], '--around cannot be "12"'],
  [[OVERWRITTEN, '--ask', '--json'], '--ask needs a reader'],
  [[OVERWRITTEN, OVERWRITTEN], 'explain takes one file'],
])('%j is refused with a reason', async (argv, reason) => {
  const { code, stdout, stderr } = await explained(argv);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(reason);
});
