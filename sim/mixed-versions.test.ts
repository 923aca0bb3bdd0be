import { describe, expect, test } from 'vitest';
import { redis50, redis70 } from './redis/profile.ts';
import { pair, World } from './world.test-helper.ts';

/** Servers of two versions, and machines whose version changes: what one writes and the other reads. */

const QUIET = { 'repl-ping-replica-period': '3600' };
const DISK = { ...QUIET, 'repl-diskless-sync': 'no' };
const SCRIPT = "return redis.call('incr', KEYS[1])";
const SHA = '2bab3b661081db58bd2341920e0ba7cf5dc77b25';

describe('a replica of 5.0 under a master of 7.0', () => {
  test('throws its data away, cannot load the newer RDB, and asks again at its next cron, for ever', () => {
    const world = new World({
      A: { boot: -2000, profile: redis70, config: DISK },
      B: { boot: -1500, dataset: 10_000 },
    }).to(0);
    expect(world.command('B', 'DBSIZE')).toBe(':10');
    const mark = world.mark();
    world.replicaof('B', 'A');
    world.wait(4500);
    const log = world.log('B', mark);
    const failed = log.indexOf("Can't handle RDB format version 10");
    expect(log.slice(failed - 2, failed + 2)).toEqual([
      'MASTER <-> REPLICA sync: Flushing old data',
      'MASTER <-> REPLICA sync: Loading DB in memory',
      "Can't handle RDB format version 10",
      'Failed trying to load the MASTER synchronization DB from disk',
    ]);
    expect(log.filter((line) => line.startsWith('Failed trying to load'))).toHaveLength(4);
    expect(world.command('B', 'DBSIZE')).toBe(':0');
    expect(world.psyncs('B', 'A')).toEqual(['full/replid-mismatch', ...Array(3).fill('full/forced')]);
  });

  test('has the file on its disk all the same, and does not start with it any more', () => {
    const world = new World({
      A: { boot: -2000, profile: redis70, config: DISK },
      B: { boot: -700, replicaof: 'A' },
    }).to(2000);
    world.sim.kill(1);
    const mark = world.mark();
    world.start('B');
    world.wait(10);
    expect(world.log('B', mark).slice(-2)).toEqual([
      "Can't handle RDB format version 10",
      'Fatal error loading the DB: Invalid argument. Exiting.',
    ]);
    expect(world.sim.processState(1)).toBe('down');
  });

  test('goes on partially, and does not understand a SET with a point in time: no word of it in its log', () => {
    const world = new World({
      A: { boot: -2000, config: QUIET },
      B: { boot: -700, replicaof: 'A', profile: redis70, config: QUIET },
      C: { boot: -600, replicaof: 'A', config: QUIET },
    }).to(2000);
    world.replicaof('B', 'NO ONE');
    world.replicaof('C', 'B');
    world.untilState('C', 'CONNECTED').wait(1200);
    expect(world.psyncs('C', 'B')).toEqual(['partial/replid2']);
    const mark = world.mark();
    expect(world.command('B', 'SETEX k 100 v')).toBe('+OK');
    expect(world.command('B', 'SET plain v')).toBe('+OK');
    world.wait(10);
    expect(world.command('C', 'EXISTS k')).toBe(':0');
    expect(world.command('C', 'GET plain')).toContain('v');
    expect(world.server('C').masterReplOffset).toBe(world.server('B').masterReplOffset);
    expect(world.log('C', mark)).toEqual([]);
  });
});

describe('a restart under another version', () => {
  test('from 5.0 to 7.0 forgets the scripts in the RDB, which 5.0 knows again', () => {
    for (const profile of [redis50, redis70]) {
      const world = pair({ config: { ...QUIET, 'lua-replicate-commands': 'no' } });
      expect(world.command('A', ['SCRIPT', 'LOAD', SCRIPT])).toContain(SHA);
      world.wait(10);
      world.command('B', 'SHUTDOWN SAVE');
      world.start('B', { profile });
      world.untilState('B', 'CONNECTED');
      const client = world.client('B');
      client.send(`SCRIPT EXISTS ${SHA}`);
      world.wait(1);
      expect(client.take()).toBe(profile === redis50 ? '*1\r\n:1\r\n' : '*1\r\n:0\r\n');
    }
  });

  test('from 5.0 to 7.0 takes the append only file along, and 5.0 finds it no more', () => {
    const world = new World({ A: { boot: -2000, config: { appendonly: 'yes' } } }).to(0);
    world.command('A', 'SET k v');
    world.command('A', 'SHUTDOWN');
    world.start('A', { profile: redis70 });
    world.wait(10);
    expect(world.command('A', 'DBSIZE')).toBe(':1');
    world.command('A', 'SHUTDOWN');
    world.start('A', { profile: redis50 });
    world.wait(10);
    expect(world.command('A', 'DBSIZE')).toBe(':0');
    world.command('A', 'SET other v');
    world.command('A', 'SHUTDOWN');
    world.start('A', { profile: redis70 });
    world.wait(10);
    expect(world.command('A', 'DBSIZE')).toBe(':1');
    expect(world.command('A', 'GET k')).toContain('v');
  });

  test('from 7.0 to 5.0 fails with a configuration file that 7.0 has rewritten, not the other way round', () => {
    for (const [from, to, state] of [
      [redis70, redis50, 'down'],
      [redis50, redis70, 'up'],
    ] as const) {
      const world = new World({ A: { boot: -2000, profile: from } }).to(0);
      expect(world.command('A', 'CONFIG REWRITE')).toBe('+OK');
      world.command('A', 'SHUTDOWN NOSAVE');
      world.start('A', { profile: to });
      world.wait(10);
      expect(world.sim.processState(0)).toBe(state);
      if (state === 'down') expect(world.log('A').join()).toContain('*** FATAL CONFIG FILE ERROR ***');
    }
  });
});
