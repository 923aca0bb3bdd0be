import { describe, expect, test } from 'vitest';
import { type Profile, redis50, redis70 } from './redis/profile.ts';
import { World } from './world.test-helper.ts';

/** What both versions do, Redis 5 first. */
function both<T>(run: (profile: Profile) => T): [T, T] {
  return [run(redis50), run(redis70)];
}

const DISK = { 'repl-ping-replica-period': '3600', 'repl-diskless-sync': 'no' };

describe('the append only file of a replica', () => {
  /** Masters whose RDB is too new for the replica, so that loading fails. */
  const newer = (profile: Profile): Profile => ({ ...profile, rdbVersion: profile.rdbVersion + 1 });

  test('begins anew after an RDB that could not be loaded, or only after success or promotion', () => {
    const rewrites = both((profile) => {
      const world = new World({
        A: { profile: newer(profile), config: DISK },
        B: { profile, config: { ...DISK, appendonly: 'yes' }, replicaof: 'A' },
      }).to(2000);
      expect(world.log('B').some((line) => line.startsWith('Failed trying to load'))).toBe(true);
      const from = world.mark();
      const count = (since: number): number =>
        world.log('B', since).filter((line) => line.startsWith('Background append only file rewriting'))
          .length;
      const failed = count(0) > 0;
      world.replicaof('B', 'NO ONE');
      return [failed, count(from)];
    });
    expect(rewrites).toEqual([
      [true, 0],
      [false, 1],
    ]);
  });

  test('begins anew after a sync in both, and a save of its own has to end first', () => {
    const said = both((profile) => {
      const world = new World({
        A: { profile, config: DISK, dataset: 100_000 },
        B: { profile, config: { ...DISK, appendonly: 'yes' } },
      }).to(500);
      world.replicaof('B', 'A');
      world.untilState('B', 'CONNECTED');
      expect(world.info('B', 'aof_rewrite_in_progress')).toBe(1);
      return world.log('B').at(-1)!.replace(/\d+$/, 'N');
    });
    for (const line of said) expect(line).toBe('Background append only file rewriting started by pid N');
  });

  test('stops before the old master is let go, or when the data goes', () => {
    const logs = both((profile) => {
      const world = new World({
        A: { profile, config: DISK },
        B: { profile, config: { ...DISK, appendonly: 'yes' }, dataset: 100_000, save: 10_000 },
      }).to(500);
      world.command('B', 'BGREWRITEAOF');
      const from = world.mark();
      world.replicaof('B', 'A');
      world.untilState('B', 'CONNECTED', 3000);
      return world
        .log('B', from)
        .filter((line) => /^Killing running|^Discarding|Flushing/.test(line))
        .map((line) => line.split(' ')[0]);
    });
    expect(logs).toEqual([
      ['Discarding', 'MASTER', 'Killing'],
      ['Killing', 'Discarding', 'MASTER'],
    ]);
  });

  test('how the log calls what is in the way', () => {
    const said = both((profile) => {
      const world = new World({
        A: { profile: newer(profile), config: DISK },
        B: { profile, config: { ...DISK, appendonly: 'yes' }, dataset: 100_000, save: 10_000 },
      }).to(500);
      world.server('B').appendonly = false;
      world.server('B').masterhost = '1.2.3.4';
      world.command('B', 'BGSAVE');
      world.replicaof('B', 'NO ONE');
      return world.log('B').find((line) => line.startsWith('AOF was enabled'));
    });
    expect(said.map((line) => /already (.*)\. An AOF/.exec(line!)![1])).toEqual([
      'a child process saving an RDB file on disk',
      'another background operation',
    ]);
  });
});

describe('repl-diskless-load', () => {
  const SOCKET = {
    'repl-ping-replica-period': '3600',
    'repl-diskless-sync': 'yes',
    'repl-diskless-sync-delay': '0',
  };

  /** A master that streams 1 MB of keys for a second, and a replica that may load from the socket. */
  function world(mode: string, more: Record<string, string> = {}): World {
    return new World({
      A: { profile: redis70, config: SOCKET, dataset: 1_000_000, save: 1_000_000, boot: -2000 },
      B: { profile: redis70, config: { ...SOCKET, ...more, 'repl-diskless-load': mode }, boot: -1000 },
    }).to(500);
  }

  /** What B logs of a sync from its RDB on. */
  function logOfSync(w: World): string[] {
    const from = w.mark();
    w.replicaof('B', 'A');
    w.untilState('B', 'CONNECTED', 20_000);
    const log = w.log('B', from);
    return log
      .slice(log.findIndex((line) => line.includes('receiving')))
      .map((line) => line.replace('MASTER <-> REPLICA sync: ', ''));
  }

  test('swapdb keeps the old data until the new is complete, and touches no disk', () => {
    const w = world('swapdb');
    w.command('B', 'SET mine 1');
    const log = logOfSync(w);
    // As redis-server 7.0.15 says it, less its memory.
    expect(log).toEqual([
      'receiving streamed RDB from master with EOF to parser',
      'Loading DB in memory',
      'Loading RDB produced by version 7.0.15',
      expect.stringMatching(/^RDB age [01] seconds$/),
      'Done loading RDB, keys loaded: 1000, keys expired: 0.',
      'Discarding previously cached master state.',
      'Swapping active DB with loaded DB',
      'Discarding old DB in background',
      'Finished with success',
    ]);
    expect(w.sim.digest(1)).toBe(w.sim.digest(0));
    w.sim.kill(w.node('B'));
    w.start('B', { replicaof: null });
    w.wait(500);
    expect(w.command('B', 'DBSIZE')).toBe(':0');
  });

  test('on-empty-db flushes first, and writes a file where there is data', () => {
    const empty = logOfSync(world('on-empty-db'));
    expect(empty.slice(0, 4)).toEqual([
      'receiving streamed RDB from master with EOF to parser',
      'Discarding previously cached master state.',
      'Flushing old data',
      'Loading DB in memory',
    ]);
    const full = world('on-empty-db');
    full.command('B', 'SET mine 1');
    expect(logOfSync(full)[0]).toBe('receiving streamed RDB from master with EOF to disk');
  });

  test('is no option of Redis 5', () => {
    const w = world('disabled');
    expect(logOfSync(w)[0]).toBe('receiving streamed RDB from master with EOF to disk');
    expect(redis50.mayLoadFromSocket).toBe(false);
  });

  test('a sized RDB goes to the parser too', () => {
    const w = world('swapdb');
    w.command('A', 'CONFIG SET repl-diskless-sync no');
    expect(logOfSync(w)[0]).toMatch(/^receiving \d+ bytes from master to parser$/);
    expect(w.sim.digest(1)).toBe(w.sim.digest(0));
  });

  test('what breaks off leaves the old data, or none', () => {
    for (const mode of ['swapdb', 'on-empty-db']) {
      const w = world(mode);
      if (mode === 'swapdb') w.command('B', 'SET mine 1');
      const from = w.mark();
      w.replicaof('B', 'A');
      w.untilLog('B', 'Loading RDB produced by', 10_000).wait(200);
      expect(w.info('B', 'loading')).toBe(1);
      w.sim.kill(w.node('A'));
      w.wait(500);
      const log = w.log('B', from);
      expect(
        log.some((line) =>
          line.startsWith('Failed trying to load the MASTER synchronization DB from socket'),
        ),
      ).toBe(true);
      const why = 'Unexpected EOF reading RDB file. Failure loading rdb format from socket';
      expect(log.some((line) => line.includes(why))).toBe(true);
      expect(log.some((line) => line.endsWith('Discarding temporary DB in background'))).toBe(
        mode === 'swapdb',
      );
      expect(w.command('B', 'DBSIZE')).toBe(mode === 'swapdb' ? ':1' : ':0');
      expect(w.info('B', 'loading')).toBe(0);
    }
  });

  test('a silent master is given up after repl-timeout', () => {
    const w = world('swapdb', { 'repl-timeout': '3' });
    w.replicaof('B', 'A');
    w.untilLog('B', 'Loading RDB produced by', 10_000).wait(200);
    w.sim.partition(0, 1);
    const { now } = w;
    w.untilLog('B', 'from socket: Connection timed out', 6000);
    expect(w.now - now).toBeGreaterThan(2900);
    expect(w.now - now).toBeLessThan(3300);
  });

  test('the same history is served while it loads', () => {
    const served = ['swapdb', 'on-empty-db'].map((mode) => {
      const w = new World({
        A: {
          profile: redis70,
          config: { ...SOCKET, 'repl-backlog-size': '16kb' },
          dataset: 8_000_000,
          boot: -2000,
        },
        B: {
          profile: redis70,
          config: { ...SOCKET, 'repl-diskless-load': mode },
          replicaof: 'A',
          boot: -1000,
        },
      }).untilState('B', 'CONNECTED', 10_000);
      // The replica falls back behind the backlog, which is 16 kb.
      w.sim.freeze(w.node('B'));
      for (let i = 0; i < 6; i++) w.command('A', ['SET', 'big', 'x'.repeat(16_000)]);
      w.sim.reset(0, 1);
      w.sim.thaw(w.node('B'));
      w.until(() => w.sim.server(1)!.load?.servesSockets === true, 10_000);
      const client = w.client('B');
      client.send('GET key:1');
      w.until(() => client.received !== '', 5000);
      return client.take().split(' ')[0]!.trimEnd();
    });
    expect(served).toEqual([expect.stringMatching(/^\$/), '-LOADING']);
  });
});

describe('rdb-del-sync-files', () => {
  test('removes on both sides what was only for replication', () => {
    const files = ['no', 'yes'].map((spares) => {
      const config = { ...DISK, 'rdb-del-sync-files': spares };
      const w = new World({
        A: { profile: redis70, config },
        B: { profile: redis70, config, replicaof: 'A' },
      });
      w.command('A', 'SET k v');
      w.to(4000);
      const removed = ['A', 'B'].map(
        (node) => w.log(node).filter((line) => line.startsWith('Removing the RDB')).length,
      );
      w.sim.kill(w.node('B'));
      w.start('B', { replicaof: null });
      w.wait(500);
      return [...removed, w.command('B', 'DBSIZE')];
    });
    expect(files).toEqual([
      [0, 0, ':1'],
      [1, 1, ':0'],
    ]);
  });

  test('spares what save points want', () => {
    const config = { ...DISK, 'rdb-del-sync-files': 'yes', save: '1000 1000' };
    const w = new World({
      A: { profile: redis70, config },
      B: { profile: redis70, config, replicaof: 'A' },
    }).to(4000);
    expect([...w.log('A'), ...w.log('B')].some((line) => line.startsWith('Removing'))).toBe(false);
  });
});

describe('loading', () => {
  /** How many ticks of B's timer are missing once it has loaded 40 MB, and how many seconds its replicationCron saw. */
  function ticksMissing(profile: Profile, rdbcompression: 'yes' | 'no'): number {
    const config = { ...DISK, rdbcompression };
    const w = new World({
      A: { profile, config, dataset: 40_000_000, boot: -2000 },
      B: { profile, config, load: 10_000_000, boot: -1000 },
    }).to(550);
    w.replicaof('B', 'A');
    w.untilState('B', 'CONNECTED', 20_000);
    w.wait(3000);
    const { startedAt, cronloops } = w.server('B');
    return Math.floor((w.sim.now - startedAt) / 100_000) - cronloops;
  }

  test('a tick that loading left out counts, so that the second of the cron stays where it was', () => {
    const [old, now] = both((profile) => ticksMissing(profile, 'no'));
    expect(old).toBeGreaterThan(30);
    expect(Math.abs(now!)).toBeLessThanOrEqual(2);
  });

  test('a file that compresses to less than the 2 MiB between two looks at sockets has no such tick', () => {
    for (const missing of both((profile) => ticksMissing(profile, 'yes')))
      expect(missing).toBeGreaterThan(30);
  });
});
