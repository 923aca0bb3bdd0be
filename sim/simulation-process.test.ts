import { describe, expect, test } from 'vitest';
import { pair, World } from './world.test-helper.ts';

const crons = (world: World, name: string): number => world.server(name).cronloops;

/** Runs for so long and counts how often a node's timer ran. */
function ticksIn(world: World, name: string, ms: number): number {
  const before = crons(world, name);
  world.wait(ms);
  return crons(world, name) - before;
}

describe('the timer', () => {
  test('runs first 1 ms after the start, then every 1000/hz ms, and replication with every tenth', () => {
    const world = new World({ A: { boot: -2000 }, B: { boot: -777, config: { hz: '50' } } }).to(0);
    // -1999 ms is the first of A's, and -99 the twentieth; -776 the first of B's.
    expect(crons(world, 'A')).toBe(20);
    expect(crons(world, 'B')).toBe(39);
    expect(world.server('A').replicationCronLoops).toBe(2);
    expect(world.server('B').replicationCronLoops).toBe(1);
  });

  test('a server that starts anew has a phase of its own', () => {
    const world = new World({ A: { boot: -2000 } }).to(0);
    world.sim.kill(0);
    world.to(333);
    world.start('A');
    world.to(334);
    expect(crons(world, 'A')).toBe(1);
  });
});

describe('DEBUG SLEEP', () => {
  test('keeps everything waiting, and the overdue timer runs once, not for each time it was due', () => {
    const world = new World({ A: { boot: -2000 } }).to(50);
    const sleeper = world.client('A');
    sleeper.send('DEBUG SLEEP 2', 'PING');
    world.wait(5);
    expect(sleeper.take()).toBe('');
    const other = world.client('A');
    other.send('PING');
    expect(ticksIn(world, 'A', 1900)).toBe(0);
    expect(other.take() + sleeper.take()).toBe('');
    expect(ticksIn(world, 'A', 150)).toBeLessThanOrEqual(2);
    expect(sleeper.take()).toBe('+OK\r\n+PONG\r\n');
    expect(other.take()).toBe('+PONG\r\n');
    // From then on it is due every 100 ms, counted from when it ran.
    expect(ticksIn(world, 'A', 1000)).toBe(10);
  });

  test('is over when it is over: a second one shorter than a tick brings no timer of the first', () => {
    const world = new World({ A: { boot: -2000 } }).to(50);
    const client = world.client('A');
    client.send('DEBUG SLEEP 0.25');
    world.wait(260);
    client.send('DEBUG SLEEP 0.01');
    expect(ticksIn(world, 'A', 50)).toBe(0);
    expect(client.take()).toBe('+OK\r\n+OK\r\n');
  });

  test('inside MULTI: what stands before it is done, what stands after it waits, the replica gets all in one', () => {
    const world = pair();
    world.command('A', 'SET n 0');
    world.wait(100);
    const before = world.server('A').masterReplOffset;
    const client = world.client('A');
    client.send('MULTI', 'INCR n', 'DEBUG SLEEP 1', 'INCR n', 'EXEC');
    world.wait(500);
    expect(client.take()).toBe('+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n');
    world.wait(700);
    expect(client.take()).toBe('*3\r\n:1\r\n+OK\r\n:2\r\n');
    const text = world
      .server('A')
      .replBacklog!.blocks.flatMap((b) => b.pieces.map((p) => p.text()))
      .join('');
    const INCR = '*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n';
    expect(text.slice(-(world.server('A').masterReplOffset - before))).toContain(
      `*1\r\n$5\r\nMULTI\r\n${INCR}${INCR}*1\r\n$4\r\nEXEC\r\n`,
    );
    world.wait(100);
    expect(world.sim.digest(1)).toBe(world.sim.digest(0));
  });

  test('of a master longer than repl-timeout is silence to its replica', () => {
    const world = pair({}, { config: { 'repl-timeout': '2' } });
    const client = world.client('A');
    client.send('DEBUG SLEEP 5');
    world.untilLog('B', 'MASTER timeout').untilState('B', 'CONNECTED');
    expect(world.psyncs('B', 'A').at(-1)).toBe('partial/replid');
  });
});

describe('a process that is stopped', () => {
  test('does nothing, takes no time, and goes on where it was', () => {
    const world = pair();
    expect(world.sim.freeze(1)).toBe(true);
    expect(world.sim.freeze(1)).toBe(false);
    expect(world.sim.processState(1)).toBe('frozen');
    expect(ticksIn(world, 'B', 1000)).toBe(0);
    world.command('A', 'SET k v');
    world.wait(500);
    expect(world.server('B').masterReplOffset).toBe(0);
    expect(world.sim.heldBack(1)).toBeGreaterThan(0);
    expect(world.sim.thaw(1)).toBe(true);
    expect(world.sim.thaw(1)).toBe(false);
    world.wait(1);
    expect(world.server('B').masterReplOffset).toBe(world.server('A').masterReplOffset);
  });

  test('has its overdue timer run once', () => {
    const world = new World({ A: { boot: -2000 } }).to(50);
    world.sim.freeze(0);
    world.wait(5000);
    world.sim.thaw(0);
    expect(ticksIn(world, 'A', 50)).toBe(1);
  });

  test('accepts nobody, though its kernel does', () => {
    const world = new World({ A: { boot: -2000 } }).to(50);
    world.sim.freeze(0);
    const client = world.client('A');
    expect(client.state).toBe('open');
    client.send('PING');
    world.wait(1000);
    expect(client.take()).toBe('');
    world.sim.thaw(0);
    world.wait(1);
    expect(client.take()).toBe('+PONG\r\n');
  });

  test('can be killed: its connections are closed, and nothing is left of it', () => {
    const world = pair();
    world.sim.freeze(0);
    expect(world.sim.kill(0)).toBe(true);
    expect(world.sim.kill(0)).toBe(false);
    expect(world.sim.processState(0)).toBe('down');
    world.untilState('B', 'CONNECT', 100);
    expect(world.sim.thaw(0)).toBe(false);
  });

  test('in the middle of DEBUG SLEEP comes out of both', () => {
    const world = new World({ A: { boot: -2000 } }).to(50);
    const client = world.client('A');
    client.send('DEBUG SLEEP 1');
    world.wait(100).sim.freeze(0);
    world.wait(3000);
    expect(client.take()).toBe('');
    world.sim.thaw(0);
    world.wait(1);
    expect(client.take()).toBe('+OK\r\n');
  });
});

describe('CLIENT PAUSE', () => {
  test('holds back what clients send, to its end and no further; replicas are heard', () => {
    const world = pair();
    const client = world.client('A');
    expect(world.command('A', 'CLIENT PAUSE 1000')).toBe('+OK');
    client.send('SET k v');
    const acks = (): number => world.server('A').clients[world.server('A').slaves[0]!]!.replAckTime;
    const before = acks();
    world.wait(950);
    expect(client.take()).toBe('');
    expect(acks()).toBe(before + 1);
    world.wait(200);
    expect(client.take()).toBe('+OK\r\n');
  });

  test('on a replica stops its master too: the bytes are read and not applied', () => {
    const world = pair();
    world.command('B', 'CLIENT PAUSE 3000');
    world.command('A', 'SET k v');
    world.wait(1000);
    const server = world.server('B');
    const link = server.clients[server.master!]!;
    expect(link.readReploff).toBe(world.server('A').masterReplOffset);
    expect(link.reploff).toBe(0);
    world.wait(2500);
    expect(world.server('B').masterReplOffset).toBe(world.server('A').masterReplOffset);
  });

  test('a master goes on with its heartbeat', () => {
    const world = pair({ config: { 'repl-ping-replica-period': '1' } });
    world.command('A', 'CLIENT PAUSE 5000');
    const before = world.server('A').masterReplOffset;
    world.wait(3000);
    expect(world.server('A').masterReplOffset).toBe(before + 3 * 14);
  });
});

describe('a process that ends and starts again', () => {
  test('as a replica: it offers the history of its file, and continues where that ended', () => {
    const world = pair({}, { config: { save: '3600 1' } });
    world.command('A', 'SELECT 3');
    world.command('A', 'SET k v');
    world.wait(1500);
    const { masterReplOffset, replid } = world.server('B');
    world.client('B').send('SHUTDOWN SAVE');
    world.until(() => world.sim.processState(1) === 'down', 2000);
    expect(world.log('B').slice(-4)).toEqual([
      'User requested shutdown...',
      'Saving the final RDB snapshot before exiting.',
      'DB saved on disk',
      'Redis is now ready to exit, bye bye...',
    ]);
    // The stream stays in database 3 without saying so again: the file must have told.
    world.command('A', 'SET k w');
    const mark = world.mark();
    world.start('B');
    world.untilState('B', 'CONNECTED').wait(100);
    const lines = world.log('B', mark);
    expect(lines.findIndex((line) => line.startsWith('DB loaded from disk'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('Before turning into a replica')),
    );
    expect(world.decisions.at(-1)!.decision).toMatchObject({
      replid,
      offset: masterReplOffset + 1,
      reason: 'replid',
    });
    expect(world.sim.digest(1)).toBe(world.sim.digest(0));
  });

  test('as a replica without save points: what stands on its disk is the file of its full synchronization', () => {
    const world = pair({ dataset: 100_000 });
    world.command('A', 'SET k v');
    world.wait(1500);
    world.sim.kill(1);
    world.start('B');
    world.untilState('B', 'CONNECTED').wait(100);
    expect(world.decisions.at(-1)!.decision).toMatchObject({ offset: 1, outcome: 'partial', bytes: 50 });
  });

  test('as a master: a new history from offset 0, with its data; its replicas synchronize in full', () => {
    const world = pair({ config: { save: '3600 1' } });
    world.command('A', 'SET k v');
    world.wait(100);
    const { replid } = world.server('A');
    world.client('A').send('SHUTDOWN');
    world.until(() => world.sim.processState(0) === 'down', 2000);
    world.start('A');
    world.wait(10);
    expect(world.server('A')).toMatchObject({ masterReplOffset: 0, replBacklog: null });
    expect(world.server('A').replid).not.toBe(replid);
    expect(world.command('A', 'GET k')).toBe('$1\r\nv');
    world.untilState('B', 'CONNECTED');
    expect(world.psyncs('B', 'A').at(-1)).toBe('full/replid-mismatch');
  });

  test('that is now to be a replica of its old replica offers the history it had as a master', () => {
    const world = pair({ config: { save: '3600 1' } });
    world.command('A', 'SELECT 3');
    world.command('A', 'SET k v');
    world.wait(1200);
    const { masterReplOffset, replid } = world.server('A');
    world.client('A').send('SHUTDOWN');
    world.until(() => world.sim.processState(0) === 'down', 2000);
    world.replicaof('B', 'NO ONE');
    world.command('B', 'SET k w');
    world.start('A', { replicaof: 'B' });
    world.untilState('A', 'CONNECTED').wait(100);
    expect(world.decisions.at(-1)!.decision).toMatchObject({
      replid,
      offset: masterReplOffset + 1,
      reason: 'replid2',
    });
    expect(world.sim.digest(0)).toBe(world.sim.digest(1));
  });

  test('as a replica of its heir, from a file older than its end: the bytes it gave out itself come back to it', () => {
    const world = pair();
    world.command('A', 'SELECT 3');
    world.command('A', 'SET k v');
    world.command('A', 'SAVE');
    const { masterReplOffset } = world.server('A');
    // Written to database 3 without a SELECT: the file must have told which database the stream was in.
    world.command('A', 'SET late 1');
    world.wait(1200);
    world.sim.kill(0);
    world.replicaof('B', 'NO ONE');
    world.start('A', { replicaof: 'B' });
    world.untilState('A', 'CONNECTED').wait(100);
    expect(world.decisions.at(-1)!.decision).toMatchObject({
      offset: masterReplOffset + 1,
      reason: 'replid2',
    });
    expect(world.sim.digest(0)).toBe(world.sim.digest(1));
  });

  test('with NOSAVE, or without save points, nothing is saved', () => {
    const world = new World({ A: { boot: -2000 } }).to(100);
    world.command('A', 'SET k v');
    world.client('A').send('SHUTDOWN');
    world.until(() => world.sim.processState(0) === 'down', 2000);
    expect(world.log('A')).not.toContain('DB saved on disk');
    world.start('A');
    world.wait(10);
    expect(world.command('A', 'GET k')).toBe('$-1');
  });

  test('a save that fails keeps it up', () => {
    const world = new World({ A: { boot: -2000 } }).to(100);
    world.sim.failSaves(0, true);
    expect(world.command('A', 'SHUTDOWN SAVE')).toBe('-ERR Errors trying to SHUTDOWN. Check logs.');
    expect(world.log('A').at(-1)).toBe("Error trying to save the DB, can't exit.");
    expect(world.sim.processState(0)).toBe('up');
  });

  test('sends its online replicas what waits for them before it goes; its clients get nothing more', () => {
    const world = pair();
    const client = world.client('A');
    client.sendText('SET last 1\r\nSHUTDOWN NOSAVE\r\nSET after 1\r\n');
    world.until(() => world.sim.processState(0) === 'down', 2000);
    world.wait(50);
    expect(client.take()).toBe('');
    expect(client.state).toBe('closed');
    expect(world.command('B', 'GET last')).toBe('$1\r\n1');
    expect(world.command('B', 'GET after')).toBe('$-1');
  });

  test('its machine wiped, it has nothing', () => {
    const world = pair({ dataset: 10_000 });
    world.sim.kill(1);
    world.sim.wipe(1);
    world.start('B');
    world.untilState('B', 'CONNECTED');
    expect(world.psyncs('B', 'A').at(-1)).toBe('full/forced');
  });

  test('after a power cut nobody is told: its peers find out by their timeouts', () => {
    const world = pair({}, { config: { 'repl-timeout': '3' } });
    world.sim.poweroff(0);
    world.wait(2000);
    expect(world.state('B')).toBe('CONNECTED');
    world.untilLog('B', 'MASTER timeout');
    world.start('A');
    world.untilState('B', 'CONNECTED');
  });
});

describe('a master that loads its RDB', () => {
  test('drops what had expired, which no statistic counts; a replica waits for its master to say so', () => {
    const world = new World({ A: { boot: -2000 }, B: { boot: -1000, replicaof: 'A' } }).to(500);
    world.command('A', 'SET key v PX 1000');
    world.wait(100);
    for (const name of ['A', 'B']) {
      world.command(name, 'SAVE');
      world.sim.kill(world.node(name));
    }
    world.wait(2000);
    world.start('B');
    world.wait(500);
    expect(world.command('B', 'DBSIZE')).toBe(':1');
    world.start('A');
    world.wait(500);
    expect(world.command('A', 'DBSIZE')).toBe(':0');
    expect(world.info('A', 'expired_keys')).toBe(0);
  });

  test('with DEBUG RELOAD tells its replicas nothing of it', () => {
    const world = pair().to(500);
    world.command('A', 'DEBUG SET-ACTIVE-EXPIRE 0');
    world.command('A', 'SET key v PX 1000');
    const offset = world.info('A', 'master_repl_offset');
    world.wait(2000);
    expect(world.command('A', 'DBSIZE')).toBe(':1');
    world.command('A', 'DEBUG RELOAD');
    expect(world.command('A', 'DBSIZE')).toBe(':0');
    expect(world.info('A', 'master_repl_offset')).toBe(offset);
    world.wait(500);
    expect(world.command('B', 'DBSIZE')).toBe(':1');
  });
});

test('a replica that takes another dataset forgets which keys its own clients gave a TTL', () => {
  const config = { 'replica-read-only': 'no' };
  const world = new World({ A: { boot: -2000 }, B: { boot: -1000, replicaof: 'A', config } }).to(500);
  world.command('B', 'SET key v PX 60000');
  world.replicaof('B', 'NO ONE');
  world.command('A', 'DEBUG SET-ACTIVE-EXPIRE 0');
  world.command('A', 'SET key w PX 1500');
  world.replicaof('B', 'A');
  world.wait(4000);
  expect(world.psyncs('B', 'A')).toHaveLength(2);
  expect(world.command('B', 'DBSIZE')).toBe(':1');
  expect(world.info('B', 'expired_keys')).toBe(0);
});
