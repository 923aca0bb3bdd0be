import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

// The README shows what was really run: its scenario and its commands are run again here.
const PROGRAM = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

const directory = mkdtempSync(join(tmpdir(), 'psynclab-readme-'));
afterAll(() => rmSync(directory, { recursive: true }));

const scenario = /```yaml\n([^`]*)```/.exec(README)![1]!;
writeFileSync(join(directory, 'one-byte.yaml'), scenario);
writeFileSync(join(directory, 'typo.yaml'), scenario.replace('replicaof', 'replicof'));

const examples = [...README.matchAll(/```console\n\$ npx psynclab ([^\n]*)\n([^`]*)```/g)].map(
  ([, command, output]) => ({ command: command!, output: output! }),
);

test('the README has examples to be checked', () => {
  expect(examples.length).toBeGreaterThanOrEqual(4);
});

describe.each(examples)('the README: psynclab $command', ({ command, output }) => {
  test('prints what is shown', () => {
    const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...command.split(' ')], {
      cwd: directory,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, NO_COLOR: '1' },
    });
    const printed = (stdout + stderr).trimEnd();
    const shown = output.trimEnd();
    if (shown.startsWith('…\n')) expect(printed.endsWith(shown.slice(2)), printed).toBe(true);
    else expect(printed).toBe(shown);
  });
});
