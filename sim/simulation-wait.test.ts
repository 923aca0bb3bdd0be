import { describe, expect, test } from 'vitest';
import { fakeReplica, pair, World } from './world.test-helper.ts';

const NOREPLICAS = '-NOREPLICAS Not enough good replicas to write.';

describe('WAIT', () => {
  test('asks for acknowledgements at once, and answers within the round trips that takes', () => {
    const world = pair();
    world.command('A', 'SET k v');
    const at = world.now;
    expect(world.command('A', 'WAIT 1 1000')).toBe(':1');
    expect(world.now - at).toBeLessThan(1);
  });

  test('counts for each client what it wrote itself', () => {
    const world = pair();
    world.sim.partition(0, 1);
    world.command('A', 'SET k v');
    // Nothing written on this connection: everybody has acknowledged offset 0.
    const fresh = world.client('A');
    fresh.send('WAIT 1 1000');
    world.wait(1);
    expect(fresh.take()).toBe(':1\r\n');
    expect(world.command('A', 'WAIT 1 200')).toBe(':0');
  });

  test('a timeout ends with a tick of the server’s timer, at most 100 ms late, with the count of then', () => {
    const world = pair();
    world.sim.freeze(1);
    for (const timeout of [1, 37, 99, 100, 101, 250]) {
      world.command('A', 'SET k v');
      const at = world.now;
      expect(world.command('A', `WAIT 1 ${timeout}`)).toBe(':0');
      expect(world.now - at).toBeGreaterThan(timeout);
      expect(world.now - at).toBeLessThanOrEqual(timeout + 101);
      // A's timer runs at 1 ms after every 100.
      expect(Math.round(world.now * 1000) % 100_000).toBe(1000);
    }
  });

  test('a timeout of 0 is none, and an acknowledgement ends it', () => {
    const world = pair();
    world.sim.freeze(1);
    const client = world.client('A');
    client.send('SET k v', 'WAIT 1 0');
    world.wait(20_000);
    expect(client.take()).toBe('+OK\r\n');
    world.sim.thaw(1);
    world.wait(2);
    expect(client.take()).toBe(':1\r\n');
  });

  test('what the client sent behind it is done after it', () => {
    const world = pair();
    world.sim.freeze(1);
    const client = world.client('A');
    client.send('SET k v', 'WAIT 1 100', 'PING');
    world.wait(50);
    expect(client.take()).toBe('+OK\r\n');
    world.wait(200);
    expect(client.take()).toBe(':0\r\n+PONG\r\n');
  });

  test('on a replica, with a negative timeout or no number it is an error', () => {
    const world = pair();
    expect(world.command('B', 'WAIT 1 0')).toMatch(/^-ERR WAIT cannot be used with replica instances\./);
    expect(world.command('A', 'WAIT 1 -1')).toBe('-ERR timeout is negative');
    expect(world.command('A', 'WAIT x 0')).toBe('-ERR value is not an integer or out of range');
  });

  test('does not block inside MULTI', () => {
    const world = pair();
    world.sim.freeze(1);
    const client = world.client('A');
    client.send('SET k v', 'MULTI', 'WAIT 1 0', 'EXEC');
    world.wait(1);
    expect(client.take()).toBe('+OK\r\n+OK\r\n+QUEUED\r\n*1\r\n:0\r\n');
  });

  test('a demotion ends it with an error and closes the connection, unread commands and all', () => {
    const world = pair();
    world.sim.freeze(1);
    const client = world.client('A');
    client.send('SET k v', 'WAIT 1 0', 'SET never 1');
    world.wait(10);
    client.take();
    world.replicaof('A', 'nowhere');
    world.wait(10);
    expect(client.take()).toBe(
      '-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)\r\n',
    );
    expect(client.state).toBe('closed');
    expect(world.command('A', 'EXISTS never')).toBe(':0');
  });

  test('a replica that still loads its file does not count, a muted one does', () => {
    const config = { 'repl-diskless-sync': 'yes', 'repl-diskless-sync-delay': '0' };
    const world = new World({ A: { boot: -2000, config } }).to(100);
    const fake = fakeReplica(world, 'A', 'eof', 'psync2');
    fake.send('PSYNC ? -1');
    world.wait(1);
    expect(world.command('A', 'WAIT 1 100')).toBe(':0');
    world.untilLog('A', 'Waiting for REPLCONF ACK');
    const fresh = world.client('A');
    fresh.send('WAIT 1 100');
    world.wait(1);
    expect(fresh.take()).toBe(':1\r\n');
  });
});

describe('min-replicas-to-write', () => {
  const config = { 'min-replicas-to-write': '1', 'min-replicas-max-lag': '2' };

  test('refuses writes once a silent replica has lagged longer than max-lag: > and not >=', () => {
    const world = pair({ config }, {});
    expect(world.command('A', 'SET k v')).toBe('+OK');
    world.sim.partition(1, 0);
    const at = world.now;
    world.until(() => world.info('A', 'min_slaves_good_slaves') === 0);
    const server = world.server('A');
    const [slave] = server.slaves.map((id) => server.clients[id]!);
    expect(server.unixtime - slave!.replAckTime).toBe(3);
    expect(world.now - at).toBeGreaterThan(1000);
    expect(world.command('A', 'SET k w')).toBe(NOREPLICAS);
    expect(world.command('A', 'GET k')).toBe('$1\r\nv');
    world.sim.heal(1, 0);
    world.wait(2100);
    expect(world.command('A', 'SET k w')).toBe('+OK');
  });

  test('a replica that goes is missed at once', () => {
    const world = pair({ config }, {});
    world.sim.kill(1);
    world.wait(1);
    expect(world.command('A', 'SET k v')).toBe(NOREPLICAS);
  });

  test('EXEC and EVAL have no write flag and pass, a write queued in MULTI spoils it', () => {
    const world = new World({ A: { boot: -2000, config } }).to(100);
    const client = world.client('A');
    client.sendText('MULTI\r\nSET k v\r\nEXEC\r\n');
    world.wait(1);
    expect(client.take()).toBe(
      `+OK\r\n${NOREPLICAS}\r\n-EXECABORT Transaction discarded because of previous errors.\r\n`,
    );
    expect(world.command('A', ['EVAL', "return redis.call('SET','k','v')", '0'])).toBe('+OK');
  });

  test('a replica is never asked for replicas of its own', () => {
    const world = pair({}, { config: { ...config, 'replica-read-only': 'no' } });
    expect(world.command('B', 'SET local 1')).toBe('+OK');
  });
});

describe('REPLICAOF', () => {
  test('an instance can be told to replicate itself, and is refused for ever without hanging', () => {
    const world = new World({ A: { boot: -2000 } }).to(500);
    expect(world.replicaof('A', 'A')).toBe('+OK');
    world.wait(10_000);
    expect(world.attempts.length).toBeGreaterThan(5);
    for (const { ended } of world.attempts) expect(ended).toBe('psync: try later');
    expect(world.decisions.every(({ decision }) => decision.reason === 'nomasterlink')).toBe(true);
    expect(world.replicaof('A', 'NO ONE')).toBe('+OK');
    expect(world.command('A', 'SET k v')).toBe('+OK');
  });

  test('two that replicate each other refuse each other, until one is told otherwise', () => {
    const world = new World({ A: { boot: -2000 }, B: { boot: -1500 } }).to(500);
    world.replicaof('A', 'B');
    world.replicaof('B', 'A');
    world.wait(10_000);
    expect(world.state('A')).not.toBe('CONNECTED');
    expect(world.state('B')).not.toBe('CONNECTED');
    world.replicaof('A', 'NO ONE');
    world.untilState('B', 'CONNECTED');
  });

  test('a circle closed while its links are up goes on, and no byte runs round in it', () => {
    const world = pair();
    world.replicaof('A', 'B');
    world.wait(30_000);
    const before = world.server('A').masterReplOffset;
    world.wait(10_000);
    expect(world.server('A').masterReplOffset - before).toBeLessThan(1000);
  });

  test('the same master again is an OK with a remark, also while the link is down', () => {
    const world = pair();
    const mark = world.mark();
    const { ip, port } = world.sim.address(0);
    world.sim.kill(0);
    world.wait(100);
    expect(world.command('B', `REPLICAOF ${ip} ${port}`)).toBe('+OK Already connected to specified master');
    expect(world.log('B', mark).at(-1)).toContain(
      'REPLICAOF would result into synchronization with the master',
    );
  });

  test('a master that becomes a replica offers its own history, a replica that changes masters the cached one', () => {
    const world = new World({
      A: { boot: -2000 },
      B: { boot: -1000, replicaof: 'A' },
      C: { boot: -500, replicaof: 'A' },
    });
    world.untilState('C', 'CONNECTED').wait(2000);
    world.command('A', 'SET k v');
    world.wait(100);
    const { replid, masterReplOffset } = world.server('A');
    world.replicaof('C', 'B');
    expect(world.server('C').cachedMaster).toMatchObject({ replid, reploff: masterReplOffset });
    world.untilState('C', 'CONNECTED');
    expect(world.psyncs('C', 'B')).toEqual(['partial/replid']);
    world.replicaof('B', 'NO ONE');
    world.replicaof('A', 'B');
    expect(world.server('A').cachedMaster).toMatchObject({ replid, reploff: masterReplOffset });
    world.untilState('A', 'CONNECTED');
    expect(world.psyncs('A', 'B')).toEqual(['partial/replid2']);
  });

  test('of no port is an error and changes nothing', () => {
    const world = new World({ A: { boot: -2000 } }).to(500);
    expect(world.command('A', 'REPLICAOF 10.0.0.9 here')).toBe(
      '-ERR value is not an integer or out of range',
    );
    expect(world.info('A', 'role')).toBe('master');
  });
});
