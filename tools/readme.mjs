// Runs the examples of README.md again and puts what they print in its place; of an example shown from `…` on, as
// many last lines as were shown. src/cli/readme.test.ts fails while an example is stale.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'dist/src/cli/main.js');
const file = join(root, 'README.md');
const readme = readFileSync(file, 'utf8');
const directory = mkdtempSync(join(tmpdir(), 'psynclab-readme-'));

const scenario = /```yaml\n([^`]*)```/.exec(readme)[1];
writeFileSync(join(directory, 'one-byte.yaml'), scenario);
writeFileSync(join(directory, 'typo.yaml'), scenario.replace('replicaof', 'replicof'));

function print(command) {
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...command.split(' ')], {
    cwd: directory,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
  return (stdout + stderr).trimEnd();
}

const renewed = readme.replace(/```console\n\$ npx psynclab ([^\n]*)\n([^`]*)```/g, (_, command, shown) => {
  const lines = print(command).split('\n');
  const isTail = shown.startsWith('…\n');
  const count = shown.trimEnd().split('\n').length - 1;
  const output = isTail ? ['…', ...lines.slice(-count)] : lines;
  return `\`\`\`console\n$ npx psynclab ${command}\n${output.join('\n')}\n\`\`\``;
});
rmSync(directory, { recursive: true });
if (renewed === readme) console.log('readme: every example is current');
else {
  writeFileSync(file, renewed);
  console.log('readme: renewed');
}
