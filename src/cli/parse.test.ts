import { expect, test } from 'vitest';
import { UsageError } from './errors.ts';
import { helpText } from './help.ts';
import { COMMAND_NAMES, commandSpec } from './options.ts';
import { parseCommandLine } from './parse.ts';

/** The message and hint of what a command line is refused for. */
function refusal(...argv: string[]): string {
  try {
    parseCommandLine(argv);
  } catch (error) {
    if (error instanceof UsageError) return [error.message, error.hint].join('; ');
    throw error;
  }
  throw new Error('was not refused');
}

test('operands, a lone dash and what follows -- are taken as they are', () => {
  expect(parseCommandLine(['run', 'a.yaml', '-', '007', '--', '--b.yaml'])).toEqual({
    kind: 'command',
    command: 'run',
    operands: ['a.yaml', '-', '007', '--b.yaml'],
    options: {},
  });
});

test('an option takes one word, so that the next one can be a file', () => {
  const parsed = parseCommandLine([
    'run',
    '--reporter',
    'junit',
    'a.yaml',
    '--set',
    'A.hz=50',
    'b.yaml',
    '--set=C=D.x=1',
  ]);
  expect(parsed).toMatchObject({
    operands: ['a.yaml', 'b.yaml'],
    options: { reporter: 'junit', set: ['A.hz=50', 'C=D.x=1'] },
  });
});

test('a seed is a text: nothing is lost of it', () => {
  for (const seed of ['007', '0x10', '1e3', '18446744073709551616', '-5', ' 7', 'true']) {
    expect(parseCommandLine(['run', 'a.yaml', '--seed', seed])).toMatchObject({ options: { seed } });
  }
});

test('a flag takes no value: --json=yes would mean no', () => {
  expect(refusal('run', 'a.yaml', '--json=yes')).toBe('--json takes no value; leave out =yes');
  expect(refusal('run', 'a.yaml', '--bail=3')).toBe('--bail takes no value; leave out =3');
});

test('names that every object has, or yargs uses, are no options', () => {
  for (const name of ['constructor', '__proto__', '__proto__.x', 'toString=1', '_=1', '$0=1']) {
    expect(refusal('run', 'a.yaml', `--${name}`)).toContain('there is no option --');
  }
  expect(parseCommandLine(['run', '--', '--constructor'])).toMatchObject({ operands: ['--constructor'] });
});

test('the word help asks for help', () => {
  expect(parseCommandLine(['help'])).toEqual({ kind: 'help', command: null });
  expect(parseCommandLine(['help', 'run'])).toEqual({ kind: 'help', command: 'run' });
});

test('what is misspelled is refused with the nearest word', () => {
  expect(refusal('rnu', 'a.yaml')).toBe('there is no command "rnu"; did you mean run?');
  expect(refusal('run', '--repotrer', 'tap')).toBe('run has no option --repotrer; did you mean --reporter?');
  expect(refusal('run', '--reporter', 'juint')).toBe('--reporter knows no "juint"; did you mean junit?');
  expect(refusal('run', '--reporter', 'html')).toContain(
    'it is one of text, json, ndjson, tap, junit, github',
  );
  expect(refusal('run', '-x')).toContain('run has no option -x');
  expect(refusal('frobnicate')).toContain('commands are run, explain');
});

test('an option of another command is refused with whose it is', () => {
  expect(refusal('run', '--out', 'x')).toBe('run has no option --out; it is an option of report');
  expect(refusal('schema', '--seed', '1')).toBe('schema has no option --seed; it is an option of run');
});

test('a value is neither missing nor there twice', () => {
  expect(refusal('run', '--seed')).toContain('--seed needs a value');
  expect(refusal('run', '--seed=', 'x')).toContain('--seed needs a value');
  expect(refusal('run', '--no-seed')).toContain('--seed needs a value');
  expect(refusal('run', '--seed', '1', '--seed', '2')).toContain('--seed was given more than once');
});

test('schema takes no operand', () => {
  expect(refusal('schema', 'x')).toContain('schema takes no "x"');
});

test('help and version win', () => {
  expect(parseCommandLine(['run', '--help', '--wrong'])).toEqual({ kind: 'help', command: 'run' });
  expect(parseCommandLine(['-h'])).toEqual({ kind: 'help', command: null });
  expect(parseCommandLine(['--seed', '7', '--version'])).toEqual({ kind: 'version' });
});

test('colour can be switched off and on', () => {
  expect(parseCommandLine(['run', '--no-color', 'a'])).toMatchObject({ options: { color: false } });
  expect(parseCommandLine(['run', '--color', 'a'])).toMatchObject({
    options: { color: true },
    operands: ['a'],
  });
});

test('the help names every command, and of each every option', () => {
  for (const name of COMMAND_NAMES) {
    expect(helpText(null)).toContain(`  ${commandSpec(name).usage}`);
    for (const option of commandSpec(name).options) expect(helpText(name)).toContain(`  --${option}`);
  }
});

test('no line of the help is wider than 100 columns', () => {
  for (const name of [null, ...COMMAND_NAMES]) {
    for (const line of helpText(name).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  }
});
