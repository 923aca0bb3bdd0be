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

/** Makes a replica hold a string where its master is going to push to a list, and pushes. */
function diverge(world: World): void {
  world.command('B', 'CONFIG SET replica-read-only no');
  world.command('B', 'SET k v');
  world.command('B', 'CONFIG SET replica-read-only yes');
  world.command('A', 'SET other x"y');
  world.command('A', 'LPUSH k 1');
  world.wait(200);
}

describe('errors between master and replica', () => {
  const critical =
    "== CRITICAL == This replica is sending an error to its master: '-WRONGTYPE Operation against a key holding the " +
    "wrong kind of value' after processing the command 'lpush'";

  test('every error of the stream is logged, with the last bytes of the backlog', () => {
    const logs = both((profile) => {
      const world = pairOf(profile);
      const from = world.mark();
      diverge(world);
      return world.log('B', from);
    });
    expect(logs[0]).toEqual([]);
    expect(logs[1]).toEqual([
      critical,
      'Latest backlog is: \'"*2\\r\\n$6\\r\\nSELECT\\r\\n$1\\r\\n0\\r\\n*3\\r\\n$3\\r\\nSET\\r\\n$5\\r\\nother\\r\\n' +
        '$3\\r\\nx\\"y\\r\\n"\'',
    ]);
  });

  test('the backlog is shown up to 256 bytes', () => {
    const world = pairOf(redis70);
    world.command('A', `SET big ${'x'.repeat(500)}`);
    const from = world.mark();
    diverge(world);
    const line = world.log('B', from).find((text) => text.startsWith('Latest backlog'))!;
    expect(line.slice(21, -2).replaceAll(/\\r|\\n|\\"/g, '.').length).toBe(256);
  });

  test('INFO counts them', () => {
    const counted = both((profile) => {
      const world = pairOf(profile);
      diverge(world);
      return /unexpected_error_replies:(\d+)/.exec(world.command('B', 'INFO stats'))?.[1];
    });
    expect(counted).toEqual([undefined, '1']);
  });

  test('a replica may be told to end over one', () => {
    const config = { 'propagation-error-behavior': 'panic-on-replicas' };
    const world = pairOf(redis70, {}, { config });
    diverge(world);
    expect(world.sim.server(1)).toBe(null);
    expect(world.log('B').some((line) => line.startsWith('Guru Meditation: This replica panicked'))).toBe(
      true,
    );
  });

  test('but a writable one does not', () => {
    const config = { 'propagation-error-behavior': 'panic' };
    const world = pairOf(redis70, {}, { config });
    world.command('B', 'CONFIG SET replica-read-only no');
    world.command('B', 'SET k v');
    world.command('A', 'LPUSH k 1');
    world.wait(200);
    expect(world.log('B')).toContain(critical);
  });

  test('a command that a replica may not run is an error first, and then a reply that ends the link', () => {
    const world = new World({ A: { profile: redis70, config: DISK } }).to(500);
    const replica = fakeReplica(world, 'A', 'psync2');
    replica.send('PSYNC ? -1');
    world.wait(500);
    const from = world.mark();
    replica.send('GET k');
    world.wait(200);
    const log = world.log('A', from).map((line) => line.replace(/: id=.*/, ''));
    expect(log).toEqual([
      "Replica generated a reply to command 'get', disconnecting it",
      "== CRITICAL == This master is sending an error to its replica: 'Replica can't interact with the keyspace' " +
        "after processing the command 'get'",
      expect.stringMatching(/^Connection with replica .* lost\.$/),
    ]);
  });
});

describe('a connection that is reset in the middle of the handshake', () => {
  /** What B logs of a reset in this state, and how long it then waits. */
  function resetIn(profile: Profile, state: string): [lines: string[], waited: boolean] {
    const world = pairOf(profile, {}, {}).to(1450);
    world.sim.reset(0, 1);
    world.untilState('B', state);
    const from = world.mark();
    world.sim.reset(0, 1);
    world.wait(50);
    const lines = world.log('B', from);
    world.untilState('B', 'CONNECTED');
    return [lines, !lines.some((text) => text.startsWith('Reconnecting'))];
  }

  test('is an error of the socket in 5, of the read in 7, and both wait for the cron', () => {
    expect(resetIn(redis50, 'RECEIVE_PONG')).toEqual([
      ['Error condition on socket for SYNC: Connection reset by peer'],
      true,
    ]);
    expect(resetIn(redis70, 'RECEIVE_PONG')).toEqual([
      [
        'Failed to read response from the server: Success',
        'Master did not respond to command during SYNC handshake',
      ],
      true,
    ]);
    expect(resetIn(redis70, 'RECEIVE_PSYNC')).toEqual([
      ['Failed to read response from the server: Success', 'Master did not reply to PSYNC, will try later'],
      true,
    ]);
  });
});

describe('a replica whose saves fail', () => {
  const saving = { save: '10000 10000' };

  function failing(profile: Profile, ignore: string): World {
    const more = profile === redis70 ? { 'replica-ignore-disk-write-errors': ignore } : {};
    const world = pairOf(profile, {}, { config: { ...saving, ...more } });
    world.sim.failSaves(world.node('B'), true);
    world.command('B', 'BGSAVE');
    world.wait(1000);
    return world;
  }

  test('refuses PING', () => {
    const replies = both((profile) => failing(profile, 'yes').command('B', 'PING').split(' ')[0]);
    expect(replies).toEqual(['+PONG', '-MISCONF']);
  });

  test('ends over a write of its master, unless it may ignore that', () => {
    const ends = both((profile) =>
      ['no', 'yes'].map((ignore) => {
        const world = failing(profile, ignore);
        world.command('A', 'SET k v');
        world.wait(200);
        return world.sim.server(1) !== null;
      }),
    );
    expect(ends).toEqual([
      [true, true],
      [false, true],
    ]);
  });

  test('says every ten seconds that it goes on', () => {
    const world = failing(redis70, 'yes');
    for (let i = 0; i < 25; i++) {
      world.command('A', 'SET k v');
      world.wait(1000);
    }
    const told = world
      .log('B')
      .filter((line) => line.startsWith('Replica is applying a command even though'));
    expect(told).toHaveLength(3);
  });
});

describe('expired keys on a replica', () => {
  /** A writable replica on which a key of its master has expired, while the master leaves it be. */
  function withExpired(profile: Profile): World {
    const world = pairOf(profile);
    world.command('A', 'DEBUG SET-ACTIVE-EXPIRE 0');
    world.command('B', 'CONFIG SET replica-read-only no');
    world.command('A', 'SET n 10 PX 300');
    world.wait(500);
    return world;
  }

  test('a write to a writable one deletes it', () => {
    const values = both((profile) => withExpired(profile).command('B', 'INCR n'));
    expect(values).toEqual([':11', ':1']);
  });

  test('a command that writes after reading finds nothing', () => {
    const values = both((profile) => withExpired(profile).command('B', 'GETSET n 3'));
    expect(values).toEqual(['$2\r\n10', '$-1']);
  });

  test('the master’s stream finds it', () => {
    const values = both((profile) => {
      const world = pairOf(profile);
      world.command('A', 'DEBUG SET-ACTIVE-EXPIRE 0');
      world.command('A', 'SET n 10 PX 300');
      world.wait(100);
      world.sim.partition(0, 1);
      world.command('A', 'APPEND n 0');
      world.command('A', 'PERSIST n');
      world.wait(400);
      world.sim.heal(0, 1);
      world.wait(1500);
      return world.command('B', 'GET n');
    });
    expect(values).toEqual(['$3\r\n100', '$3\r\n100']);
  });
});

describe('traffic of replication', () => {
  test('is counted by itself', () => {
    const counts = both((profile) => {
      const world = pairOf(profile);
      world.command('A', 'SET k v');
      world.wait(2000);
      const stats = (node: string): Record<string, string> =>
        Object.fromEntries(
          world
            .command(node, 'INFO stats')
            .split('\r\n')
            .map((line) => line.split(':') as [string, string]),
        );
      const [a, b] = [stats('A'), stats('B')];
      return [a.total_net_repl_output_bytes, b.total_net_repl_input_bytes];
    });
    expect(counts[0]).toEqual([undefined, undefined]);
    const [sent, received] = counts[1]!;
    expect(Number(sent)).toBeGreaterThan(200);
    expect(received).toBe(sent);
  });
});
