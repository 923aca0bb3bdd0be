import { describe, expect, test } from 'vitest';
import { REPL_STATE_NAMES } from './redis/server.ts';
import { fakeReplica, masked, type NodeSpec, pair, World } from './world.test-helper.ts';

/** A <- B <- C, in sync and quiet. */
function chain(b: NodeSpec = {}, c: NodeSpec = {}): World {
  const world = new World({
    A: { boot: -2000 },
    B: { boot: -1000, replicaof: 'A', ...b },
    C: { boot: -400, replicaof: 'B', ...c },
  });
  return world.untilState('C', 'CONNECTED').wait(1500);
}

function cut(world: World, x: string, y: string): void {
  world.sim.partition(world.node(x), world.node(y));
  world.sim.partition(world.node(y), world.node(x));
}

const lastDecision = (world: World): string => {
  const { outcome, reason } = world.decisions.at(-1)!.decision;
  return `${outcome}/${reason}`;
};

describe('the states of a handshake', () => {
  function statesOf(config: Record<string, string>): string[] {
    const world = new World(
      { A: { boot: -2000, config: { requirepass: 'pw' } }, B: { boot: -500, replicaof: 'A', config } },
      { link: { latency: 1000 } },
    );
    const seen: string[] = [];
    world.until(() => {
      if (world.sim.server(1) !== null && seen.at(-1) !== world.state('B')) seen.push(world.state('B'));
      return seen.at(-1) === 'CONNECTED';
    });
    return seen;
  }

  test('without announce-ip: between events one waits for a reply each, SEND_ states are never seen', () => {
    const seen = statesOf({ masterauth: 'pw' });
    expect(seen).toEqual([
      'CONNECT',
      'CONNECTING',
      'RECEIVE_PONG',
      'RECEIVE_AUTH',
      'RECEIVE_PORT',
      'RECEIVE_CAPA',
      'RECEIVE_PSYNC',
      'TRANSFER',
      'CONNECTED',
    ]);
  });

  test('with replica-announce-ip the address is told too', () => {
    expect(statesOf({ masterauth: 'pw', 'replica-announce-ip': '1.2.3.4' })).toContain('RECEIVE_IP');
  });

  test('announced address and port are what the master calls the replica', () => {
    const world = pair({}, { config: { 'replica-announce-ip': '1.2.3.4', 'replica-announce-port': '9999' } });
    expect(world.log('A')).toContain('Synchronization with replica 1.2.3.4:9999 succeeded');
    expect(world.info('A', 'slave0')).toMatch(/^ip=1\.2\.3\.4,port=9999,state=online/);
  });

  test('takes one round trip for each request: connect, PING, port, capa, PSYNC', () => {
    const world = new World(
      { A: { boot: -2000 }, B: { boot: -500, replicaof: 'A' } },
      { link: { latency: 10_000, bandwidth: 1e12 } },
    );
    world.until(() => world.decisions.length === 1);
    // The attempt begins 1 ms after the start; the fourth request arrives after four and a half round trips.
    expect(world.now - -499).toBeCloseTo(4 * 20 + 10, 0);
  });

  test('the attempt ends after repl-timeout in whichever state the replies stop, and says in which', () => {
    const world = new World(
      { A: { boot: -2000 }, B: { boot: -500, replicaof: 'A', config: { 'repl-timeout': '2' } } },
      { link: { latency: 1000 } },
    );
    world.untilState('B', 'RECEIVE_CAPA');
    world.sim.freeze(0);
    world.untilLog('B', 'Timeout connecting');
    expect(world.attempts.at(-1)!.ended).toBe('capa-timeout');
    expect(REPL_STATE_NAMES[world.server('B').replState]).toBe('CONNECTING');
  });
});

describe('a master that loads', () => {
  test('refuses the PING with -LOADING each second; cached master and history stay until it answers', () => {
    const world = pair({ dataset: 16_000_000, load: 4_000_000 });
    world.command('A', 'SAVE');
    const { replid } = world.server('B');
    const mark = world.mark();
    world.sim.kill(0);
    world.start('A');
    world.until(() => world.attempts.filter(({ ended }) => ended.startsWith('ping:')).length === 3);
    expect(world.server('A').loading).toBe(true);
    expect(world.attempts.at(-1)!.ended).toBe('ping: -LOADING Redis is loading the dataset in memory');
    expect(world.log('B', mark)).toContain(
      "Error reply to PING from master: '-LOADING Redis is loading the dataset in memory'",
    );
    expect(world.server('B').cachedMaster).not.toBeNull();
    expect(world.server('B').replid).toBe(replid);
    world.untilState('B', 'CONNECTED');
    expect(world.psyncs('B', 'A').at(-1)).toBe('full/replid-mismatch');
  });

  test('refuses a PSYNC sent to it meanwhile, which is a decision too', () => {
    const world = pair({ dataset: 4_000_000, load: 1_000_000 }, {});
    world.command('A', 'SAVE');
    world.sim.kill(1);
    world.sim.kill(0);
    world.start('A');
    world.wait(10);
    const client = world.client('A');
    client.send('PSYNC ? -1');
    world.until(() => client.received !== '', 5000);
    expect(client.take()).toBe('-LOADING Redis is loading the dataset in memory\r\n');
    expect(lastDecision(world)).toBe('refused/loading');
    // REPLCONF is taken while loading.
    client.send('REPLCONF listening-port 7000');
    world.until(() => client.received !== '', 5000);
    expect(client.take()).toBe('+OK\r\n');
  });
});

describe('a master with a password', () => {
  test('no masterauth: -NOAUTH is a pong, REPLCONF uncritical, PSYNC unexpected, SYNC aborted, each second again', () => {
    const world = pair();
    world.command('A', 'CONFIG SET requirepass pw');
    const mark = world.mark();
    world.sim.reset(0, 1);
    world.untilLog('B', 'MASTER aborted');
    const noauth = '-NOAUTH Authentication required.';
    expect(masked(world.log('B', mark)).slice(4)).toEqual([
      'Non blocking connect for SYNC fired the event.',
      'Master replied to PING, replication can continue...',
      `(Non critical) Master does not understand REPLCONF listening-port: ${noauth}`,
      `(Non critical) Master does not understand REPLCONF capa: ${noauth}`,
      expect.stringMatching(/^Trying a partial resynchronization/),
      `Unexpected reply to PSYNC from master: ${noauth}`,
      'Discarding previously cached master state.',
      'Retrying with SYNC...',
      `MASTER aborted replication with an error: ${noauth.slice(1)}`,
    ]);
    expect(world.server('B')).toMatchObject({ cachedMaster: null, replBacklog: null });
    expect(world.decisions.slice(-2).map(({ decision }) => decision.reason)).toEqual(['noauth', 'noauth']);
    expect(world.decisions.at(-1)!.decision.replid).toBeNull();
    const again = world.mark();
    world.untilLog('B', 'MASTER aborted', 1100);
    expect(world.log('B', again)).toContain('Partial resynchronization not possible (no cached master)');
  });

  test('a wrong masterauth ends the attempt and leaves the cached master', () => {
    const world = pair({ config: { requirepass: 'pw' } }, { config: { masterauth: 'pw' } });
    world.command('B', 'CONFIG SET masterauth wrong');
    const mark = world.mark();
    world.sim.reset(0, 1);
    world.untilLog('B', 'Unable to AUTH');
    expect(world.log('B', mark).at(-1)).toBe('Unable to AUTH to MASTER: -ERR invalid password');
    expect(world.attempts.at(-1)!.ended).toBe('auth: -ERR invalid password');
    expect(world.server('B').cachedMaster).not.toBeNull();
  });

  test('a password where none is set is an error, and ends the attempt too', () => {
    const world = new World({
      A: { boot: -2000 },
      B: { boot: -700, replicaof: 'A', config: { masterauth: 'pw' } },
    });
    world.untilLog('B', 'Unable to AUTH to MASTER: -ERR Client sent AUTH, but no password is set');
  });

  test('the right one synchronizes', () => {
    const world = pair({ config: { requirepass: 'pw' } }, { config: { masterauth: 'pw' } });
    expect(world.psyncs('B', 'A')).toEqual(['full/forced']);
  });
});

describe('a master that has lost its own master', () => {
  test('-NOMASTERLINK: try later, nothing is forgotten, and partial once the link is back', () => {
    const world = chain();
    world.command('A', 'SET k v');
    world.wait(1100);
    world.sim.kill(0);
    world.wait(5);
    world.sim.reset(1, 2);
    const mark = world.mark();
    world.untilLog('C', 'Master is currently unable');
    expect(world.log('C', mark).at(-1)).toBe(
      "Master is currently unable to PSYNC but should be in the future: -NOMASTERLINK Can't SYNC while not connected " +
        'with my master',
    );
    expect(world.attempts.at(-1)).toEqual({ replica: 'C', master: 'B', ended: 'psync: try later' });
    expect(lastDecision(world)).toBe('refused/nomasterlink');
    expect(world.server('C').cachedMaster).not.toBeNull();
    expect(world.info('B', 'sync_partial_err')).toBe(0);
  });

  test('-MASTERDOWN at PSYNC (replica-serve-stale-data no) is unexpected: SYNC, and the cached master is gone', () => {
    const world = chain({ config: { 'replica-serve-stale-data': 'no' } });
    world.sim.kill(0);
    world.wait(5);
    world.sim.reset(1, 2);
    const mark = world.mark();
    world.untilLog('C', 'MASTER aborted');
    const down = "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";
    expect(world.log('C', mark).slice(-4)).toEqual([
      `Unexpected reply to PSYNC from master: ${down}`,
      'Discarding previously cached master state.',
      'Retrying with SYNC...',
      `MASTER aborted replication with an error: ${down.slice(1)}`,
    ]);
    expect(world.psyncs('C', 'B').slice(-2)).toEqual(['refused/masterdown', 'refused/masterdown']);
    expect(world.server('C')).toMatchObject({ cachedMaster: null, replBacklog: null });
  });
});

describe('the reply to PSYNC that never comes', () => {
  /** The master is asked; its answer has not come yet. */
  function asking(): World {
    const world = pair({}, {}, { link: { latency: 20_000 } });
    world.command('A', 'SET k v');
    world.wait(1200);
    world.sim.reset(0, 1);
    return world.untilState('B', 'RECEIVE_PSYNC');
  }

  test('the connection is closed: as if it were an error, and the cached master is thrown away', () => {
    const world = asking();
    const mark = world.mark();
    world.sim.kill(0);
    world.untilLog('B', 'Retrying with SYNC');
    const lines = world.log('B', mark);
    expect(lines[0]).toMatch(/^Unexpected reply to PSYNC from master: -Reading from master: /);
    expect(lines.slice(1, 3)).toEqual([
      'Discarding previously cached master state.',
      'Retrying with SYNC...',
    ]);
    expect(world.server('B')).toMatchObject({ cachedMaster: null, replBacklog: null });
    world.start('A');
    world.untilState('B', 'CONNECTED');
    expect(world.psyncs('B', 'A').at(-1)).toBe('full/forced');
  });

  test('the connection is reset: the socket has an error, which is looked at first, and nothing is lost', () => {
    const world = asking();
    const mark = world.mark();
    world.sim.reset(0, 1);
    world.untilLog('B', 'Error condition on socket');
    expect(world.log('B', mark)[0]).toBe('Error condition on socket for SYNC: Connection reset by peer');
    expect(world.attempts.at(-1)!.ended).toBe('reset');
    expect(world.server('B').cachedMaster).not.toBeNull();
    world.untilState('B', 'CONNECTED');
    expect(world.psyncs('B', 'A').at(-1)).toBe('partial/replid');
  });

  test('silence: the timeout of the handshake keeps the cached master', () => {
    const world = asking();
    world.command('B', 'CONFIG SET repl-timeout 2');
    cut(world, 'A', 'B');
    world.untilLog('B', 'Timeout connecting');
    expect(world.attempts.at(-1)!.ended).toBe('psync-timeout');
    expect(world.server('B').cachedMaster).not.toBeNull();
    world.sim.heal(0, 1);
    world.sim.heal(1, 0);
    world.untilState('B', 'CONNECTED');
    expect(world.psyncs('B', 'A').at(-1)).toBe('partial/replid');
  });
});

describe('a PSYNC that no replica would send', () => {
  test('an offset that is no number: +FULLRESYNC, and right after it a stray error', () => {
    const world = pair();
    const fake = fakeReplica(world, 'A', 'eof', 'psync2');
    const { replid, masterReplOffset } = world.server('A');
    fake.send(`PSYNC ${replid} abc`);
    world.until(() => fake.received.includes('ERR'), 1000);
    expect(fake.take()).toBe(
      `+FULLRESYNC ${replid} ${masterReplOffset}\r\n-ERR value is not an integer or out of range\r\n`,
    );
    expect(lastDecision(world)).toBe('full/bad-offset');
    expect(world.info('A', 'sync_full')).toBe(2);
    expect(world.info('A', 'sync_partial_err')).toBe(1);
  });

  test('with a reply still pending it is refused', () => {
    const world = pair();
    const client = world.client('A');
    client.sendText('PING\r\nPSYNC ? -1\r\n');
    world.until(() => client.received.includes('-ERR'), 1000);
    expect(client.take()).toBe('+PONG\r\n-ERR SYNC and PSYNC are invalid with pending output\r\n');
    expect(lastDecision(world)).toBe('refused/pending-output');
    expect(world.info('A', 'sync_full')).toBe(1);
  });

  test('from a replica already in sync it is ignored without a word', () => {
    const world = pair();
    const { replid, masterReplOffset } = world.server('A');
    const fake = fakeReplica(world, 'A', 'psync2');
    fake.send(`PSYNC ${replid} ${masterReplOffset + 1}`);
    world.wait(50);
    expect(fake.take()).toBe(`+CONTINUE ${replid}\r\n`);
    const count = world.decisions.length;
    fake.send('PSYNC ? -1', 'SYNC');
    world.wait(50);
    expect(fake.take()).toBe('');
    expect(world.decisions.length).toBe(count);
  });

  test('without the psync2 capability +CONTINUE names no id', () => {
    const world = pair();
    world.command('A', 'SET k v');
    const { replid, masterReplOffset } = world.server('A');
    const fake = fakeReplica(world, 'A', 'eof');
    fake.send(`PSYNC ${replid} ${masterReplOffset - 26}`);
    world.wait(50);
    expect(fake.take()).toBe('+CONTINUE\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n');
  });
});
