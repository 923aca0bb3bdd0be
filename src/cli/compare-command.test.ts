import { describe, expect, test } from 'vitest';
import { runReal } from './real.test-helper.ts';

const OVERWRITTEN = 'scenarios/03-backlog/overwritten-while-the-link-was-down.yaml';
const VERSION = ['--case', 'profile=redis-5.0'];
const SMALL = [...VERSION, '--case', 'backlog=16kb'];
const HALF_OPEN = 'scenarios/04-timeouts/half-open-link-only-one-side-knows.yaml';

const compared = (...argv: string[]) => runReal(['compare', ...argv]);

test('one file and what --set changes: where the runs part, the rule it turns on, what followed', async () => {
  const { code, stdout, stderr } = await compared(
    ...[OVERWRITTEN, ...SMALL, '--set', 'A.repl-backlog-size=64kb'],
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^ {2}< .* as it is$/m);
  expect(stdout).toMatch(/^ {2}> .* --set A\.repl-backlog-size=64kb$/m);
  expect(stdout).toMatch(/^the same in \d+ steps, until 8\.\d{3}s$/m);
  expect(stdout).toContain(
    'it turns on "offset is not before the backlog":\n  < 51 >= 28467: no\n  > 51 >= 1: yes\n',
  );
  expect(stdout).toMatch(/^ {2}full resyncs +2 +→ 1$/m);
});

test('two cases of one file', async () => {
  const { stdout } = await compared(OVERWRITTEN, ...SMALL, '--case', 'backlog=64kb');
  expect(stdout).toMatch(
    /^ {2}< 8\.\d{3}s {2}B asks A {2}PSYNC A#2 51: full\/backlog-overwritten, 28416 bytes\n {12}missing$/m,
  );
  expect(stdout).toMatch(
    /^ {2}> 8\.\d{3}s {2}B asks A {2}PSYNC A#2 51: partial\/replid, sends 44800 bytes$/m,
  );
});

test('a run and itself are the same to the end', async () => {
  const file = 'scenarios/06-failover/promoted-replica-serves-its-siblings.yaml';
  const { stdout } = await compared(file, file);
  expect(stdout).toMatch(/^the runs are the same in all of their \d+ steps$/m);
});

test('both are played with one seed, that of the left file', async () => {
  const { stdout } = await compared(OVERWRITTEN, ...SMALL, '--set', 'A.hz=10', '--seed', '9');
  expect(stdout).toMatch(/· seed 9$/m);
  expect(stdout).toMatch(/^the runs are the same/m);
});

test('a change of the link alone shows as another time on the way', async () => {
  const failover = 'scenarios/06-failover/promoted-replica-serves-its-siblings.yaml';
  const { stdout } = await compared(failover, '--set', 'A<->B.latency=75ms');
  expect(stdout).toMatch(/^ {2}> .*B → A {2}SYN \(takes 75 ms\)$/m);
});

test.each([40, 80, 160])('no line is wider than a terminal of %i columns', async (columns) => {
  const { stdout } = await runReal(['compare', OVERWRITTEN, ...SMALL, '--case', 'backlog=64kb'], {
    columns,
  });
  const body = stdout.split('\n').slice(4);
  expect(body.filter((line) => line.length > columns)).toEqual([]);
});

describe('wrong words', () => {
  test.each([
    [[], 'psynclab: compare what?\n  hint: two scenario files, or one and what to change\n'],
    [['a', 'b', 'c'], 'psynclab: compare takes two files at most\n'],
    [
      [HALF_OPEN],
      `psynclab: compare ${HALF_OPEN} with what?\n  hint: a second file, --set, --profile, or a --case with two values\n`,
    ],
    [
      [OVERWRITTEN, ...VERSION, '--set', 'A.hz=20'],
      `psynclab: ${OVERWRITTEN} has 2 cases\n  hint: choose one: --case backlog=16kb, --case backlog=64kb\n`,
    ],
    [
      ['scenarios/03-backlog', OVERWRITTEN],
      /^psynclab: scenarios\/03-backlog has \d+ scenarios\n {2}hint: name one file\n$/m,
    ],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr } = await compared(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    if (typeof message === 'string') expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
  });
});
