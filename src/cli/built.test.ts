import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

// What only a real process shows. `npm test` builds before it tests.
const PROGRAM = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

beforeAll(() => {
  if (!existsSync(PROGRAM)) throw new Error('there is no dist/: npm run build makes it');
});

function psynclab(...argv: readonly string[]) {
  return spawnSync(process.execPath, [PROGRAM, ...argv], { encoding: 'utf8' });
}

test('the built program answers with the version', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(psynclab('--version')).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('a wrong command line: exit code 2 and no stack', () => {
  const { status, stdout, stderr } = psynclab('run', '--sed', '3');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toBe('psynclab: run has no option --sed\n  hint: did you mean --seed?\n');
});

test('the messages are English in every locale', () => {
  const env = { ...process.env, LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'de' };
  const { stderr } = spawnSync(process.execPath, [PROGRAM, 'run', '--seed'], { encoding: 'utf8', env });
  expect(stderr).toBe('psynclab: --seed needs a value\n');
});

test('the templates came along with the build', () => {
  for (const name of ['failover', 'backlog', 'herd', 'restart']) {
    expect(psynclab('init', name)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('\nnodes:\n'),
    });
  }
});

test('help asks for no part of the simulator', () => {
  // A loader that refuses to load what help has no need of.
  const guard = `data:text/javascript,${encodeURIComponent(`
    import { register } from 'node:module';
    const source = 'export async function load(url, context, next) {' +
      'if (/[/]dist[/](sim|src[/](run|scenario[/](?!nearest)))/.test(url)) throw new Error("loads " + url);' +
      'return next(url, context); }';
    register('data:text/javascript,' + encodeURIComponent(source));
  `)}`;
  for (const words of [['--help'], ['--version'], ['run', '--help'], ['init']]) {
    const { status, stderr } = spawnSync(process.execPath, ['--import', guard, PROGRAM, ...words], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }
});

const ENDLESS = [
  'run',
  fileURLToPath(new URL('./templates/failover.yaml', import.meta.url)),
  ...['--seeds', '1000000000', '--reporter', 'ndjson'],
];

/** Starts a run without end, does something to it after its first line, and waits for its end. */
async function disturb(how: (child: ChildProcessByStdio<null, Readable, Readable>) => void) {
  const child = spawn(process.execPath, [PROGRAM, ...ENDLESS], { stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (part) => {
    written.stdout += part;
  });
  child.stderr.on('data', (part) => {
    written.stderr += part;
  });
  child.stdout.once('data', () => how(child));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, ...written };
}

test('ctrl-C: code 130 and every run that was over, whole', async () => {
  const { code, stdout } = await disturb((child) => child.kill('SIGINT'));
  expect(code).toBe(130);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).seed)).toEqual(lines.map((_, index) => String(index + 1)));
});

test('a reader that goes away ends the program quietly', async () => {
  const { code, stderr } = await disturb((child) => child.stdout.destroy());
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('from a removed directory, and with a full disk behind standard output: a message and no stack', () => {
  const script = 'cd "$(mktemp -d)" && rmdir "$PWD" && "$0" "$1" run a.yaml; "$0" "$1" schema > /dev/full';
  const { status, stderr } = spawnSync('sh', ['-c', script, process.execPath, PROGRAM], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toBe(
    'a.yaml: no such file or directory\n' + 'psynclab: standard output cannot be written: no space is left\n',
  );
});
