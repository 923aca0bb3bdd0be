import { describe, expect, test } from 'vitest';
import { masked, pair, World } from './world.test-helper.ts';

/** The sequences of lines that real servers write, word for word; those of a forked child are not simulated. */
const HANDSHAKE = [
  'Connecting to MASTER 10.0.0.1:6379',
  'MASTER <-> REPLICA sync started',
  'Non blocking connect for SYNC fired the event.',
  'Master replied to PING, replication can continue...',
];
const LOADED = [
  'MASTER <-> REPLICA sync: Flushing old data',
  'MASTER <-> REPLICA sync: Loading DB in memory',
  'MASTER <-> REPLICA sync: Finished with success',
];
const LINK_LOST = ['Connection with master lost.', 'Caching the disconnected master state.'];
const CONTINUED = [
  'Successful partial resynchronization with master.',
  'MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.',
];
const B = '10.0.0.2:6379';

/** Two masters; B is told to replicate A. */
function twoMasters(config: Record<string, string> = {}): World {
  return new World({ A: { boot: -2000, config }, B: { boot: -1700 } }).to(500);
}

describe('the log of a first full synchronization', () => {
  test('to disk: the fresh replica offers its own history and is refused, the master saves and sends', () => {
    const world = twoMasters();
    const mark = world.mark();
    const ownId = world.server('B').replid;
    world.replicaof('B', 'A');
    world.untilState('B', 'CONNECTED').wait(200);
    const id = world.server('A').replid;
    expect(masked(world.log('B', mark))).toEqual([
      'Before turning into a replica, using my master parameters to synthesize a cached master: I may be able to ' +
        'synchronize with the new master with just a partial transfer.',
      "REPLICAOF 10.0.0.1:6379 enabled (user request from '<client>')",
      ...HANDSHAKE,
      'Trying a partial resynchronization (request <id>:1).',
      'Full resync from master: <id>:0',
      'Discarding previously cached master state.',
      'MASTER <-> REPLICA sync: receiving N bytes from master',
      ...LOADED,
    ]);
    expect(world.log('B', mark)).toContain(`Trying a partial resynchronization (request ${ownId}:1).`);
    expect(world.log('B', mark)).toContain(`Full resync from master: ${id}:0`);
    const refusal = world.log('A', mark)[1]!;
    expect(masked(world.log('A', mark))).toEqual([
      `Replica ${B} asks for synchronization`,
      "Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '<id>', my replication " +
        "IDs are '<id>' and '0000000000000000000000000000000000000000')".replace('0'.repeat(40), '<id>'),
      'Starting BGSAVE for SYNC with target: disk',
      'Background saving started by pid N',
      'DB saved on disk',
      'RDB: 0 MB of memory used by copy-on-write',
      'Background saving terminated with success',
      `Synchronization with replica ${B} succeeded`,
    ]);
    expect(refusal).toContain(`Replica asked for '${ownId}'`);
    expect(refusal).toContain(`'${'0'.repeat(40)}'`);
    expect(world.info('A', 'sync_partial_err')).toBe(1);
    expect(world.info('A', 'sync_full')).toBe(1);
  });

  test('diskless: nothing starts before the delay, the stream flows after the first acknowledgement', () => {
    const world = twoMasters({ 'repl-diskless-sync': 'yes', 'repl-diskless-sync-delay': '2' });
    const mark = world.mark();
    world.replicaof('B', 'A');
    world.untilLog('A', 'Synchronization with replica');
    expect(masked(world.log('A', mark)).slice(2)).toEqual([
      'Delay next BGSAVE for diskless SYNC',
      'Starting BGSAVE for SYNC with target: replicas sockets',
      'Background RDB transfer started by pid N',
      'RDB: 0 MB of memory used by copy-on-write',
      'Background RDB transfer terminated with success',
      `Slave ${B} correctly received the streamed RDB file.`,
      `Streamed RDB transfer with replica ${B} succeeded (socket). Waiting for REPLCONF ACK from slave to enable ` +
        'streaming',
      `Synchronization with replica ${B} succeeded`,
    ]);
    expect(masked(world.log('B', mark)).slice(-4)).toEqual([
      'MASTER <-> REPLICA sync: receiving streamed RDB from master',
      ...LOADED,
    ]);
  });
});

describe('the log of a link that breaks', () => {
  test('and is resumed in the backlog', () => {
    const world = pair();
    world.command('A', 'SET k v');
    world.wait(50);
    const mark = world.mark();
    const offset = world.server('A').masterReplOffset;
    world.sim.reset(0, 1);
    world.command('A', 'SET k w');
    world.untilState('B', 'CONNECTED').wait(10);
    expect(masked(world.log('B', mark))).toEqual([
      ...LINK_LOST,
      ...HANDSHAKE,
      `Trying a partial resynchronization (request <id>:${offset + 1}).`,
      ...CONTINUED,
    ]);
    expect(world.log('A', mark)).toEqual([
      // Of a connection that was reset nobody can tell whose it was.
      expect.stringMatching(/^Connection with replica client id #\d+ lost\.$/),
      `Replica ${B} asks for synchronization`,
      `Partial resynchronization request from ${B} accepted. Sending 27 bytes of backlog starting from offset ` +
        `${offset + 1}.`,
    ]);
    expect(world.psyncs('B', 'A')).toEqual(['full/forced', 'partial/replid']);
  });

  test('and is resumed under the second id: the replica tells that the id changed', () => {
    const world = new World({
      A: { boot: -2000 },
      B: { boot: -1000, replicaof: 'A' },
      C: { boot: -600, replicaof: 'A' },
    });
    world.untilState('C', 'CONNECTED').wait(1500);
    world.command('A', 'SET k v');
    world.wait(1200);
    world.replicaof('B', 'NO ONE');
    const mark = world.mark();
    world.replicaof('C', 'B');
    world.untilState('C', 'CONNECTED');
    const id = world.server('B').replid;
    expect(world.log('C', mark)).toContain(`Master replication ID changed to ${id}`);
    expect(masked(world.log('C', mark)).slice(-3)).toEqual([
      CONTINUED[0],
      'Master replication ID changed to <id>',
      CONTINUED[1],
    ]);
    expect(world.psyncs('C', 'B')).toEqual(['partial/replid2']);
    expect(world.server('C')).toMatchObject({ replid: id, replid2: world.server('A').replid });
  });
});

describe('the log of a promotion', () => {
  test('names the second id and its bound before it drops the master', () => {
    const world = pair();
    const mark = world.mark();
    const { replid } = world.server('B');
    world.replicaof('B', 'NO ONE');
    const { masterReplOffset, replid: fresh } = world.server('B');
    expect(world.log('B', mark).slice(0, 4)).toEqual([
      `Setting secondary replication ID to ${replid}, valid up to offset: ${masterReplOffset + 1}. New replication ID ` +
        `is ${fresh}`,
      ...LINK_LOST,
      'Discarding previously cached master state.',
    ]);
    expect(masked(world.log('B', mark)).slice(4)).toEqual([
      "MASTER MODE enabled (user request from '<client>')",
    ]);
  });

  test('of a master says nothing and changes nothing', () => {
    const world = pair();
    const mark = world.mark();
    const { replid } = world.server('A');
    expect(world.replicaof('A', 'NO ONE')).toBe('+OK');
    expect(world.log('A', mark)).toEqual([]);
    expect(world.server('A').replid).toBe(replid);
  });
});

describe('the log of a master out of reach', () => {
  const once = [
    'Connecting to MASTER 10.255.255.254:6379',
    'MASTER <-> REPLICA sync started',
    'Error condition on socket for SYNC: Connection refused',
  ];

  test('that refuses: one attempt with every cron, once a second', () => {
    const world = new World({ A: { boot: -2000 } }).to(500);
    const mark = world.mark();
    world.replicaof('A', 'nowhere');
    world.wait(3000);
    expect(world.log('A', mark).slice(2)).toEqual([...once, ...once, ...once]);
    expect(world.attempts.every(({ ended }) => ended === 'refused')).toBe(true);
    const times = world.lines.filter(({ text }) => text.startsWith('Connecting')).map(({ at }) => at);
    expect(times.map((at) => at - times[0]!)).toEqual([0, 1_000_000, 2_000_000]);
  });

  test('that never answers: the attempt ends after repl-timeout, the next begins in the same cron', () => {
    const world = pair({}, { config: { 'repl-timeout': '3' } });
    world.sim.poweroff(0);
    const mark = world.mark();
    world.replicaof('B', 'NO ONE');
    world.replicaof('B', 'A');
    world.untilLog('B', 'Timeout connecting');
    world.wait(10);
    const lines = world.log('B', mark);
    expect(lines.slice(-3)).toEqual(['Timeout connecting to the MASTER...', ...HANDSHAKE.slice(0, 2)]);
    const elapsed =
      world.loggedAt('B', 'Timeout connecting', mark) - world.loggedAt('B', 'Connecting to', mark);
    expect(elapsed).toBeGreaterThan(3000);
    expect(elapsed).toBeLessThan(5000);
    expect(world.attempts.at(-1)).toEqual({ replica: 'B', master: 'A', ended: 'connect-timeout' });
  });
});

describe('the log of silence', () => {
  test('of the master: cached and reconnected in the same cron', () => {
    const world = pair({}, { config: { 'repl-timeout': '4' } });
    const mark = world.mark();
    world.sim.partition(0, 1);
    world.sim.partition(1, 0);
    world.untilLog('B', 'MASTER timeout');
    expect(world.log('B', mark)).toEqual([
      'MASTER timeout: no data nor PING received...',
      ...LINK_LOST,
      ...HANDSHAKE.slice(0, 2),
    ]);
    const at = world.loggedAt('B', 'MASTER timeout', mark);
    expect(world.loggedAt('B', 'Connecting to MASTER', mark)).toBe(at);
  });

  test('of a replica: the master drops it after more than repl-timeout whole seconds', () => {
    const world = pair({ config: { 'repl-timeout': '4' } }, { config: { 'repl-timeout': '100' } });
    const mark = world.mark();
    const { clients, slaves } = world.server('A');
    const slave = clients[slaves[0]!]!;
    world.sim.partition(1, 0);
    world.untilLog('A', 'Disconnecting timedout');
    expect(world.log('A', mark)).toEqual([
      `Disconnecting timedout replica: ${B}`,
      `Connection with replica ${B} lost.`,
    ]);
    expect(world.server('A').unixtime - slave.replAckTime).toBe(5);
  });
});

describe('the log of a backlog that nobody needs', () => {
  test('it is freed after more than its ttl without replicas, under a new id', () => {
    const world = pair({ config: { 'repl-backlog-ttl': '3' } }).wait(10_000);
    const { replid } = world.server('A');
    const mark = world.mark();
    world.sim.kill(1);
    world.wait(10);
    const since = world.server('A').replNoSlavesSince;
    world.untilLog('A', 'Replication backlog freed');
    expect(world.log('A', mark)).toEqual([
      `Connection with replica ${B} lost.`,
      'Replication backlog freed after 3 seconds without connected replicas.',
    ]);
    const server = world.server('A');
    expect(server.unixtime - since).toBe(4);
    expect(server.replid).not.toBe(replid);
    expect(server).toMatchObject({ replid2: '0'.repeat(40), secondReplidOffset: -1, replBacklog: null });
    const offset = server.masterReplOffset;
    world.command('A', 'SET unseen v');
    expect(world.server('A').masterReplOffset).toBe(offset);
  });

  test('a promotion begins the time anew, for a replica that never had replicas', () => {
    const world = pair({}, { config: { 'repl-backlog-ttl': '3' } }).wait(10_000);
    world.replicaof('B', 'NO ONE');
    const since = world.server('B').unixtime;
    world.untilLog('B', 'Replication backlog freed');
    expect(world.server('B').unixtime - since).toBe(4);
  });

  test('a ttl of 0 is none, and a replica never frees its own', () => {
    const world = pair({ config: { 'repl-backlog-ttl': '0' } }, { config: { 'repl-backlog-ttl': '1' } });
    world.wait(5000);
    expect(world.server('B').replBacklog).not.toBeNull();
    world.sim.kill(1);
    world.wait(10_000);
    expect(world.server('A').replBacklog).not.toBeNull();
  });
});
