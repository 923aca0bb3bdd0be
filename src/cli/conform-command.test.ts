import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { play, stageWith } from './fakes.test-helper.ts';

const stage = stageWith({
  'a.yaml': 'name: a\nnodes:\n',
  'no.json': 'nodes:',
  'other.json': '{"format": 9, "recordings": []}',
  'empty.json': '{"format": 2, "psynclab": "0", "servers": ["5.0.14"], "recordings": []}',
  'old.json': '{"format": 1, "psynclab": "0", "server": "2.8.0", "profile": "?", "recordings": []}',
});

/** A program that says of itself that it is this version of redis-server, and can do nothing else. */
function fakeServer(version: string): string {
  const path = join(stage.cwd, `redis-${version}`);
  writeFileSync(path, `#!/bin/sh\necho 'Redis server v=${version} sha=00000000:0 malloc=libc bits=64'\n`);
  chmodSync(path, 0o755);
  return `./redis-${version}`;
}

async function refusal(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await play(stage, 'conform', ...argv);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  return stderr;
}

test('it needs scenarios, and either servers or a recording', async () => {
  expect(await refusal()).toContain('conform what?');
  expect(await refusal('a.yaml')).toContain('--server PATH of a redis-server, or --recorded FILE');
  expect(await refusal('a.yaml', '--server', 'x', '--recorded', 'y')).toContain('--server PATH');
  expect(await refusal('a.yaml', '--recorded', 'empty.json', '--record', 'b')).toContain(
    'exclude each other',
  );
  expect(await refusal('a.yaml', '--server', 'x', '--jobs', '0')).toContain('--jobs cannot be "0"');
});

test('a program that is no redis-server is refused before anything is played', async () => {
  expect(await refusal('a.yaml', '--server', './none')).toContain(
    '--server ./none: there is no such program',
  );
  expect(await refusal('a.yaml', '--server', process.execPath)).toContain(
    'does not say which version of Redis',
  );
});

test('a server is given once for each version', async () => {
  const [five, seven, other] = [fakeServer('5.0.14'), fakeServer('7.0.15'), fakeServer('5.0.9')];
  expect(await refusal('a.yaml', '--server', five, '--server', seven, '--server', other)).toContain(
    `--server ${other} is Redis 5.0.9, and Redis 5.0.14 was given already`,
  );
  expect(await refusal('a.yaml', '--server', fakeServer('6.2.0'))).toContain('is Redis 6.2.0');
});

test('a recording that could not be written is refused before anything is played', async () => {
  const asked = ['a.yaml', '--server', fakeServer('5.0.14'), '--record'];
  expect(await refusal(...asked, 'nowhere/r.json')).toContain('--record nowhere/r.json cannot be written');
  expect(await refusal(...asked, '.')).toContain('--record . cannot be written');
});

test('one server says the profile, and a --profile that says another is refused', async () => {
  const seven = fakeServer('7.0.15');
  expect(await refusal('a.yaml', '--server', seven, '--profile', 'redis-5.0')).toContain(
    '--profile redis-5.0, and the real servers are redis-7.0',
  );
  const { stdout } = await play(stage, 'conform', 'a.yaml', '--server', fakeServer('5.0.14'));
  expect(stdout).not.toContain('because A runs');
});

test('a recording that cannot be read is refused with the reason', async () => {
  expect(await refusal('a.yaml', '--recorded', 'none.json')).toContain('cannot be read');
  expect(await refusal('a.yaml', '--recorded', 'no.json')).toContain('is no JSON');
  expect(await refusal('a.yaml', '--recorded', 'other.json')).toContain(
    'has format 9, this psynclab reads up to 2',
  );
  expect(await refusal('a.yaml', '--recorded', 'old.json')).toContain('is of Redis 2.8.0');
});

test('what is not in the recording is inconclusive, which fails only with --strict', async () => {
  const asked = ['conform', 'a.yaml', '--recorded', 'empty.json'] as const;
  const { code, stdout } = await play(stage, ...asked);
  expect(code).toBe(0);
  expect(stdout).toBe('inconclusive  a.yaml\n  because it is not in the recording, which is empty\n');
  expect((await play(stage, ...asked, '--strict')).code).toBe(1);
  expect(JSON.parse((await play(stage, ...asked, '--json')).stdout)).toMatchObject([
    {
      scenario: 'a.yaml',
      case: null,
      verdict: 'inconclusive',
      reasons: ['it is not in the recording, which is empty'],
    },
  ]);
});
