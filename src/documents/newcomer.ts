import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Reader } from './examples.ts';

/**
 * Does what a document says in a shell, in a folder that has only the checkout's `hunts`; `npx psynclab` is the built
 * program.
 */
export class Newcomer implements Reader {
  readonly #home = mkdtempSync(join(tmpdir(), 'psynclab-document-'));
  readonly #folder = join(this.#home, 'work');
  readonly #bin = join(this.#home, 'bin');

  constructor(program: string) {
    mkdirSync(this.#folder);
    mkdirSync(this.#bin);
    symlinkSync(join(dirname(program), '../../../hunts'), join(this.#folder, 'hunts'));
    const npx = `#!/bin/sh\nshift\nexec '${process.execPath}' '${program}' "$@"\n`;
    writeFileSync(join(this.#bin, 'npx'), npx, { mode: 0o755 });
  }

  write(path: string, text: string): void {
    const file = join(this.#folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  run(command: string): string {
    const { stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: this.#folder,
      encoding: 'utf8',
      env: { PATH: `${this.#bin}:${process.env.PATH}`, NO_COLOR: '1' },
    });
    return (stdout + stderr).trimEnd();
  }

  leave(): void {
    rmSync(this.#home, { recursive: true });
  }
}
