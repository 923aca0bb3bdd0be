import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const LEFTOVERS = new URL('../../dist/src/conform/leftovers.js', import.meta.url).href;

/** A program that keeps a directory and a process, and tells when that process is destroyed. */
const PROGRAM = (directory: string): string => `
  const { leftovers } = await import(${JSON.stringify(LEFTOVERS)});
  leftovers.addDirectory(${JSON.stringify(directory)});
  leftovers.addProcess({ destroy: () => process.stdout.write('destroyed\\n') });
  setInterval(() => {}, 1000);
  process.stdout.write('ready\\n');
`;

async function ended(signal: NodeJS.Signals): Promise<{ code: number | null; text: string; left: boolean }> {
  const directory = mkdtempSync(join(tmpdir(), 'psynclab-leftovers-'));
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM(directory)]);
  let text = '';
  child.stdout.on('data', (part) => {
    text += String(part);
    if (text === 'ready\n') child.kill(signal);
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, text, left: existsSync(directory) };
}

describe('a program that ends by a signal takes its servers and directories with it', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s: exit code %i', async (signal, code) => {
    expect(await ended(signal)).toEqual({ code, text: 'ready\ndestroyed\n', left: false });
  });
});
