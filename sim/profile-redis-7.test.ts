import { describe, expect, test } from 'vitest';
import { type Profile, redis50, redis70 } from './redis/profile.ts';
import { fakeReplica, masked, type NodeSpec, pair, World } from './world.test-helper.ts';

/** What both versions do, Redis 5 first. */
function both<T>(run: (profile: Profile) => T): [T, T] {
  return [run(redis50), run(redis70)];
}

const QUIET = { 'repl-ping-replica-period': '3600' };
const DISK = { ...QUIET, 'repl-diskless-sync': 'no' };

function pairOf(profile: Profile, a: NodeSpec = {}, b: NodeSpec = {}): World {
  const config = { ...DISK, ...a.config };
  return pair({ ...a, profile, config }, { ...b, profile, config: { ...DISK, ...b.config } });
}

describe('connecting', () => {
  test('REPLICAOF connects inside the command, not in the next cron', () => {
    const waits = both((profile) => {
      const world = new World({ A: { profile, config: DISK }, B: { profile, config: DISK } }).to(1450);
      const { now } = world;
      world.replicaof('B', 'A');
      world.untilLog('A', 'asks for synchronization', 2000);
      return world.now - now;
    });
    expect(waits[1]).toBeLessThan(5);
    expect(waits[0]).toBeGreaterThan(waits[1] + 5);
  });

  test('a lost link is taken up again in the same event', () => {
    const waits = both((profile) => {
      const world = pairOf(profile);
      const from = world.mark();
      world.sim.reset(0, 1);
      world.wait(1500);
      return (
        world.loggedAt('B', 'MASTER <-> REPLICA sync started', from) -
        world.loggedAt('B', 'Connection with master lost.', from)
      );
    });
    expect(waits[0]).toBeGreaterThan(0);
    expect(waits[1]).toBe(0);
  });

  test('a refused connection waits for the cron in both', () => {
    for (const profile of [redis50, redis70]) {
      const world = new World({ B: { profile } }).to(1450);
      world.replicaof('B', 'nowhere');
      world.wait(3000);
      const tries = world.lines.filter(({ text }) => text.startsWith('Error condition on socket for SYNC'));
      expect(tries.length, profile.name).toBeLessThan(5);
    }
  });

  test('AUTH and REPLCONFs go out together: two round trips fewer', () => {
    const took = both((profile) => {
      const world = new World(
        { A: { profile, config: DISK }, B: { profile, config: DISK, replicaof: 'A' } },
        { link: { latency: 10_000 } },
      ).to(3000);
      const asked = world.loggedAt('B', 'Partial resynchronization not possible');
      return Math.round(asked - world.loggedAt('B', 'MASTER <-> REPLICA sync started'));
    });
    expect(took).toEqual([80, 60]);
  });

  test('the states have names of their own', () => {
    const world = new World({
      A: { profile: redis70 },
      B: { profile: redis70, replicaof: 'A' },
    });
    const seen = new Set<string>();
    while (world.sim.step(2_000_000)) {
      const server = world.sim.server(1);
      if (server !== null) seen.add(redis70.replStateNames[server.replState]!);
    }
    expect([...seen].slice(0, 4)).toEqual([
      'CONNECT',
      'CONNECTING',
      'RECEIVE_PING_REPLY',
      'RECEIVE_AUTH_REPLY',
    ]);
    expect(seen.has('RECEIVE_PSYNC_REPLY')).toBe(true);
  });

  test('a connection that ends before the reply to PSYNC costs nothing', () => {
    const psyncs = both((profile) => {
      const world = pairOf(profile);
      world.sim.reset(0, 1);
      const name = profile === redis50 ? 'RECEIVE_PSYNC' : 'RECEIVE_PSYNC_REPLY';
      const number = profile.replStateNames.indexOf(name);
      world.until(() => world.server('B').replState === number);
      world.sim.reset(0, 1);
      world.wait(3000);
      return world.psyncs('B', 'A').at(-1);
    });
    expect(psyncs).toEqual(['partial/replid', 'partial/replid']);
  });
});

describe('changing roles', () => {
  test('a promotion lets go of its master before it takes a new id', () => {
    const logs = both((profile) => {
      const world = pairOf(profile);
      const from = world.mark();
      world.replicaof('B', 'NO ONE');
      return world.log('B', from).map((line) => line.split(' ').slice(0, 2).join(' '));
    });
    const end = ['Connection with', 'Caching the', 'Discarding previously'];
    expect(logs[0]).toEqual(['Setting secondary', ...end, 'MASTER MODE']);
    expect(logs[1]).toEqual([...end, 'Setting secondary', 'MASTER MODE']);
  });

  test('a replica that is given another master keeps its own replicas until it learns another id', () => {
    const lost = both((profile) => {
      const node = { profile, config: DISK };
      const world = new World({
        A: { ...node, boot: -3000 },
        B: { ...node, boot: -2000, replicaof: 'A' },
        C: { ...node, boot: -1000, replicaof: 'B' },
        D: { ...node, boot: -2000, replicaof: 'A' },
      });
      world.to(4000);
      const from = world.mark();
      world.replicaof('B', 'D');
      world.wait(3000);
      expect(world.state('C')).toBe('CONNECTED');
      expect(world.psyncs('B', 'D')).toEqual(['partial/replid']);
      return world.log('B', from).some((line) => line.startsWith('Connection with replica'));
    });
    expect(lost).toEqual([true, false]);
  });

  test('REPLICAOF takes only ports', () => {
    const replies = both((profile) =>
      new World({ A: { profile } }).to(500).command('A', 'REPLICAOF 1.2.3.4 70000'),
    );
    expect(replies).toEqual(['+OK', '-ERR Invalid master port']);
  });
});

describe('receiving a full synchronization', () => {
  test('a new master that dies in the middle of its RDB costs nothing: the old one can be resumed', () => {
    const ends = both((profile) => {
      const node = { profile, config: DISK };
      const world = new World({
        A: { ...node, boot: -3000 },
        B: { ...node, boot: -2000, replicaof: 'A' },
        C: { ...node, boot: -1000, replicaof: 'B' },
        N: { ...node, boot: -2000, dataset: 2_000_000, save: 1_000_000 },
      }).to(4000);
      world.replicaof('B', 'N');
      world.untilState('B', 'TRANSFER').wait(300);
      world.sim.kill(world.node('N'));
      world.wait(200);
      world.replicaof('B', 'A');
      world.wait(4000);
      const dropped = world.log('B').some((line) => line.startsWith('Connection with replica'));
      return { again: world.psyncs('B', 'A').at(-1), dropped };
    });
    expect(ends).toEqual([
      { again: 'full/forced', dropped: true },
      { again: 'partial/replid', dropped: false },
    ]);
  });

  test('what the log of a replica says of a first sync from disk', () => {
    const world = new World({
      A: { profile: redis70, config: DISK },
      B: { profile: redis70, config: DISK },
    }).to(1450);
    const from = world.mark();
    world.replicaof('B', 'A');
    world.untilState('B', 'CONNECTED');
    const { ip, port } = world.sim.address(0);
    expect(masked(world.log('B', from))).toEqual([
      'Before turning into a replica, using my own master parameters to synthesize a cached master: I may be able ' +
        'to synchronize with the new master with just a partial transfer.',
      `Connecting to MASTER ${ip}:${port}`,
      'MASTER <-> REPLICA sync started',
      `REPLICAOF ${ip}:${port} enabled (user request from '<client>')`,
      'Non blocking connect for SYNC fired the event.',
      'Master replied to PING, replication can continue...',
      'Trying a partial resynchronization (request <id>:1).',
      'Full resync from master: <id>:0',
      'MASTER <-> REPLICA sync: receiving N bytes from master to disk',
      'Discarding previously cached master state.',
      'MASTER <-> REPLICA sync: Flushing old data',
      'MASTER <-> REPLICA sync: Loading DB in memory',
      'Loading RDB produced by version 7.0.15',
      'RDB age 0 seconds',
      'Done loading RDB, keys loaded: 0, keys expired: 0.',
      'MASTER <-> REPLICA sync: Finished with success',
    ]);
    expect(masked(world.log('A')).filter((line) => line.startsWith('Replication backlog'))).toEqual([
      "Replication backlog created, my new replication IDs are '<id>' and '0000000000000000000000000000000000000000'".replace(
        '0000000000000000000000000000000000000000',
        '<id>',
      ),
    ]);
  });

  test('a streamed RDB is acknowledged at once', () => {
    const waits = both((profile) => {
      const node = {
        profile,
        config: { ...QUIET, 'repl-diskless-sync': 'yes', 'repl-diskless-sync-delay': '0' },
      };
      const world = new World({ A: node, B: { ...node, replicaof: 'A' } }).untilState('B', 'CONNECTED');
      const { now } = world;
      world.until(() =>
        world.sim
          .server(0)!
          .slaves.some(
            (id) =>
              world.server('A').clients[id]!.replAckTime > 0 &&
              !world.server('A').clients[id]!.replPutOnlineOnAck &&
              world.server('A').clients[id]!.replstate === 9,
          ),
      );
      return world.now - now;
    });
    expect(waits[1]).toBeLessThan(110);
    expect(waits[0]).toBeGreaterThan(waits[1]);
  });
});

describe('mixed versions', () => {
  test('Redis 5 refuses the RDB of Redis 7, and Redis 7 takes that of Redis 5', () => {
    const upgrade = new World({
      A: { profile: redis50, config: DISK },
      B: { profile: redis70, config: DISK, replicaof: 'A' },
    }).to(4000);
    expect(upgrade.state('B')).toBe('CONNECTED');
    const downgrade = new World({
      A: { profile: redis70, config: DISK },
      B: { profile: redis50, config: DISK, replicaof: 'A' },
    }).to(4000);
    expect(downgrade.state('B')).not.toBe('CONNECTED');
    expect(downgrade.log('B')).toContain("Can't handle RDB format version 10");
    expect(downgrade.log('B')).toContain('Failed trying to load the MASTER synchronization DB from disk');
  });
});

describe('giving a full synchronization', () => {
  const diskless = (delay: string, more: Record<string, string> = {}) => ({
    ...QUIET,
    'repl-diskless-sync': 'yes',
    'repl-diskless-sync-delay': delay,
    ...more,
  });
  const waitOf = (profile: Profile, delay: string): number => {
    const config = diskless(delay);
    const world = new World({ A: { profile, config }, B: { profile, config, replicaof: 'A' } }).to(5000);
    return world.loggedAt('A', 'Starting BGSAVE') - world.loggedAt('A', 'asks for synchronization');
  };

  test('a diskless save without delay begins inside PSYNC, one with a delay once that is reached', () => {
    expect(waitOf(redis70, '0')).toBe(0);
    expect(waitOf(redis50, '0')).toBeGreaterThan(0);
    expect(waitOf(redis50, '2')).toBeGreaterThan(2000);
    expect(waitOf(redis70, '2')).toBeLessThanOrEqual(2000);
    expect(waitOf(redis70, '2')).toBeGreaterThan(900);
  });

  test('diskless is the default', () => {
    const targets = both((profile) => {
      const world = new World({ A: { profile }, B: { profile, replicaof: 'A' } }).to(8000);
      return world.log('A').find((line) => line.startsWith('Starting BGSAVE'));
    });
    expect(targets.map((line) => line?.split(': ')[1])).toEqual(['disk', 'replicas sockets']);
  });

  test('so many waiting replicas end the delay', () => {
    const config = diskless('60', { 'repl-diskless-sync-max-replicas': '2' });
    const node = { profile: redis70, config };
    const world = new World({
      A: node,
      B: { ...node, replicaof: 'A' },
      C: { ...node, replicaof: 'A' },
    }).to(5000);
    expect([world.state('B'), world.state('C')]).toEqual(['CONNECTED', 'CONNECTED']);
  });

  test('the log of a diskless save: the pipe, and online before the ACK', () => {
    const config = diskless('0');
    const world = new World({
      A: { profile: redis70, config },
      B: { profile: redis70, config, replicaof: 'A' },
    }).to(4000);
    const log = masked(world.log('A'));
    expect(log.slice(log.indexOf('Starting BGSAVE for SYNC with target: replicas sockets'))).toEqual([
      'Starting BGSAVE for SYNC with target: replicas sockets',
      'Background RDB transfer started by pid N',
      'Fork CoW for RDB: current 0 MB, peak 0 MB, average 0 MB',
      'Diskless rdb transfer, done reading from pipe, 1 replicas still up.',
      'Background RDB transfer terminated with success',
      `Streamed RDB transfer with replica ${world.name('B')} succeeded (socket). Waiting for REPLCONF ACK from slave to enable streaming`,
      `Synchronization with replica ${world.name('B')} succeeded`,
    ]);
  });

  test('a replica that takes nothing of a diskless RDB stalls it until repl-timeout ends it', () => {
    const config = diskless('1', { 'repl-timeout': '5' });
    const node = { profile: redis70, config };
    const world = new World({
      A: { ...node, dataset: 30_000_000, boot: -3000 },
      B: { ...node, replicaof: 'A', boot: -1900 },
      C: { ...node, replicaof: 'A', boot: -1900 },
    });
    world.untilLog('A', 'Background RDB transfer started', 10_000);
    world.sim.freeze(world.node('C'));
    world.untilLog('A', 'Disconnecting timedout replica (full sync)', 20_000);
    expect(world.state('B')).toBe('TRANSFER');
    world.untilState('B', 'CONNECTED', 10_000);
    expect(world.syncsEnded.map(({ replica, sync }) => [replica, sync!.ended])).toContainEqual([
      world.node('C'),
      'transfer-timeout',
    ]);
  });

  test('when the last replica goes, the child of a diskless save is killed', () => {
    const node = { profile: redis70, config: diskless('0') };
    const world = new World({
      A: { ...node, dataset: 30_000_000, save: 5_000_000 },
      B: { ...node, replicaof: 'A' },
    });
    world.untilLog('A', 'Background RDB transfer started', 10_000).wait(500);
    world.sim.kill(world.node('B'));
    world.untilLog('A', 'Diskless rdb transfer, last replica dropped, killing fork child.', 2000);
    world.untilLog('A', 'Background transfer terminated by signal 10', 2000);
  });

  test('a save to disk that nobody waits for any longer is killed', () => {
    const killed = both((profile) => {
      const world = new World({
        A: { profile, config: DISK, dataset: 30_000_000, save: 5_000_000 },
        B: { profile, config: DISK, replicaof: 'A' },
      });
      world.untilLog('A', 'Background saving started', 10_000).wait(500);
      world.sim.kill(world.node('B'));
      world.wait(1000);
      return world.log('A').includes('Background saving terminated by signal 10');
    });
    expect(killed).toEqual([false, true]);
  });

  test('a PSYNC whose offset is no number gets an error and no sync', () => {
    const counts = both((profile) => {
      const world = new World({ A: { profile, config: DISK } }).to(500);
      const replica = fakeReplica(world, 'A', 'psync2');
      replica.send('PSYNC ? abc');
      world.wait(500);
      return [world.info('A', 'sync_full'), replica.take().startsWith('-ERR value is not an integer')];
    });
    expect(counts[0][0]).toBe(1);
    expect(counts[1]).toEqual([0, true]);
  });

  test('a replica that sends a command with a reply is cut off', () => {
    const states = both((profile) => {
      const world = new World({ A: { profile, config: DISK } }).to(500);
      const replica = fakeReplica(world, 'A', 'psync2');
      replica.send('PSYNC ? -1');
      world.wait(500);
      replica.send('PING');
      world.wait(500);
      return replica.state;
    });
    expect(states).toEqual(['open', 'closed']);
  });
});

describe('the backlog', () => {
  const write = (world: World, times: number): void => {
    const client = world.client('A');
    for (let i = 0; i < times; i++) client.send(`SET key:${i} ${'x'.repeat(1000)}`);
    world.wait(200);
  };

  test('a restarted master keeps its history, and its replica goes on', () => {
    const ends = both((profile) => {
      const world = pairOf(profile);
      write(world, 3);
      world.command('A', 'SAVE');
      const offset = world.info('A', 'master_repl_offset') as number;
      world.sim.kill(world.node('A'));
      world.start('A');
      world.wait(3000);
      return [world.psyncs('B', 'A').at(-1), (world.info('A', 'second_repl_offset') as number) - offset];
    });
    expect(ends[0][0]).toBe('full/replid-mismatch');
    expect(ends[1]).toEqual(['partial/replid2', 1]);
  });

  test('keys that expired while a master was down go out as DELs from its second offset on', () => {
    const world = pairOf(redis70);
    for (let i = 0; i < 20; i++) world.command('A', `SET key:${i} v PX 500`);
    world.command('A', 'SAVE');
    const offset = world.info('A', 'master_repl_offset') as number;
    world.sim.kill(world.node('A'));
    world.wait(2000);
    world.start('A');
    world.wait(3000);
    expect(world.log('A')).toContain('Done loading RDB, keys loaded: 0, keys expired: 20.');
    expect(world.info('A', 'repl_backlog_first_byte_offset')).toBe(offset + 1);
    expect(world.psyncs('B', 'A').at(-1)).toBe('partial/replid2');
    expect(world.info('B', 'master_repl_offset')).toBe(world.info('A', 'master_repl_offset'));
    expect(world.sim.digest(0)).toBe(world.sim.digest(1));
  });

  test('keeps what it holds when its size is set', () => {
    const histlens = both((profile) => {
      const world = pairOf(profile);
      write(world, 10);
      world.command('A', 'CONFIG SET repl-backlog-size 2mb');
      return world.info('A', 'repl_backlog_histlen') as number;
    });
    expect(histlens[0]).toBe(0);
    expect(histlens[1]).toBeGreaterThan(10_000);
  });

  test('holds more than its size, by blocks; bytes a slow replica needs are kept for all', () => {
    const config = { 'repl-backlog-size': '16384' };
    const histlens = both((profile) => {
      const world = pairOf(profile, { config });
      write(world, 100);
      const quiet = world.info('A', 'repl_backlog_histlen') as number;
      world.sim.freeze(world.node('B'));
      for (let i = 0; i < 40; i++) write(world, 300);
      return [quiet, world.info('A', 'repl_backlog_histlen') as number];
    });
    expect(histlens[0]).toEqual([16384, 16384]);
    const [quiet, pinned] = histlens[1] as [number, number];
    expect(quiet).toBeGreaterThan(16384);
    expect(quiet).toBeLessThanOrEqual(16384 + 20440);
    expect(pinned).toBeGreaterThan(100_000);
  });

  test('the heartbeat is spelled in lower case', () => {
    const texts = both((profile) => {
      const world = pairOf(profile, { config: { ...DISK, 'repl-ping-replica-period': '1' } });
      const { blocks } = world.wait(1500).server('A').replBacklog!;
      return blocks.flatMap(({ pieces }) => pieces.map((piece) => piece.text())).at(-1);
    });
    expect(texts).toEqual(['*1\r\n$4\r\nPING\r\n', '*1\r\n$4\r\nping\r\n']);
  });
});
