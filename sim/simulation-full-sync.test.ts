import { describe, expect, test } from 'vitest';
import { fakeReplica, MS, masked, type NodeSpec, pair, SECOND, World } from './world.test-helper.ts';

/** A master whose saves take long: 4 MB at 1 MB/s. */
const SLOW_SAVE: NodeSpec = { boot: -2000, dataset: 4_000_000, save: 1_000_000 };

const slaves = (world: World, node = 'A') =>
  world.server(node).slaves.map((id) => world.server(node).clients[id]!);
const SET = (key: string, value: string): string =>
  `*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$${value.length}\r\n${value}\r\n`;
const SELECT = '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n';

describe('a replica that comes while a save is under way', () => {
  test('made for a replica: it attaches, with that one’s offset and all that has been queued since', () => {
    const world = new World({ A: SLOW_SAVE });
    world.to(500);
    const first = fakeReplica(world, 'A', 'eof', 'psync2');
    first.send('PSYNC ? -1');
    world.until(() => first.received.startsWith('+FULLRESYNC'));
    world.command('A', 'SET a 1');
    const mark = world.mark();
    const second = fakeReplica(world, 'A', 'eof', 'psync2');
    second.send('PSYNC ? -1');
    world.until(() => second.received.startsWith('+FULLRESYNC'));
    const { replid } = world.server('A');
    expect(second.take()).toBe(`+FULLRESYNC ${replid} 0\r\n`);
    expect(first.take()).toMatch(new RegExp(`^\\+FULLRESYNC ${replid} 0\r\n\n*$`));
    expect(world.log('A', mark).at(-1)).toBe('Waiting for end of BGSAVE for SYNC');
    world.command('A', 'SET b 2');
    world.until(() => slaves(world).every(({ replstate }) => replstate === 9)).wait(100);
    // Whoever attaches knows no database: the stream selects it again, for both.
    const stream = SELECT + SET('a', '1') + SELECT + SET('b', '2');
    expect(first.received.endsWith(stream)).toBe(true);
    expect(second.received.endsWith(stream)).toBe(true);
    expect(first.received.replace(/^\n+/, '')).toBe(second.received.replace(/^\n+/, ''));
    expect(world.sim.cost().forks).toBe(1);
  });

  test('and can do less than the one it was made for: it cannot attach and waits for the next', () => {
    const world = new World({ A: SLOW_SAVE });
    world.to(500);
    const first = fakeReplica(world, 'A', 'eof', 'psync2');
    first.send('PSYNC ? -1');
    world.wait(50);
    const second = fakeReplica(world, 'A', 'psync2');
    second.send('PSYNC ? -1');
    world.wait(50);
    expect(world.log('A').at(-1)).toBe(
      "Can't attach the replica to the current BGSAVE. Waiting for next BGSAVE for SYNC",
    );
    expect(slaves(world).map(({ replstate }) => replstate)).toEqual([7, 6]);
    world.command('A', 'SET a 1');
    expect(slaves(world)[1]!.output.length).toBe(0);
    // The next save begins in the very cron that reaps the first, and has the offset of then.
    const { masterReplOffset, replid } = world.server('A');
    world.untilLog('A', 'Starting BGSAVE');
    expect(world.loggedAt('A', 'Background saving terminated')).toBe(world.now);
    world.wait(1);
    expect(second.received.replace(/^\n+/, '')).toBe(`+FULLRESYNC ${replid} ${masterReplOffset}\r\n`);
    expect(world.sim.cost().forks).toBe(2);
  });

  test('that nobody waits for (BGSAVE): there is nothing to attach to', () => {
    const world = new World({ A: SLOW_SAVE });
    world.to(500);
    expect(world.command('A', 'BGSAVE')).toBe('+Background saving started');
    const fake = fakeReplica(world, 'A', 'eof', 'psync2');
    fake.send('PSYNC ? -1');
    world.wait(50);
    expect(world.log('A').at(-1)).toContain("Can't attach the replica");
    world.untilLog('A', 'Starting BGSAVE for SYNC');
  });

  test('to sockets: it waits, and the next one begins as soon as that child is reaped, whatever the delay', () => {
    const config = { 'repl-diskless-sync': 'yes', 'repl-diskless-sync-delay': '5' };
    const world = new World({
      A: { ...SLOW_SAVE, config },
      B: { boot: -1000, replicaof: 'A' },
      C: { boot: -1 },
    });
    world.untilLog('A', 'Background RDB transfer started');
    world.replicaof('C', 'A');
    world.untilLog('A', 'Current BGSAVE has socket target. Waiting for next BGSAVE for SYNC');
    world.untilLog('A', 'Starting BGSAVE for SYNC with target: replicas sockets');
    expect(world.loggedAt('A', 'Background RDB transfer terminated')).toBe(world.now);
  });

  test('an AOF rewrite: the save is put off until cron finds no child', () => {
    const world = new World({ A: SLOW_SAVE });
    world.to(500);
    world.command('A', 'BGREWRITEAOF');
    const fake = fakeReplica(world, 'A', 'psync2');
    fake.send('PSYNC ? -1');
    world.wait(50);
    expect(world.log('A').at(-1)).toBe(
      'No BGSAVE in progress, but an AOF rewrite is active. BGSAVE for replication delayed',
    );
    world.untilLog('A', 'Starting BGSAVE for SYNC with target: disk');
    // It is the cron of replication that starts it, which runs with every tenth tick.
    expect(world.server('A').cronloops % 10).toBe(1);
  });
});

describe('the old SYNC', () => {
  test('gets no +FULLRESYNC: newlines, then the file, then the stream', () => {
    const world = new World({ A: { boot: -2000 } }).to(500);
    const client = world.client('A');
    client.send('SYNC');
    world.until(() => slaves(world)[0]?.replstate === 9);
    world.command('A', 'SET k v');
    world.wait(5);
    expect(client.received).toMatch(/^\$\d+\r\nREDIS0009/);
    expect(client.received.endsWith(SELECT + SET('k', 'v'))).toBe(true);
    const { decision } = world.decisions[0]!;
    expect(decision).toMatchObject({ outcome: 'full', reason: 'sync', replid: null, offset: null });
  });

  test('its user is never timed out for not acknowledging', () => {
    const world = new World({ A: { boot: -2000, config: { 'repl-timeout': '2' } } }).to(500);
    const client = world.client('A');
    client.send('SYNC');
    world.to(10_000);
    expect(client.state).toBe('open');
    expect(world.info('A', 'connected_slaves')).toBe(1);
  });

  test('a replica that fell back to it counts from -1 under the id it heard last, and sends no acknowledgement', () => {
    // A PSYNC refused with -NOAUTH makes the replica fall back; the password goes before its SYNC arrives.
    const world = pair({}, {}, { link: { latency: 20_000 } });
    const stale = world.server('A').replid;
    world.command('A', 'CONFIG SET requirepass pw');
    const operator = world.client('A');
    operator.send('AUTH pw');
    world.wait(1).sim.reset(0, 1);
    world.until(() => world.decisions.at(-1)!.decision.reason === 'noauth');
    operator.sendText('CONFIG SET requirepass ""\r\n');
    world.untilState('B', 'CONNECTED').wait(100);
    expect(world.decisions.at(-1)!.decision.reason).toBe('sync');
    const server = world.server('B');
    expect(server).toMatchObject({ replid: stale, masterReplOffset: -1, replBacklogOff: 0 });
    world.wait(3000);
    expect(slaves(world)[0]!.replAckOff).toBe(0);
    expect(world.info('A', 'slave0')).toMatch(/offset=0,/);
  });
});

test('a full synchronization ends the second history, and takes over the id and offset it was given', () => {
  const world = new World({ A: { boot: -2000 }, B: { boot: -1000, replicaof: 'A' }, C: { boot: -500 } });
  world.untilState('B', 'CONNECTED').wait(1000);
  world.replicaof('B', 'NO ONE');
  expect(world.server('B').secondReplidOffset).toBe(1);
  world.replicaof('B', 'C');
  world.untilState('B', 'CONNECTED');
  const { replid } = world.server('C');
  expect(world.server('B')).toMatchObject({ replid, replid2: '0'.repeat(40), secondReplidOffset: -1 });
});

describe('signs of life', () => {
  test('the master’s newlines keep a replica waiting for a save longer than its repl-timeout', () => {
    const world = pair(SLOW_SAVE, { config: { 'repl-timeout': '2' } });
    expect(world.log('B').filter((line) => line.startsWith('Timeout'))).toEqual([]);
    const took = world.loggedAt('B', 'receiving') - world.loggedAt('B', 'Full resync from master');
    expect(took).toBeGreaterThan(4000);
  });

  test('without them it gives up after more than repl-timeout, and begins anew in the same cron', () => {
    const world = new World({
      A: SLOW_SAVE,
      B: { boot: -700, replicaof: 'A', config: { 'repl-timeout': '2' } },
    });
    world.untilState('B', 'TRANSFER');
    world.sim.freeze(0);
    world.untilLog('B', 'Timeout receiving bulk data from MASTER...');
    expect(world.log('B').at(-3)).toBe(
      "Timeout receiving bulk data from MASTER... If the problem persists try to set the 'repl-timeout' parameter in " +
        'redis.conf to a larger value.',
    );
    expect(world.log('B').slice(-2)).toEqual([
      'Connecting to MASTER 10.0.0.1:6379',
      'MASTER <-> REPLICA sync started',
    ]);
    expect(world.syncsEnded.at(-1)!.sync!.ended).toBe('transfer-timeout');
  });

  test('the replica’s newlines keep the master from dropping it while it loads longer than repl-timeout', () => {
    const config = { 'repl-timeout': '3' };
    const world = new World({
      A: { boot: -2000, dataset: 12_000_000, config },
      B: { boot: -700, replicaof: 'A', load: 1_500_000, config },
    });
    world.untilLog('B', 'Loading DB in memory').untilState('B', 'CONNECTED', 60_000);
    const took = world.now - world.loggedAt('B', 'Loading DB in memory');
    expect(took).toBeGreaterThan(7000);
    world.wait(1500);
    expect(world.log('A').join('\n')).not.toContain('Disconnecting timedout');
    expect(world.psyncs('B', 'A')).toEqual(['full/forced']);
  });

  test('a load whose steps come more seldom than the timeout is not kept alive', () => {
    const config = { 'repl-timeout': '3' };
    const world = new World({
      A: { boot: -2000, dataset: 12_000_000, config },
      B: { boot: -700, replicaof: 'A', load: 300_000, config: { 'repl-timeout': '60' } },
    });
    world.untilLog('B', 'Loading DB in memory').untilLog('A', 'Disconnecting timedout replica');
    expect(world.state('B')).toBe('TRANSFER');
  });
});

describe('a diskless synchronization', () => {
  const DISKLESS = { 'repl-diskless-sync': 'yes', 'repl-diskless-sync-delay': '2' };

  test.each([0, 1, 2, 5])(
    'begins once the delay of %i s is exceeded: after more than it, less than 2 s more',
    (delay) => {
      for (const boot of [-100, -450, -900]) {
        const config = { ...DISKLESS, 'repl-diskless-sync-delay': String(delay) };
        const world = new World({ A: { boot: -2000, config }, B: { boot, replicaof: 'A' } });
        world.untilLog('A', 'Starting BGSAVE for SYNC with target: replicas sockets');
        const waited = world.now - world.loggedAt('A', 'asks for synchronization');
        expect(waited).toBeGreaterThan(delay * 1000);
        expect(waited).toBeLessThan((delay + 2) * 1000);
      }
    },
  );

  test('serves all that came within the delay with one child, and never makes them wait for the disk', () => {
    const world = new World({
      A: { boot: -2000, config: DISKLESS },
      B: { boot: -1000, replicaof: 'A' },
      C: { boot: -300, replicaof: 'A' },
    });
    world.untilState('B', 'CONNECTED').untilState('C', 'CONNECTED');
    expect(world.sim.cost().forks).toBe(1);
    expect(world.server('B').replTransferEofMark).toMatch(/^[0-9a-f]{40}$/);
  });

  test('one that cannot find the mark (no capa eof) puts everybody on the disk', () => {
    const world = new World({ A: { boot: -2000, config: DISKLESS } }).to(500);
    const fake = fakeReplica(world, 'A', 'psync2');
    const capable = fakeReplica(world, 'A', 'eof', 'psync2');
    capable.send('PSYNC ? -1');
    world.wait(100);
    fake.send('PSYNC ? -1');
    world.until(() => slaves(world).every(({ replstate }) => replstate === 9));
    const targets = world.log('A').filter((line) => line.startsWith('Starting BGSAVE'));
    expect(targets).toEqual(['Starting BGSAVE for SYNC with target: disk']);
    world.wait(5);
    expect(capable.received).toMatch(/\$\d+\r\nREDIS0009/);
  });

  test('the stream is held back until the replica acknowledges, then comes in full', () => {
    const world = new World({ A: { boot: -2000, config: DISKLESS } }).to(500);
    const fake = fakeReplica(world, 'A', 'eof', 'psync2');
    fake.send('PSYNC ? -1');
    world.untilLog('A', 'Background RDB transfer started');
    world.command('A', 'SET early 1');
    world.untilLog('A', 'Waiting for REPLCONF ACK from slave');
    world.command('A', 'SET late 2');
    world.wait(2000);
    const [slave] = slaves(world);
    expect(slave).toMatchObject({ replstate: 9, replPutOnlineOnAck: true });
    const mark = /\$EOF:([0-9a-f]{40})\r\n/.exec(fake.received)![1]!;
    expect(fake.received.endsWith(mark)).toBe(true);
    expect(world.info('A', 'slave0')).toContain('state=online');
    fake.take();
    // A newline is a sign of life and unmutes nothing.
    fake.sendText('\n');
    world.wait(50);
    expect(fake.take()).toBe('');
    fake.send('REPLCONF ACK 0');
    world.wait(5);
    expect(fake.received).toContain(SELECT + SET('early', '1'));
    expect(fake.received).toContain(SET('late', '2'));
    expect(world.log('A').at(-1)).toContain('Synchronization with replica 127.0.0.1:7000 succeeded');
  });

  test('an acknowledgement before the child is reaped counts, but unmutes nothing', () => {
    const world = new World({ A: { boot: -2000, config: DISKLESS } }).to(500);
    const fake = fakeReplica(world, 'A', 'eof', 'psync2');
    fake.send('PSYNC ? -1');
    world.until(() => fake.received.includes('$EOF'));
    fake.send('REPLCONF ACK 5');
    world.wait(3);
    expect(slaves(world)[0]).toMatchObject({ replstate: 7, replAckOff: 5 });
    world.untilLog('A', 'Waiting for REPLCONF ACK');
    expect(slaves(world)[0]!.replPutOnlineOnAck).toBe(true);
  });

  test('gives no newlines while the child writes to the sockets', () => {
    const world = new World({ A: { ...SLOW_SAVE, dataset: 8_000_000, config: DISKLESS } }).to(500);
    const fake = fakeReplica(world, 'A', 'eof', 'psync2');
    fake.send('PSYNC ? -1');
    world.untilLog('A', 'Background RDB transfer started').wait(1);
    expect(fake.take()).toMatch(/^\n+\+FULLRESYNC [0-9a-f]{40} 0\r\n$/);
    world.wait(3000);
    expect(fake.take()).toMatch(/^\$EOF:[0-9a-f]{40}\r\nREDIS/);
  });

  test('a replica that takes nothing is given up by the child after repl-timeout, the other goes on', () => {
    const config = { ...DISKLESS, 'repl-timeout': '4' };
    const world = new World({
      A: { boot: -2000, dataset: 30_000_000, config },
      B: { boot: -1000, replicaof: 'A' },
      C: { boot: -600, replicaof: 'A' },
    });
    world.untilLog('A', 'Background RDB transfer started').untilState('C', 'TRANSFER');
    world.sim.freeze(2);
    const at = world.now;
    world.untilLog('A', 'Closing slave');
    expect(world.log('A')).toContain(
      'Closing slave 10.0.0.3:6379: child->slave RDB transfer failed: Connection timed out',
    );
    expect(world.now - at).toBeGreaterThan(4000);
    expect(world.now - at).toBeLessThan(6500);
    world.untilState('B', 'CONNECTED');
    const ends = world.syncsEnded.map(({ replica, sync }) => `${replica} ${sync!.ended}`);
    expect(ends).toContain('2 transfer-timeout');
  });

  test('where every replica is gone the child fails', () => {
    const world = new World({ A: { ...SLOW_SAVE, config: DISKLESS }, B: { boot: -700, replicaof: 'A' } });
    world.untilLog('A', 'Background RDB transfer started');
    world.wait(500).sim.kill(1);
    world.untilLog('A', 'Background transfer error');
  });
});

describe('a background save that fails', () => {
  test('to disk: the replica is dropped when the child is reaped, comes back, and works once saves do', () => {
    const world = new World({ A: { boot: -2000 }, B: { boot: -1500 } }).to(100);
    world.sim.failSaves(0, true);
    world.replicaof('B', 'A');
    world.untilLog('A', 'SYNC failed. BGSAVE child returned an error');
    expect(masked(world.log('A')).slice(-4)).toEqual([
      'Background saving started by pid N',
      'Background saving error',
      'Connection with replica 10.0.0.2:6379 lost.',
      'SYNC failed. BGSAVE child returned an error',
    ]);
    expect(world.syncsEnded.at(-1)!.sync!.ended).toBe('bgsave-failed');
    world.untilLog('A', 'asks for synchronization', 2000);
    world.sim.failSaves(0, false);
    world.untilState('B', 'CONNECTED');
    expect(world.sim.failedSaves(0)).toBeGreaterThanOrEqual(2);
  });

  test('to sockets: every replica is dropped', () => {
    const config = { 'repl-diskless-sync': 'yes', 'repl-diskless-sync-delay': '0' };
    const world = new World({ A: { boot: -2000, config }, B: { boot: -1500 } }).to(100);
    world.sim.failSaves(0, true);
    world.replicaof('B', 'A');
    world.untilLog('A', 'Closing slave');
    expect(world.log('A')).toContain('Background transfer error');
    expect(world.log('A')).toContain(
      'Closing slave 10.0.0.2:6379: child->slave RDB transfer failed: RDB transfer child aborted',
    );
    expect(world.syncsEnded.at(-1)!.sync!.ended).toBe('bgsave-failed');
  });
});

describe('a transfer that breaks', () => {
  test('leaves the old data as it was, but cached master and backlog are gone: the next request is forced', () => {
    const world = pair({ dataset: 8_000_000 }, {}, { link: { bandwidth: 4_000_000 } });
    world.command('A', 'CONFIG SET repl-backlog-size 20000');
    world.sim.reset(0, 1);
    for (let i = 0; i < 30; i++) world.command('A', ['SET', `k${i}`, 'x'.repeat(1000)]);
    const digest = world.sim.digest(1);
    world.untilState('B', 'TRANSFER').wait(500);
    world.sim.reset(0, 1);
    world.untilState('B', 'CONNECT');
    expect(world.sim.digest(1)).toBe(digest);
    expect(world.server('B')).toMatchObject({ cachedMaster: null, replBacklog: null });
    expect(world.log('B').at(-1)).toMatch(/^I\/O error trying to sync with MASTER: /);
    world.untilState('B', 'CONNECTED');
    expect(world.psyncs('B', 'A').slice(-2)).toEqual(['full/backlog-overwritten', 'full/forced']);
    expect(world.syncsEnded.map(({ sync }) => sync!.ended).slice(-2)).toEqual(['transfer-broken', 'online']);
    expect(world.sim.digest(1)).toBe(world.sim.digest(0));
  });

  test('rdb bytes and times of a sync that ended are those of the transfer', () => {
    const world = pair({ dataset: 8_000_000 }, {}, { link: { bandwidth: 4_000_000 } });
    const [record] = world.syncsEnded;
    expect(record!.sync!.rdbBytes).toBeGreaterThan(8_000_000);
    expect(world.sim.cost().fullBytes).toBe(record!.sync!.rdbBytes);
    expect(record!.sync!.endedAt - record!.at).toBeGreaterThan((4 / 8) * SECOND - 100 * MS);
  });
});
