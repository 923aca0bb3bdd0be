import { describe, expect, test } from 'vitest';
import { Command } from './redis/networking/bytes.ts';
import { type Profile, redis50, redis70 } from './redis/profile.ts';
import { masked, type TestClient, World } from './world.test-helper.ts';

const config = { 'repl-ping-replica-period': '3600', 'repl-diskless-sync': 'no' };

/** A master with a key. */
function master(profile: Profile, more: Record<string, string> = {}): World {
  const world = new World({ A: { profile, config: { ...config, ...more } } }).to(500);
  world.command('A', 'SET k v');
  return world;
}

/** A client that says this and collects what it gets. */
function says(world: World, ...commands: (readonly string[])[]): TestClient {
  const client = world.client('A');
  for (const command of commands) {
    client.sendBytes(new Command(command));
    world.wait(20);
  }
  return client;
}

const CAPA = ['REPLCONF', 'capa', 'eof', 'capa', 'psync2'];

describe('REPLCONF rdb-only', () => {
  test('is an option of Redis 7', () => {
    const replies = [redis50, redis70].map((profile) =>
      says(master(profile), ['REPLCONF', 'rdb-only', '1']).take().trimEnd(),
    );
    expect(replies).toEqual(['-ERR Unrecognized REPLCONF option: rdb-only', '+OK']);
  });

  test('takes 0 and 1', () => {
    const world = master(redis70);
    const reply = (value: string): string => says(world, ['REPLCONF', 'rdb-only', value]).take().trimEnd();
    expect(reply('0')).toBe('+OK');
    expect(reply('2')).toBe('-ERR value is out of range, value must between 0 and 1');
    expect(reply('x')).toBe('-ERR value is not an integer or out of range');
  });

  test.each(['no', 'yes'])('the RDB, no stream, and the end of the link (diskless %s)', (diskless) => {
    const world = master(redis70, { 'repl-diskless-sync': diskless, 'repl-diskless-sync-delay': '0' });
    const replica = says(world, CAPA, ['REPLCONF', 'rdb-only', '1'], ['PSYNC', '?', '-1']);
    world.command('A', 'SET k2 v');
    world.wait(1000);
    expect(replica.state).toBe('closed');
    const received = replica.take();
    expect(received).toContain('REDIS0010');
    expect(received).not.toContain('SET');
    const log = masked(world.log('A')).map((line) => line.replace(/\(\S+\) should/, '(<name>) should'));
    expect(log).toContain('RDB transfer completed, rdb only replica (<name>) should be disconnected asap');
    expect(log.some((line) => line.startsWith('Synchronization with replica'))).toBe(false);
    expect(world.info('A', 'connected_slaves')).toBe(0);
  });

  test('one that wants the stream does not join the save of one that collects none', () => {
    const world = new World({
      A: { profile: redis70, config, dataset: 100_000, save: 50_000 },
    }).to(500);
    says(world, CAPA, ['REPLCONF', 'rdb-only', '1'], ['PSYNC', '?', '-1']);
    says(world, CAPA, ['REPLCONF', 'rdb-only', '1'], ['PSYNC', '?', '-1']);
    says(world, CAPA, ['PSYNC', '?', '-1']);
    const waits = world.log('A').filter((line) => / BGSAVE for SYNC$/.test(line));
    expect(waits).toEqual([
      'Waiting for end of BGSAVE for SYNC',
      "Can't attach the replica to the current BGSAVE. Waiting for next BGSAVE for SYNC",
    ]);
  });
});

describe('REPLCONF rdb-filter-only', () => {
  test('knows functions, and needs a replica that takes a stream of RDB', () => {
    const world = master(redis70);
    const reply = (...commands: (readonly string[])[]): string => says(world, ...commands).take();
    expect(reply(['REPLCONF', 'rdb-filter-only', 'data'])).toBe(
      '-ERR Unsupported rdb-filter-only option: data\r\n',
    );
    expect(reply(['REPLCONF', 'rdb-filter-only', 'functions'], ['PSYNC', '?', '-1'])).toBe(
      '+OK\r\n-ERR Filtered replica requires EOF capability\r\n',
    );
  });

  test('sends an RDB without the keys, over the socket whatever is configured', () => {
    const world = master(redis70);
    const replica = says(world, CAPA, ['REPLCONF', 'rdb-filter-only', ''], ['PSYNC', '?', '-1']);
    world.wait(500);
    const [, header, rdb] = /\r\n(\$EOF:[0-9a-f]{40})\r\n(.*)$/s.exec(replica.take())!;
    expect(header).toBeDefined();
    // A real server sends as much, to the byte; the offset, here 0, takes two there as well.
    expect(rdb!.length).toBe(176 - 4 + '7.0.15'.length - '5.0.14'.length + 40);
    expect(world.log('A')).toContain('Starting BGSAVE for SYNC with target: replicas sockets');
  });

  test('a save serves only those who want the same left out', () => {
    const world = new World({
      A: { profile: redis70, config, dataset: 100_000, save: 50_000 },
    }).to(500);
    says(world, CAPA, ['PSYNC', '?', '-1']);
    says(world, CAPA, ['REPLCONF', 'rdb-filter-only', 'functions'], ['PSYNC', '?', '-1']);
    expect(world.log('A').at(-1)).toBe(
      "Can't attach the replica to the current BGSAVE. Waiting for next BGSAVE for SYNC",
    );
    world.wait(10_000);
    expect(world.log('A').filter((line) => line.startsWith('Starting BGSAVE'))).toEqual([
      'Starting BGSAVE for SYNC with target: disk',
      'Starting BGSAVE for SYNC with target: replicas sockets',
    ]);
  });
});
