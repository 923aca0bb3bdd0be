import { describe, expect, test } from 'vitest';
import { changedFile, configFile, passwordIn, passwordSetBy } from './config-file.ts';

const config = (values: Readonly<Record<string, readonly string[]>>): Map<string, readonly string[]> =>
  new Map(Object.entries(values));

describe('a node’s redis.conf', () => {
  const text = configFile({
    profile: 'redis-5.0',
    port: 20_001,
    directory: '/tmp/a b',
    masterPort: 20_012,
    config: config({ port: ['7000'], save: ['900 1', '60 10'], 'repl-timeout': ['5'], requirepass: [''] }),
  });

  test('has the scenario’s directives, each line of a list, after what the profile says', () => {
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('save '))).toEqual(['save ""', 'save 900 1', 'save 60 10']);
    expect(lines).toContain('repl-timeout 5');
    expect(lines).toContain('requirepass ""');
    expect(lines).toContain('replicaof 127.0.0.1 20012');
  });

  test('keeps what belongs to this machine', () => {
    expect(text).toContain('port 20001\n');
    expect(text).not.toContain('7000');
    expect(text).toContain('dir "/tmp/a b"\n');
  });
});

describe('a restart that changes the file', () => {
  const file = 'port 1\nslave-read-only no\nrepl-timeout 5\nreplicaof 127.0.0.1 9\n';

  test('replaces a directive under each of its names', () => {
    const changed = changedFile(file, 'redis-5.0', config({ 'replica-read-only': ['yes'] }), undefined);
    expect(changed).toBe('port 1\nrepl-timeout 5\nreplicaof 127.0.0.1 9\nreplica-read-only yes\n');
  });

  test('makes it follow another node, or none', () => {
    expect(changedFile(file, 'redis-5.0', config({}), 10)).toContain('replicaof 127.0.0.1 10\n');
    expect(changedFile(file, 'redis-5.0', config({}), 10)).not.toContain('127.0.0.1 9');
    expect(changedFile(file, 'redis-5.0', config({}), null)).not.toContain('replicaof');
  });
});

test('a restart under another version allows DEBUG where that has to be said, and only there', () => {
  const file = 'port 1\nenable-debug-command yes\n';
  expect(changedFile(file, 'redis-5.0', config({}), undefined)).toBe('port 1\n');
  expect(changedFile(file, 'redis-7.0', config({}), undefined)).toBe(file);
  expect(changedFile('port 1\n', 'redis-7.0', config({}), undefined)).toBe(file);
});

test('the password is found as it is written, and none where it is empty', () => {
  expect(passwordIn('port 1\nrequirepass secret\n')).toBe('secret');
  expect(passwordIn('requirepass "a b"\n')).toBe('a b');
  expect(passwordIn('requirepass ""\n')).toBeNull();
  expect(passwordIn('# requirepass foo\n')).toBeNull();
});

test('the password that a CONFIG SET gives is seen, among others too', () => {
  expect(passwordSetBy(['config', 'SET', 'requirepass', 'secret'])).toBe('secret');
  expect(passwordSetBy(['CONFIG', 'SET', 'hz', '50', 'RequirePass', 'secret'])).toBe('secret');
  for (const words of [
    'CONFIG SET masterauth requirepass',
    'CONFIG GET requirepass',
    'SET set requirepass x',
  ]) {
    expect(passwordSetBy(words.split(' '))).toBeNull();
  }
  expect(passwordSetBy(['CONFIG', 'SET', 'requirepass', ''])).toBeNull();
});
