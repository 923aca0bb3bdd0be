import { describe, expect, test } from 'vitest';
import type { RedisServer } from './redis/server.ts';
import { fakeReplica, pair, SECOND, World } from './world.test-helper.ts';

/** The stream that a server's backlog holds, spelled out from its first byte. */
function stream(server: RedisServer): string {
  const bytes = server
    .replBacklog!.blocks.flatMap((block) => block.pieces.map((piece) => piece.text()))
    .join('');
  return bytes.slice(-server.replBacklogHistlen);
}

function chain(seed = '1'): World {
  const world = new World(
    {
      A: { boot: -2000 },
      B: { boot: -1000, replicaof: 'A' },
      C: { boot: -400, replicaof: 'B' },
      D: { boot: -200, replicaof: 'C' },
    },
    { seed },
  );
  return world.untilState('D', 'CONNECTED', 60_000).wait(2500);
}

const settled = (world: World, ...names: string[]): void => {
  world.until(() => new Set(names.map((name) => world.server(name).masterReplOffset)).size === 1, 5000);
};

describe('a chain of replicas', () => {
  test('carries identical bytes under one id: every node can serve every other', () => {
    const world = chain();
    world.command('A', 'SET a 1');
    world.command('A', 'SELECT 3');
    world.command('A', 'SET b 2');
    world.command('A', 'EXPIRE b 100');
    world.command('A', ['SET', 'big', 'x'.repeat(40_000)]);
    settled(world, 'A', 'B', 'C', 'D');
    const whole = stream(world.server('A'));
    expect(whole).toContain('SELECT');
    for (const name of ['B', 'C', 'D']) {
      const part = stream(world.server(name));
      expect(part.length).toBeGreaterThan(40_000);
      expect(whole.endsWith(part)).toBe(true);
      expect(world.server(name).replid).toBe(world.server('A').replid);
      expect(world.sim.digest(world.node(name))).toBe(world.sim.digest(0));
    }
  });

  test('gets its heartbeat from the top: a replica adds no PING of its own', () => {
    const world = chain();
    world.sim.partition(0, 1);
    world.sim.partition(1, 0);
    const offset = world.server('B').masterReplOffset;
    world.wait(25_000);
    expect(world.server('B').masterReplOffset).toBe(offset);
    expect(world.server('D').masterReplOffset).toBe(offset);
  });

  test('acknowledgements end at the next node: WAIT at the top counts its own replicas only', () => {
    const world = chain();
    world.command('A', 'SET k v');
    expect(world.command('A', 'WAIT 3 200')).toBe(':1');
  });

  test('a command of more than 16 KiB is read in parts and passed on once it has been executed', () => {
    const world = new World(
      { A: { boot: -2000 }, B: { boot: -1000, replicaof: 'A' }, C: { boot: -500, replicaof: 'B' } },
      { link: { bandwidth: 1_000_000 } },
    );
    world.untilState('C', 'CONNECTED').wait(2500);
    const before = world.server('B').masterReplOffset;
    world.command('A', ['SET', 'big', 'x'.repeat(200_000)]);
    const seen = new Set<number>();
    world.until(() => {
      const { masterReplOffset, clients, master } = world.server('B');
      const link = clients[master!]!;
      expect(masterReplOffset).toBe(link.reploff);
      expect(link.readReploff - link.reploff).toBe(link.querybuf.length);
      seen.add(masterReplOffset);
      return masterReplOffset > before + 100_000;
    });
    // PING and SELECT may come before it; of the command itself all bytes count at once.
    expect([...seen].filter((offset) => offset > before + 100 && offset < before + 200_000)).toEqual([]);
    settled(world, 'A', 'B', 'C');
    expect(world.sim.digest(2)).toBe(world.sim.digest(0));
  });

  test('a command longer than all the buffers of its client’s connection arrives, and the next one behind it', () => {
    const world = chain();
    const before = world.server('A').masterReplOffset;
    const length = 25_000_000;
    expect(world.command('A', ['SET', 'big', 'x'.repeat(length)])).toBe('+OK');
    expect(world.command('A', 'STRLEN big')).toBe(`:${length}`);
    expect(world.server('A').masterReplOffset).toBeGreaterThan(before + length);
  });

  test('what has arrived of the next command is read and not applied, also where both came in one read', () => {
    const world = new World(
      { A: { boot: -2000 }, B: { boot: -1000, replicaof: 'A' }, C: { boot: -500, replicaof: 'B' } },
      { link: { bandwidth: 1_000_000 } },
    );
    world.untilState('C', 'CONNECTED').wait(2500);
    world.sim.freeze(1);
    world.command('A', 'SET small 1');
    const small = world.server('A').masterReplOffset;
    world.command('A', ['SET', 'big', 'x'.repeat(200_000)]);
    world.wait(100).sim.thaw(1);
    world.wait(1);
    const { masterReplOffset, clients, master } = world.server('B');
    const link = clients[master!]!;
    expect(masterReplOffset).toBe(small);
    expect(link.reploff).toBe(small);
    expect(link.querybuf.length).toBeGreaterThan(60_000);
    expect(link.readReploff - link.reploff).toBe(link.querybuf.length);
    expect(world.server('C').masterReplOffset).toBeLessThanOrEqual(small);
    settled(world, 'A', 'B', 'C');
    expect(stream(world.server('C'))).toBe(
      stream(world.server('A')).slice(-world.server('C').replBacklogHistlen),
    );
  });

  test('a replica that must synchronize in full cuts its own replicas when it reads the reply', () => {
    const world = chain();
    world.command('A', 'DEBUG CHANGE-REPL-ID');
    const mark = world.mark();
    world.sim.reset(0, 1);
    world.untilLog('B', 'Full resync from master');
    world.until(() => world.server('B').slaves.length === 0, 1);
    expect(world.server('B').replBacklog).toBeNull();
    expect(world.log('B', mark)).toContain('Connection with replica 10.0.0.3:6379 lost.');
    world.until(() => world.psyncs('D', 'C').length === 2).untilState('D', 'CONNECTED');
    settled(world, 'A', 'B', 'C', 'D');
    // C still had its cached master when it asked; D was cut in turn when C read the answer.
    expect(world.psyncs('C', 'B').at(-1)).toBe('full/replid-mismatch');
    expect(world.server('D').replid).toBe(world.server('A').replid);
  });

  test('a link that is resumed under the same id leaves the replicas below connected', () => {
    const world = chain();
    const count = world.decisions.length;
    world.sim.reset(0, 1);
    world.untilState('B', 'CONNECTED').wait(3000);
    expect(world.decisions.slice(count).map((d) => [d.replica, d.master])).toEqual([[1, 0]]);
  });

  test('a new id travels down by cutting: every level comes back and continues', () => {
    const world = chain();
    world.command('A', 'SET k v');
    world.wait(1200);
    world.sim.kill(0);
    world.replicaof('B', 'NO ONE');
    world.untilState('C', 'CONNECTED').untilState('D', 'CONNECTED').wait(2500);
    expect(world.psyncs('C', 'B').at(-1)).toBe('partial/replid2');
    expect(world.psyncs('D', 'C').at(-1)).toBe('partial/replid2');
    const { replid } = world.server('B');
    for (const name of ['C', 'D']) expect(world.server(name).replid).toBe(replid);
  });
});

describe('a transaction of which only a part has arrived', () => {
  test('is asked for again from before its MULTI, and applied once', () => {
    const world = pair({}, {}, { link: { bandwidth: 100_000 } });
    world.command('A', 'SET n 0');
    world.wait(1500);
    const before = world.server('B').masterReplOffset;
    const client = world.client('A');
    client.sendText(`MULTI\r\nINCR n\r\nSET big ${'x'.repeat(60_000)}\r\nINCR n\r\nEXEC\r\n`);
    world.until(() => {
      const { clients, master } = world.server('B');
      const link = clients[master!]!;
      return (link.flags & 8) !== 0 && link.readReploff > before + 20_000;
    });
    // Inside MULTI the applied offset stands still, and nothing goes on to the backlog.
    expect(world.server('B').masterReplOffset).toBe(before);
    world.sim.reset(0, 1);
    world.until(() => world.server('B').cachedMaster !== null);
    const cached = world.server('B').cachedMaster!;
    expect(cached).toMatchObject({ reploff: before, readReploff: before, mstate: [] });
    expect(cached.flags & 8).toBe(0);
    world.until(() => world.decisions.at(-1)!.decision.offset === before + 1);
    expect(world.psyncs('B', 'A').at(-1)).toBe('partial/replid');
    settled(world, 'A', 'B');
    expect(world.sim.digest(1)).toBe(world.sim.digest(0));
    expect(world.command('A', 'GET n')).toBe('$1\r\n2');
  });
});

describe('what counts as bytes of the stream', () => {
  test('PING and GETACK do, newlines and replies to REPLCONF do not', () => {
    const world = pair();
    const before = world.server('A').masterReplOffset;
    world.command('A', 'SET k v');
    // SELECT 0 (23 bytes) comes first, since the replica has just synchronized.
    expect(world.server('A').masterReplOffset - before).toBe(23 + 27);
    expect(world.command('A', 'WAIT 1 0')).toBe(':1');
    expect(world.server('A').masterReplOffset - before).toBe(23 + 27 + 37);
    settled(world, 'A', 'B');
    world.wait(10_500);
    // One heartbeat, of fourteen bytes, in ten seconds.
    expect((world.server('A').masterReplOffset - before - 87) % 14).toBe(0);
    expect(world.server('A').masterReplOffset - before - 87).toBeGreaterThan(0);
  });

  test('the heartbeat comes with every so many crons since the start, and never selects a database', () => {
    const world = pair({ config: { 'repl-ping-replica-period': '3' } });
    world.wait(10_000);
    const pings: number[] = [];
    let last = world.server('A').masterReplOffset;
    world.until(() => {
      const { masterReplOffset } = world.server('A');
      if (masterReplOffset !== last) {
        expect(masterReplOffset - last).toBe(14);
        pings.push(world.sim.now);
        last = masterReplOffset;
      }
      return pings.length === 4;
    });
    expect(pings.map((at) => at - pings[0]!)).toEqual([0, 3, 6, 9].map((s) => s * SECOND));
    expect(stream(world.server('A'))).not.toContain('SELECT');
  });

  test('an acknowledgement carries the offset before the GETACK that asked for it', () => {
    const world = pair();
    world.command('A', 'SET k v');
    const written = world.server('A').masterReplOffset;
    world.command('A', 'WAIT 1 0');
    const acked = (): number => world.server('A').clients[world.server('A').slaves[0]!]!.replAckOff;
    expect(acked()).toBe(written);
    world.wait(1100);
    expect(acked()).toBe(written + 37);
  });

  test('acknowledgements only ever raise what a replica has', () => {
    const world = pair();
    const fake = fakeReplica(world, 'A', 'psync2');
    const { replid, masterReplOffset } = world.server('A');
    fake.send(
      `PSYNC ${replid} ${masterReplOffset + 1}`,
      'REPLCONF ACK 50',
      'REPLCONF ACK 10',
      'REPLCONF ACK x',
    );
    world.wait(5);
    const server = world.server('A');
    expect(server.clients[server.slaves[1]!]!.replAckOff).toBe(50);
    // An acknowledgement never has a reply, a client that is no replica is not listened to.
    expect(fake.take()).toBe(`+CONTINUE ${replid}\r\n`);
    const client = world.client('A');
    client.send('REPLCONF ACK 50', 'PING');
    world.wait(1);
    expect(client.take()).toBe('+PONG\r\n');
  });

  test('without a backlog writes leave the offset alone', () => {
    const world = new World({ A: { boot: -2000 } }).to(100);
    world.command('A', 'SET k v');
    expect(world.info('A', 'master_repl_offset')).toBe(0);
    expect(world.info('A', 'repl_backlog_active')).toBe(0);
  });

  test('the first replica of a history makes the backlog, and with it a new id', () => {
    const world = new World({ A: { boot: -2000 } }).to(100);
    const { replid } = world.server('A');
    const fake = fakeReplica(world, 'A', 'psync2');
    fake.send('PSYNC ? -1');
    world.wait(50);
    const server = world.server('A');
    expect(server.replid).not.toBe(replid);
    expect(server).toMatchObject({ replBacklogOff: 1, replBacklogHistlen: 0, secondReplidOffset: -1 });
  });
});

describe('the output buffer of a replica', () => {
  test('that is too slow grows over the hard limit: it is cut within a tick, and comes back', () => {
    const config = { 'client-output-buffer-limit': 'replica 300kb 0 0', 'repl-backlog-size': '10mb' };
    const world = pair({ config }, {}, { link: { bandwidth: 50_000_000 } });
    world.sim.freeze(1);
    const mark = world.mark();
    const value = 'x'.repeat(100_000);
    let writes = 0;
    while (!world.log('A', mark).some((line) => line.includes('overcoming of output buffer limits'))) {
      world.command('A', ['SET', `k${writes++}`, value]);
      world.wait(10);
      expect(writes).toBeLessThan(300);
    }
    expect(world.server('A').slaves).toHaveLength(1);
    // What the kernels took (ten megabytes) does not count.
    expect(writes * 100_000).toBeGreaterThan(9_000_000);
    world.untilLog('A', 'Connection with replica', 101);
    world.sim.thaw(1);
    world.untilLog('B', 'Caching the disconnected master').untilState('B', 'CONNECTED');
    settled(world, 'A', 'B');
    expect(world.sim.digest(1)).toBe(world.sim.digest(0));
  });

  test('counts while the replica is still receiving its file: the synchronization ends and begins again', () => {
    const config = { 'client-output-buffer-limit': 'replica 200kb 0 0' };
    const world = new World(
      { A: { boot: -2000, dataset: 8_000_000, config }, B: { boot: -600, replicaof: 'A' } },
      { link: { bandwidth: 4_000_000 } },
    );
    world.until(
      () => world.sim.server(0)?.slaves.some((id) => world.server('A').clients[id]!.replstate === 8) ?? false,
    );
    for (let i = 0; i < 4; i++) world.command('A', ['SET', `k${i}`, 'x'.repeat(60_000)]);
    world.untilLog('B', 'I/O error trying to sync with MASTER');
    expect(world.syncsEnded[0]!.sync).toMatchObject({ ended: 'output-limit' });
    world.untilState('B', 'CONNECTED');
    settled(world, 'A', 'B');
  });
});
