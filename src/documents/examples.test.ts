import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isShown, play, type Reader, renew } from './examples.ts';
import { Newcomer } from './newcomer.ts';

const ROOT = new URL('../../', import.meta.url);
const PROGRAM = fileURLToPath(new URL('dist/src/cli/main.js', ROOT));

/** The documents whose commands are played, and how many they have at least. */
const DOCUMENTS: readonly (readonly [file: string, examples: number])[] = [
  ['README.md', 8],
  ['docs/first-scenario.md', 8],
  ['docs/language.md', 1],
];

describe.each(DOCUMENTS)('%s', (file, least) => {
  const newcomer = new Newcomer(PROGRAM);
  const examples = play(readFileSync(new URL(file, ROOT), 'utf8'), newcomer);
  newcomer.leave();

  test('has examples to be checked', () => {
    expect(examples.length).toBeGreaterThanOrEqual(least);
  });

  test.each(examples)('$command prints what is shown (npm run readme renews it)', (example) => {
    if (!isShown(example)) expect(example.printed.join('\n')).toBe(example.shown.join('\n'));
  });
});

/** Prints the lines of a word list, one for each word of the command. */
function echo(files: string[] = []): Reader {
  return {
    write: (path, text) => files.push(`${path}: ${text}`),
    run: (command) => command.split(' ').join('\n'),
  };
}

const shown = (...lines: string[]): string => ['```console', ...lines, '```', ''].join('\n');

test.each([
  ['all of it', ['a', 'b', 'c', 'd'], true],
  ['too little', ['a', 'b', 'c'], false],
  ['its beginning', ['a', '…'], true],
  ['its end', ['…', 'd'], true],
  ['another end', ['…', 'c'], false],
  ['something of its middle', ['a', '…', 'c', '…'], true],
  ['two things in the wrong order', ['…', 'c', '…', 'b', '…'], false],
  ['one line twice', ['a', '…', 'a', '…'], false],
  ['nothing at all', ['…'], false],
])('a document can show %s', (_, lines, is) => {
  const [example] = play(shown('$ a b c d', ...lines), echo());
  expect(isShown(example!)).toBe(is);
});

test('what is stale is renewed, as much of it as was shown', () => {
  expect(renew(shown('$ a b c', 'x'), echo())).toBe(shown('$ a b c', 'a', 'b', 'c'));
  expect(renew(shown('$ a b c', 'x', '…', 'y'), echo())).toBe(shown('$ a b c', 'a', '…', 'c'));
  expect(renew(shown('$ a b c', '…', 'c'), echo())).toBe(shown('$ a b c', '…', 'c'));
  expect(renew(shown('$ a b7 c', 'x', '…', 'b12', '…'), echo())).toBe(shown('$ a b7 c', 'a', '…', 'b7', '…'));
});

test('files are written before the commands that follow them, and installing is not played', () => {
  const files: string[] = [];
  const document = `<!-- file: a/b.yaml -->\n\`\`\`yaml\nx: 1\n\`\`\`\n\n${shown('$ npm ci', '$ one two', 'one', 'two')}`;
  const examples = play(document, echo(files));
  expect(files).toEqual(['a/b.yaml: x: 1\n']);
  expect(examples.map(({ command }) => command)).toEqual(['one two']);
});
