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
