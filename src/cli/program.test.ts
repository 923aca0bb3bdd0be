import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VERSION } from '../version.ts';
import { play, stageWith } from './fakes.test-helper.ts';

const ONE = { 'a.yaml': 'nodes:\nname: one\n' };
const TWO = { ...ONE, 'b.yaml': 'nodes:\nname: two\n' };

test('the version is that of package.json', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(VERSION).toBe(version);
  expect(await play(stageWith({}), '--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('help goes to standard output, and without any word to standard error with code 2', async () => {
  expect(await play(stageWith({}), '--help')).toMatchObject({ code: 0, stderr: '' });
  expect(await play(stageWith({}), 'run', '--help')).toMatchObject({ code: 0, stderr: '' });
  expect(await play(stageWith({}))).toMatchObject({ code: 2, stdout: '' });
});

test('a run that holds: the story on standard output, notes on standard error, code 0', async () => {
  const stage = stageWith(ONE);
  const { code, stdout, stderr } = await play(stage, 'run', 'a.yaml');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^one · seed 7 · redis-5\.0\n/);
  expect(stdout).toContain('once upon a time');
  expect(stderr).toBe('a.yaml:2:3: note: tcp-keepalive has no effect\n');
  expect(stage.runs).toEqual([{ seed: '7', maxEvents: 100_000_000, story: true }]);
});

test('a run that fails has code 1 and the command that repeats it, with all that changed it', async () => {
  const stage = { ...stageWith({ 'a b.yaml': ONE['a.yaml'] }), failing: ['9'] };
  const words = [
    '--seed',
    '9',
    '--set',
    'A<->B.latency=75ms',
    '--profile',
    'redis-5.0',
    '--max-events',
    '500',
  ];
  const { code, stdout } = await play(stage, 'run', 'a b.yaml', ...words);
  expect(code).toBe(1);
  expect(stdout).toContain(
    "repeat: npx psynclab run 'a b.yaml' --seed 9 --profile redis-5.0 --set 'A<->B.latency=75ms' --max-events 500\n",
  );
  expect(stage.runs[0]).toMatchObject({ seed: '9', maxEvents: 500 });
});

test('the wrong in all files is reported before anything runs, without a stack', async () => {
  const stage = stageWith({ ...ONE, 'b.yaml': 'nodes:\nproblem: bad\nproblem: worse\u001b[2J' });
  const { code, stdout, stderr } = await play(stage, 'run', 'a.yaml', 'b.yaml', 'missing.yaml');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(
    [
      'missing.yaml: no such file or directory',
      'b.yaml:2:1: bad',
      '  hint: mend it',
      'b.yaml:3:1: worse\\x1b[2J',
      '  hint: mend it',
      '',
    ].join('\n'),
  );
  expect(stage.runs).toEqual([]);
});

test('a wrong command line has code 2, one line, and a hint', async () => {
  const { code, stdout, stderr } = await play(stageWith(ONE), 'run', 'a.yaml', '--sed', '3');
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: 'psynclab: run has no option --sed\n  hint: did you mean --seed?\n',
  });
});

test.each([
  ['run'],
  ['run', 'a.yaml', '--seed', '1', '--seeds', '3'],
  ['run', 'a.yaml', '--json', '--reporter', 'tap'],
  ['run', 'a.yaml', '--max-events', '0'],
  ['run', 'a.yaml', '--max-events', '1e6'],
  ['run', 'a.yaml', '--seeds', '0'],
  ['run', 'a.yaml', '--case', 'x=1'],
  ['run', 'a.yaml', '--case', 'x'],
  ['report'],
  ['report', 'a.yaml', '--format', 'pdf'],
  ['init', 'nothing'],
  ['init', 'backlog', 'herd'],
])('refused with code 2 and nothing on standard output: %s %s %s %s %s', async (...argv) => {
  const stage = stageWith(ONE);
  const { code, stdout, stderr } = await play(stage, ...argv.filter((word) => word !== undefined));
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^psynclab: .+\n( {2}hint: .+\n)?$/);
  expect(stage.runs).toEqual([]);
});

test('--seeds runs each seed of each file in order', async () => {
  const { stdout, code } = await play(stageWith(TWO), 'run', '.', '--seeds', '3..4', '--json');
  expect(code).toBe(0);
  const runs = JSON.parse(stdout).map(
    (run: { scenario: string; seed: string }) => `${run.scenario} ${run.seed}`,
  );
  expect(runs).toEqual(['./a.yaml 3', './a.yaml 4', './b.yaml 3', './b.yaml 4']);
});

test('of many failing seeds only the first of a scenario is told, and it is run twice', async () => {
  const stage = { ...stageWith(ONE), failing: ['2', '3'] };
  const { code, stdout } = await play(stage, 'run', 'a.yaml', '--seeds', '3');
  expect(code).toBe(1);
  expect(stdout.match(/once upon a time/g)).toHaveLength(1);
  expect(stdout).toContain('3 runs: 1 passed, 2 failed');
  expect(stage.runs.map(({ seed, story }) => `${seed} ${story}`)).toEqual([
    '1 false',
    '2 false',
    '2 true',
    '3 false',
  ]);
});

test('--bail stops at the first failure', async () => {
  const stage = { ...stageWith(ONE), failing: ['2'] };
  const { code, stdout } = await play(
    stage,
    'run',
    'a.yaml',
    '--seeds',
    '9',
    '--bail',
    '--reporter',
    'ndjson',
  );
  expect(code).toBe(1);
  expect(stdout.trim().split('\n')).toHaveLength(2);
});

test('--case chooses among the cases, and a misspelled value gets the nearest', async () => {
  const stage = stageWith({ 'a.yaml': 'nodes:\nname: one\nname: two\n' });
  const chosen = await play(stage, 'run', 'a.yaml', '--case', 'size=1kb', '--json');
  expect(JSON.parse(chosen.stdout).map((run: { case: unknown }) => run.case)).toEqual([{ size: '1kb' }]);
  expect((await play(stage, 'run', 'a.yaml', '--case', 'size=1kp')).stderr).toContain('did you mean 1kb?');
  expect((await play(stage, 'run', 'a.yaml', '--case', 'siez=1kb')).stderr).toContain('did you mean size?');
});

test('a failing case is repeated by its case', async () => {
  const stage = { ...stageWith({ 'a.yaml': 'nodes:\nname: one\nname: two\n' }), failing: ['7'] };
  const { stdout } = await play(stage, 'run', 'a.yaml', '--case', 'size=1kb');
  expect(stdout).toContain('repeat: npx psynclab run a.yaml --seed 7 --case size=1kb\n');
});

test('standard input is a scenario called -', async () => {
  const stage = { ...stageWith({}), stdin: ONE['a.yaml'] };
  expect(JSON.parse((await play(stage, 'run', '-', '--json')).stdout)[0].scenario).toBe('-');
});

test('an exception of the simulator is a contradiction: one line, the command, code 3, and a whole document', async () => {
  const stage = stageWith(ONE);
  stage.run = (_scenario, { seed }) => {
    if (seed === '2') throw new Error('offset went\nbackwards');
  };
  const { code, stdout, stderr } = await play(stage, 'run', 'a.yaml', '--seeds', '5', '--json');
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toHaveLength(1);
  expect(stderr).toContain(
    'psynclab contradicted itself: offset went\\nbackwards\nrepeat it with: npx psynclab run a.yaml --seed 2\n',
  );
  expect(stderr).not.toContain('.ts:');
});

test('a scenario that turns out to be wrong while it runs has code 2, its place and its hint', async () => {
  const stage = stageWith(ONE);
  stage.run = () => {
    throw Object.assign(new Error('a.yaml:3:1: no such node'), {
      name: 'ScenarioRunError',
      hint: 'name one',
    });
  };
  const { code, stdout, stderr } = await play(stage, 'run', 'a.yaml', '--json');
  expect({ code, runs: JSON.parse(stdout) }).toEqual({ code: 2, runs: [] });
  expect(stderr).toMatch(/\na\.yaml:3:1: no such node\n {2}hint: name one\n$/);
});

test('two runs of one seed that differ are a contradiction', async () => {
  const stage = { ...stageWith(ONE), failing: ['2'], traceHash: (run: number) => `hash${run}` };
  const { code, stderr } = await play(stage, 'run', 'a.yaml', '--seeds', '3');
  expect(code).toBe(3);
  expect(stderr).toContain('psynclab contradicted itself: two runs of one seed differ: hash2 and hash3\n');
});

test('PSYNCLAB_DEBUG=1 adds the stack', async () => {
  const stage = { ...stageWith(ONE), env: { PSYNCLAB_DEBUG: '1' } };
  stage.run = () => {
    throw new Error('no');
  };
  expect((await play(stage, 'run', 'a.yaml')).stderr).toContain('program.test.ts');
});

test('an exception outside of a run is a contradiction too', async () => {
  const stage = stageWith(ONE);
  stage.pause = () => {
    throw new TypeError('not a function');
  };
  expect(await play(stage, 'run', 'a.yaml')).toMatchObject({ code: 3 });
});

test('ctrl-C between runs and during one: code 130 and what is known', async () => {
  const between = { ...stageWith(ONE), weather: { from: 2, is: 'interrupted' } as const };
  const first = await play(between, 'run', 'a.yaml', '--seeds', '5', '--json');
  expect(first.code).toBe(130);
  expect(JSON.parse(first.stdout)).toHaveLength(2);

  // Each run takes a pause before it and one in its middle.
  const during = { ...stageWith(ONE), pieces: 2, weather: { from: 3, is: 'interrupted' } as const };
  const second = await play(during, 'run', 'a.yaml', '--seeds', '5');
  expect(second.code).toBe(130);
  expect(second.stdout).toContain('1 run: 1 passed, 0 failed, interrupted with 4 not run');
  expect(second.stderr).toContain('interrupted during: npx psynclab run a.yaml --seed 2\n');
});

test('when nobody reads any more, it stops quietly', async () => {
  const stage = { ...stageWith(ONE), weather: { from: 1, is: 'closed' } as const };
  expect(await play(stage, 'run', 'a.yaml', '--seeds', '5', '--reporter', 'ndjson')).toMatchObject({
    code: 0,
  });
  expect(stage.runs).toHaveLength(1);
  const during = { ...stageWith(ONE), pieces: 2, weather: { from: 3, is: 'closed' } as const };
  const { code, stdout } = await play(during, 'run', 'a.yaml', '--seeds', '5', '--reporter', 'ndjson');
  expect({ code, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, lines: 1 });
});

test('a reporter gives the same bytes for the same runs', async () => {
  for (const reporter of ['text', 'json', 'ndjson', 'tap', 'junit', 'github']) {
    const words = ['run', '.', '--seeds', '4', '--reporter', reporter];
    const first = await play({ ...stageWith(TWO), failing: ['2', '4'] }, ...words);
    const second = await play({ ...stageWith(TWO), failing: ['2', '4'] }, ...words);
    expect(first.code).toBe(1);
    expect(second.stdout, reporter).toBe(first.stdout);
  }
});

test('--suggest adds expectations: to text, and beside other documents', async () => {
  const stage = stageWith(ONE);
  expect((await play(stage, 'run', 'a.yaml', '--suggest')).stdout).toContain(
    '\nexpect:\n  - { converged: [A] }\n',
  );
  const json = await play(stage, 'run', 'a.yaml', '--suggest', '--json');
  expect(JSON.parse(json.stdout)).toHaveLength(1);
  expect(json.stderr).toContain('expect:\n');
});

test('list names scenarios with their tags, or the tags', async () => {
  const stage = stageWith({
    'scenarios/a.yaml': 'nodes:\nname: one\nname: two\n',
    'scenarios/bb.yaml': TWO['b.yaml'],
  });
  expect((await play(stage, 'list')).stdout).toBe(
    'scenarios/a.yaml   one (2 cases, lesson, one)\nscenarios/bb.yaml  two (lesson, two)\n',
  );
  expect((await play(stage, 'list', '--tags')).stdout).toBe(
    'lesson  2 scenarios\none  1 scenario\ntwo  1 scenario\n',
  );
  expect(JSON.parse((await play(stage, 'list', '--json')).stdout)[0]).toMatchObject({
    scenario: 'scenarios/a.yaml',
    name: 'one',
    tags: ['lesson', 'one'],
    cases: 2,
  });
  expect(JSON.parse((await play(stage, 'list', '--tags', '--json')).stdout)[0]).toEqual({
    tag: 'lesson',
    scenarios: 2,
  });
});

test('list on a terminal: a heading for each topic, and a line for each scenario', async () => {
  const stage = stageWith({
    'scenarios/1/a.yaml': 'nodes:\nname: one\n',
    'scenarios/1/a-long-name.yaml': 'nodes:\nname: a name longer than the line\n',
    'scenarios/2/b.yaml': 'nodes:\nname: two\n',
  });
  stage.columns = 40;
  stage.env = { NO_COLOR: '1' };
  expect((await play(stage, 'list')).stdout).toBe(
    [
      'scenarios/1/  2 scenarios',
      '  a-long-name.yaml  a name longer than …',
      '  a.yaml            one',
      '',
      'scenarios/2/  1 scenario',
      '  b.yaml  two',
      '',
    ].join('\n'),
  );
});

test('--tag chooses scenarios', async () => {
  const stage = stageWith({ 'a.yaml': 'nodes:\nname: one\n', 'b.yaml': TWO['b.yaml'] });
  expect((await play(stage, 'list', '.', '--tag', 'two', '--tag', 'lesson')).stdout).toBe(
    './b.yaml  two (lesson, two)\n',
  );
  const { code, stdout, stderr } = await play(stage, 'run', '.', '--tag', 'tow');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe('psynclab: --tag tow matches nothing\n  hint: did you mean two?\n');
  expect((await play(stage, 'run', '.', '--tag', 'one', '--tag', 'two')).code).toBe(2);
  expect(stage.runs).toEqual([]);
});

test('list --mutants tells what can be broken, in the order of the catalogue', async () => {
  const stage = stageWith({});
  const { code, stdout } = await play(stage, 'list', '--mutants');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^no-replid2 {2}since 4\.0-rc1 \(2669fb836\)\n {2}A promoted replica keeps no second id/,
  );
  expect(stdout).toContain('\ncount-postponed  since 6.2.6 (1b83353dc); redis-7.0 only\n');
  expect(JSON.parse((await play(stage, 'list', '--mutants', '--json')).stdout)[0]).toMatchObject({
    mutant: 'no-replid2',
    reference: 'since 4.0-rc1 (2669fb836)',
    profile: null,
  });
  expect(await play(stage, 'list', '--mutants', 'a.yaml')).toMatchObject({ code: 2, stdout: '' });
});

test('init prints a template, or writes a file that was not there', async () => {
  const stage = stageWith({});
  const { stdout } = await play(stage, 'init', 'backlog');
  expect(stdout).toMatch(/^# How large must the backlog be/);
  const written = await play(stage, 'init', 'backlog', '--out', 'mine.yaml');
  expect(written).toMatchObject({ code: 0, stdout: '' });
  expect(readFileSync(join(stage.cwd, 'mine.yaml'), 'utf8')).toBe(stdout);
  expect(await play(stage, 'init', 'herd', '--out', 'mine.yaml')).toMatchObject({ code: 2, stdout: '' });
  expect(readFileSync(join(stage.cwd, 'mine.yaml'), 'utf8')).toBe(stdout);
  expect((await play(stage, 'init', 'herd', '--out', 'no/such/dir.yaml')).code).toBe(2);
  expect(existsSync(join(stage.cwd, 'no'))).toBe(false);
});

test('schema prints JSON', async () => {
  expect(JSON.parse((await play(stageWith({}), 'schema')).stdout)).toEqual({ title: 'scenario' });
});
