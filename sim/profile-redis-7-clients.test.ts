import { describe, expect, test } from 'vitest';
import { type Profile, redis50, redis70 } from './redis/profile.ts';
import { fakeReplica, type NodeSpec, pair, World } from './world.test-helper.ts';

/** What both versions do, Redis 5 first. */
function both<T>(run: (profile: Profile) => T): [T, T] {
  return [run(redis50), run(redis70)];
}

const DISK = { 'repl-ping-replica-period': '3600', 'repl-diskless-sync': 'no' };

function pairOf(profile: Profile, a: NodeSpec = {}, b: NodeSpec = {}): World {
  const config = { ...DISK, ...a.config };
  return pair({ ...a, profile, config }, { ...b, profile, config: { ...DISK, ...b.config } });
}

describe('gates', () => {
  const script = ['EVAL', "return redis.call('SET',KEYS[1],ARGV[1])", '1', 'k', 'v'];

  test('min-replicas-to-write holds for EXEC and for scripts too', () => {
    const replies = both((profile) => {
      const world = new World({ A: { profile, config: { 'min-replicas-to-write': '1' } } }).to(500);
      world.command('A', 'CONFIG SET min-replicas-to-write 0');
      world.command('A', 'MULTI');
      world.command('A', 'SET k v');
      const other = world.client('A');
      other.send('CONFIG SET min-replicas-to-write 1');
      world.wait(10);
      return [world.command('A', 'EXEC').split('\r\n')[0], world.command('A', script)];
    });
    expect(replies[0]).toEqual(['*1', '+OK']);
    expect(replies[1][0]).toBe(
      '-EXECABORT Transaction discarded because of: NOREPLICAS Not enough good replicas to write.',
    );
    expect(replies[1][1]).toMatch(
      /^-NOREPLICAS Not enough good replicas to write\. script: [0-9a-f]{40}, on @user_script:1\.$/,
    );
  });

  test('a node without its master and stale data refuses the PING of its replicas, which then lose nothing', () => {
    const psyncs = both((profile) => {
      const node = { profile, config: { ...DISK, 'replica-serve-stale-data': 'no', 'repl-timeout': '5' } };
      const world = new World({
        A: { ...node, boot: -3000 },
        B: { ...node, boot: -2000, replicaof: 'A' },
        C: { ...node, boot: -1000, replicaof: 'B' },
      }).to(3000);
      world.sim.kill(world.node('A'));
      world.wait(500);
      world.sim.reset(1, 2);
      world.wait(3000);
      return [
        world.psyncs('C', 'B').at(-1),
        world.attempts.some(({ ended }) => ended.startsWith('ping: -MASTERDOWN')),
      ];
    });
    expect(psyncs[0][1]).toBe(false);
    expect(psyncs[1][1]).toBe(true);
    expect(psyncs[1][0]).toMatch(/^full\/replid-mismatch|forced$/);
  });

  test('a replica is kept from the keyspace', () => {
    const world = new World({ A: { profile: redis70, config: DISK } }).to(500);
    const replica = fakeReplica(world, 'A', 'psync2');
    replica.send('PSYNC ? -1');
    world.wait(500);
    replica.send('SET k v');
    world.wait(200);
    expect(replica.state).toBe('closed');
    expect(world.command('A', 'EXISTS k')).toBe(':0');
    expect(world.log('A').some((line) => line.startsWith("Replica generated a reply to command 'set'"))).toBe(
      true,
    );
  });

  test('the stream of the master may touch a key whose time is over', () => {
    const values = both((profile) => {
      const world = pairOf(profile);
      world.command('A', 'DEBUG SET-ACTIVE-EXPIRE 0');
      world.command('A', 'SET n 10 PX 300');
      world.wait(100);
      world.sim.partition(0, 1);
      world.command('A', 'INCR n');
      world.wait(400);
      world.sim.heal(0, 1);
      world.wait(1500);
      const { dbs } = world.server('B');
      return dbs[0]!.get('n')?.value;
    });
    expect(values).toEqual(['11', '11']);
  });
});

describe('pauses', () => {
  test('WRITE keeps writes back and lets reads through; what was kept back runs at the end', () => {
    const world = new World({ A: { profile: redis70, config: DISK } }).to(500);
    expect(world.command('A', 'CLIENT PAUSE 1000 WRITE')).toBe('+OK');
    const [reader, writer] = [world.client('A'), world.client('A')];
    writer.send('SET k v', 'GET k');
    reader.send('GET k');
    world.wait(500);
    expect(reader.take()).toBe('$-1\r\n');
    expect(writer.take()).toBe('');
    world.wait(800);
    expect(writer.take()).toBe('+OK\r\n$1\r\nv\r\n');
  });

  test('CLIENT UNPAUSE ends them', () => {
    const world = new World({ A: { profile: redis70, config: DISK } }).to(500);
    world.command('A', 'CLIENT PAUSE 60000 WRITE');
    const writer = world.client('A');
    writer.send('SET k v');
    world.wait(100);
    world.command('A', 'CLIENT UNPAUSE');
    world.wait(10);
    expect(writer.take()).toBe('+OK\r\n');
  });

  test('a replica that loses its master while a command of its stream is kept back starts over', () => {
    const psyncs = both((profile) => {
      const world = pairOf(profile);
      world.command('B', 'CLIENT PAUSE 3000');
      world.command('A', 'SET k v');
      world.wait(200);
      world.sim.reset(0, 1);
      world.wait(6000);
      return world.psyncs('B', 'A').at(-1);
    });
    expect(psyncs).toEqual(['partial/replid', 'full/forced']);
  });

  test('nothing expires while clients are paused', () => {
    const world = pairOf(redis70);
    world.command('A', 'SET k v PX 300');
    world.command('A', 'CLIENT PAUSE 2000 WRITE');
    const offset = world.info('A', 'master_repl_offset');
    world.wait(1000);
    expect(world.command('A', 'GET k')).toBe('$-1');
    expect(world.info('A', 'master_repl_offset')).toBe(offset);
    world.wait(2000);
    expect(world.info('A', 'master_repl_offset')).toBe((offset as number) + 20);
  });

  test('WAIT asks no replica while they are paused', () => {
    const world = pairOf(redis70);
    world.command('A', 'SET k v');
    world.command('A', 'CLIENT PAUSE 3000 WRITE');
    const offset = world.info('A', 'master_repl_offset');
    const waiting = world.client('A');
    waiting.send('WAIT 2 500');
    world.wait(300);
    expect(world.info('A', 'master_repl_offset')).toBe(offset);
  });
});

describe('shutting down', () => {
  test('waits until the replicas have everything', () => {
    const ends = both((profile) => {
      const world = pairOf(profile, {}, {});
      const writer = world.client('A');
      writer.send(`SET k ${'x'.repeat(1000)}`, 'SHUTDOWN NOSAVE');
      const offset = world.info('A', 'master_repl_offset') as number;
      world.until(() => world.sim.server(0) === null, 5000);
      const waited = world.log('A').includes('Waiting for replicas before shutting down.');
      return { waited, grew: (world.info('B', 'slave_repl_offset') as number) - offset > 1000 };
    });
    expect(ends[0].waited).toBe(false);
    expect(ends[1]).toEqual({ waited: true, grew: true });
  });

  test('for so long as shutdown-timeout says, and tells who lags', () => {
    const world = pairOf(redis70, { config: { 'shutdown-timeout': '2' } });
    world.command('A', 'SET k v');
    world.sim.freeze(world.node('B'));
    const writer = world.client('A');
    writer.send('SET k w', 'SHUTDOWN NOSAVE');
    world.wait(1500);
    expect(world.sim.server(0)).not.toBe(null);
    world.until(() => world.sim.server(0) === null, 2000);
    const log = world.log('A');
    expect(log.some((line) => line.startsWith(`Lagging replica ${world.name('B')} reported offset `))).toBe(
      true,
    );
    expect(log).toContain('0 of 1 replicas are in sync when shutting down.');
  });

  test('is the end where the same client has had to wait before: that time limit is still there', () => {
    for (const [before, state] of [
      ['WAIT 1 50', 'down'],
      ['PING', 'up'],
    ] as const) {
      const world = pairOf(redis70);
      world.command('A', 'SET k v');
      const client = world.client('A');
      client.send('SET k w', before);
      world.wait(100);
      world.sim.freeze(world.node('B'));
      world.command('A', 'SET k x');
      client.send('SHUTDOWN NOSAVE');
      world.wait(300);
      expect(world.sim.processState(0)).toBe(state);
      expect(world.log('A').some((line) => line.startsWith('Guru Meditation: '))).toBe(state === 'down');
    }
  });

  test('FORCE ends it although the data cannot be saved', () => {
    const world = pairOf(redis70);
    world.sim.failSaves(world.node('A'), true);
    expect(world.command('A', 'SHUTDOWN SAVE')).toBe('-ERR Errors trying to SHUTDOWN. Check logs.');
    expect(world.command('A', 'SET k v')).toBe('+OK');
    const asking = world.client('A');
    asking.send('SHUTDOWN SAVE FORCE');
    world.until(() => world.sim.server(0) === null, 15_000);
    expect(world.log('A')).toContain('Error trying to save the DB. Exit anyway.');
  });

  test('ABORT takes it back, NOW does not wait', () => {
    const world = pairOf(redis70);
    world.sim.freeze(world.node('B'));
    world.command('A', 'SET k v');
    const asking = world.client('A');
    asking.send('SHUTDOWN NOSAVE');
    world.wait(500);
    expect(world.command('A', 'SHUTDOWN ABORT')).toBe('+OK');
    world.wait(100);
    expect(asking.take()).toBe('-ERR Errors trying to SHUTDOWN. Check logs.\r\n');
    expect(world.command('A', 'SHUTDOWN ABORT')).toBe('-ERR No shutdown in progress.');
    expect(world.command('A', 'SET k w')).toBe('+OK');
    asking.send('SHUTDOWN NOSAVE NOW');
    world.until(() => world.sim.server(0) === null, 100);
  });
});

describe('links', () => {
  test('a client over its output limit is closed in the same event', () => {
    const waits = both((profile) => {
      const world = new World({
        A: { profile, config: { 'client-output-buffer-limit': 'normal 100000 0 0' } },
      }).to(550);
      world.command('A', ['SET', 'k', 'x'.repeat(300_000)]);
      const client = world.client('A');
      client.send('GET k');
      const { now } = world;
      world.until(() => client.state === 'closed', 1000);
      return world.now - now;
    });
    expect(waits[1]).toBeLessThan(5);
    expect(waits[0]).toBeGreaterThan(waits[1]);
  });

  test('WAIT that nobody answers ends by its time', () => {
    const waits = both((profile) => {
      const world = pairOf(profile);
      world.command('A', 'SET k v');
      world.sim.freeze(world.node('B'));
      const { now } = world;
      world.command('A', 'WAIT 2 150');
      return world.now - now;
    });
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(150);
    for (const wait of waits) expect(wait).toBeLessThan(600);
  });
});
