import { describe, expect, test } from 'vitest';
import type { RedisServer } from './redis/server.ts';
import { World } from './world.test-helper.ts';

/** What of a server is compared; commands and files are left out, which JSON would spell by their lengths only. */
function picture(server: RedisServer): string {
  const { clients, slaves, replid, replid2, masterReplOffset, secondReplidOffset, replState, cachedMaster } =
    server;
  const { replBacklogOff, replBacklogHistlen, replBacklogIdx, cronloops, unixtime, mstime, blockedUntil } =
    server;
  const { replTransferRead, replTransferSize, loading, slaveseldb, statNumcommands, dirty, clientsToClose } =
    server;
  const blocks = server.replBacklog?.blocks.map(({ offset, length, pieces }) => [
    offset,
    length,
    pieces.length,
  ]);
  return JSON.stringify({
    ...{ slaves, replid, replid2, masterReplOffset, secondReplidOffset, replState, replBacklogOff },
    ...{ replBacklogHistlen, replBacklogIdx, cronloops, unixtime, mstime, blockedUntil, replTransferRead },
    ...{ replTransferSize, loading, slaveseldb, statNumcommands, dirty, clientsToClose, blocks },
    child: server.child?.type,
    dbs: Object.entries(server.dbs).map(([id, keyspace]) => [id, keyspace.size, keyspace.dataBytes]),
    cached: cachedMaster?.reploff,
    clients: Object.values(clients).map((c) => {
      const {
        id,
        flags,
        replstate,
        reploff,
        readReploff,
        replAckOff,
        bufpos,
        replyBytes,
        lastinteraction,
        mstate,
      } = c;
      const queued = [c.output.length, c.querybuf.length, c.pendingQuerybuf.length];
      return [
        id,
        flags,
        replstate,
        reploff,
        readReploff,
        replAckOff,
        bufpos,
        replyBytes,
        lastinteraction,
        mstate.length,
        queued,
      ];
    }),
  });
}

/** A run in which much happens: full and partial syncs, transactions, scripts, expiry, a promotion, a restart. */
function eventful(record: boolean, onEvent: (world: World) => void = () => {}): World {
  const world = new World(
    {
      A: { config: { 'repl-diskless-sync': 'yes', 'repl-diskless-sync-delay': '0' }, dataset: 3_000_000 },
      B: { replicaof: 'A', load: 2_000_000 },
      C: { replicaof: 'B', config: { save: '1 1' } },
    },
    { seed: '11', record, link: { jitter: 3000, loss: 0.01, bandwidth: 5_000_000 } },
  );
  const to = (ms: number): void => {
    world.sim.schedule(ms * 1000, 0);
    while (world.sim.step(ms * 1000)) onEvent(world);
  };
  const send = (name: string, ...commands: string[]): void => {
    const client = world.client(name);
    client.send(...commands);
  };
  to(5000);
  send(
    'A',
    'SET a 1',
    'EXPIRE a 1',
    'MULTI',
    'INCR n',
    'DEBUG SLEEP 0.2',
    'LPUSH l 1 2 3',
    'EXEC',
    'WAIT 1 50',
  );
  to(6000);
  world.sim.partition(0, 1);
  to(7000);
  send('A', 'SELECT 3', 'SET b 2', 'FLUSHDB', 'SADD s x y');
  world.sim.heal(0, 1);
  to(9000);
  world.sim.reset(1, 2);
  send('B', 'REPLICAOF NO ONE', 'SET own 1', 'CLIENT PAUSE 300');
  to(10_000);
  world.sim.freeze(1);
  to(10_500);
  world.sim.thaw(1);
  const { ip, port } = world.sim.address(1);
  send('A', `REPLICAOF ${ip} ${port}`);
  to(12_000);
  world.sim.kill(2);
  to(12_400);
  world.start('C');
  to(15_000);
  return world;
}

describe('a recorded run', () => {
  test('has the trace hash of the same run without recording, and the same log', () => {
    const plain = eventful(false);
    const recorded = eventful(true);
    expect(recorded.sim.traceHash()).toBe(plain.sim.traceHash());
    expect(recorded.lines).toEqual(plain.lines);
    expect(recorded.sim.events).toBe(plain.sim.events);
    expect(recorded.psyncs('B', 'A').length + recorded.psyncs('C', 'B').length).toBeGreaterThan(3);
  });

  test('another seed has another hash', () => {
    const one = new World({ A: {}, B: { replicaof: 'A' } }, { seed: '1' }).to(3000);
    const two = new World({ A: {}, B: { replicaof: 'A' } }, { seed: '2' }).to(3000);
    expect(one.sim.traceHash()).not.toBe(two.sim.traceHash());
  });

  test('after(event) is what a fresh run had at that event, for every node and every process on it', () => {
    const recorded = eventful(true);
    const histories = [0, 1, 2].map((node) => recorded.sim.histories(node));
    expect(histories.map((list) => list.length)).toEqual([1, 1, 2]);
    const incarnations = [0, 0, 0];
    const seenDown = [false, false, false];
    let compared = 0;
    eventful(false, ({ sim }) => {
      for (const node of [0, 1, 2]) {
        const server = sim.server(node);
        if (server === null) {
          seenDown[node] = sim.now > 0;
          continue;
        }
        if (seenDown[node]) {
          incarnations[node]!++;
          seenDown[node] = false;
        }
        if (sim.events % 13 !== 0 && sim.touched !== node) continue;
        const history = histories[node]![incarnations[node]!]!;
        expect(picture(history.after(sim.events)), `node ${node}, event ${sim.events}, ${sim.now} µs`).toBe(
          picture(server),
        );
        compared++;
      }
    });
    expect(compared).toBeGreaterThan(500);
  });

  test('a run without recording keeps no history', () => {
    const world = new World({ A: {} }).to(1000);
    expect(world.sim.histories(0)).toEqual([]);
  });
});
