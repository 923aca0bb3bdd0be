import { describe, expect, test } from 'vitest';
import { type Profile, redis50, redis70 } from './redis/profile.ts';
import { World } from './world.test-helper.ts';

/** What both versions do, Redis 5 first. */
function both<T>(run: (profile: Profile) => T): [T, T] {
  return [run(redis50), run(redis70)];
}

const SOCKET = {
  'repl-ping-replica-period': '3600',
  'repl-diskless-sync': 'yes',
  'repl-diskless-sync-delay': '4',
};

describe('a replica that comes while a save is under way', () => {
  test('gets its own at the end of that, or once it has waited long enough', () => {
    const waits = both((profile) => {
      const world = new World({
        A: { profile, config: SOCKET, dataset: 1_000_000, save: 1_000_000 },
        B: { profile, config: SOCKET },
      }).to(500);
      world.command('A', 'BGSAVE');
      world.replicaof('B', 'A');
      world.untilLog('A', 'Starting BGSAVE for SYNC', 10_000);
      return world.now - world.loggedAt('A', 'Background saving terminated');
    });
    expect(waits[0]).toBe(0);
    expect(waits[1]).toBeGreaterThan(1000);
  });
});

describe('a diskless save that fails', () => {
  test('drops its replicas one by one with a reason, or all at once', () => {
    const logs = both((profile) => {
      const config = { ...SOCKET, 'repl-diskless-sync-delay': '0' };
      const world = new World({ A: { profile, config }, B: { profile, config } }).to(500);
      world.sim.failSaves(world.node('A'), true);
      const from = world.mark();
      world.replicaof('B', 'A');
      world.untilLog('A', 'Connection with replica', 5000);
      return world
        .log('A', from)
        .filter((line) => /slave|SYNC failed|Connection/.test(line))
        .map((line) => line.replace(world.name('B'), 'B'));
    });
    expect(logs).toEqual([
      [
        'Closing slave B: child->slave RDB transfer failed: RDB transfer child aborted',
        'Connection with replica B lost.',
      ],
      ['SYNC failed. BGSAVE child returned an error', 'Connection with replica B lost.'],
    ]);
  });
});

describe('an acknowledgement that comes before the end of the save was noticed', () => {
  test('lets the stream flow at once, or waits for the next one', () => {
    const waits = both((profile) => {
      const config = { ...SOCKET, 'repl-diskless-sync-delay': '0' };
      const world = new World({
        A: { profile, config, boot: -3000 },
        B: { profile, config, boot: -1000 },
      }).to(500);
      world.replicaof('B', 'A');
      world.untilState('B', 'CONNECTED');
      const { now } = world;
      world.until(() => world.log('A').some((line) => line.startsWith('Synchronization with replica')), 5000);
      return world.now - now;
    });
    // One way between two nodes is a tenth of a millisecond; a tick comes every hundred.
    expect(waits[1]).toBeLessThan(1);
    expect(waits[0]).toBeGreaterThan(10);
  });
});
