import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchSegment, parseGlob } from './glob.ts';
import { parseSeeds, seedCount } from './seeds.ts';
import { commandLine, shellQuote } from './shell.ts';

test('seeds are a number of them or a range with both ends', () => {
  expect(parseSeeds('200')).toEqual({ first: 1, last: 200 });
  expect(parseSeeds('5..90')).toEqual({ first: 5, last: 90 });
  expect(parseSeeds('0..0')).toEqual({ first: 0, last: 0 });
  expect(seedCount(parseSeeds('5..90'))).toBe(86);
});

test('no seeds, and what is no number of them, are refused', () => {
  for (const text of ['0', '9..5', '', 'x', '1...3', '-3', '1.5', '5..', '..5', '99999999999999999999']) {
    expect(() => parseSeeds(text), text).toThrow('--seeds');
  }
});

test('* and ? match as in a shell: not a leading dot', () => {
  expect(matchSegment('*.yaml', 'a.yaml')).toBe(true);
  expect(matchSegment('*.yaml', '.yaml')).toBe(false);
  expect(matchSegment('.*', '.yaml')).toBe(true);
  expect(matchSegment('a?c*e', 'abcde')).toBe(true);
  expect(matchSegment('a?c*e', 'ace')).toBe(false);
  expect(matchSegment('*', '')).toBe(true);
  expect(matchSegment('a(b', 'a(b')).toBe(true);
});

test('* matches what the same regular expression does', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const names = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(letters, names, (pattern, name) => {
      const regex = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matchSegment(pattern, name)).toBe(regex.test(name));
    }),
  );
});

test('many stars cost no exponential time', () => {
  expect(matchSegment(`${'*a'.repeat(30)}b`, 'a'.repeat(5000))).toBe(false);
});

test('a glob starts at the directory before its first wildcard', () => {
  expect(parseGlob('a/b/*/c.yaml')).toEqual({ base: 'a/b', segments: ['*', 'c.yaml'] });
  expect(parseGlob('*.yaml')).toEqual({ base: '', segments: ['*.yaml'] });
  expect(parseGlob('/*.yaml')).toEqual({ base: '/', segments: ['*.yaml'] });
  expect(parseGlob('./**/*.yaml')).toEqual({ base: '.', segments: ['**', '*.yaml'] });
});

test('a quoted word means itself to a shell', () => {
  for (const word of [
    'a.yaml',
    "it's",
    'A<->B.latency=75ms',
    '$(x) `y` "z"',
    'a\nb\u001b\t\\',
    '日本\u202e🚀\u0007',
    '',
    '*',
  ]) {
    const echoed = spawnSync('bash', ['-c', `printf %s ${shellQuote(word)}`], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
    });
    expect(echoed.stdout).toBe(word);
  }
});

test('a command to repeat has no control character and quotes only what needs it', () => {
  expect(commandLine(['run', 'a b.yaml', '--seed', '7', '\u001b'])).toBe(
    "npx psynclab run 'a b.yaml' --seed 7 $'\\U0000001b'",
  );
});
