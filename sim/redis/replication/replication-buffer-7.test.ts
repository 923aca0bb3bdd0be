import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { Command, Text } from '../networking/bytes.ts';
import {
  CLIENT_CLOSE_ASAP,
  CLIENT_SLAVE,
  type Client,
  newClient,
  SLAVE_STATE_ONLINE,
} from '../networking/client.ts';
import { getClientOutputBufferMemoryUsage } from '../networking/output-buffer.ts';
import { redis70 } from '../profile.ts';
import { createReplicationBacklog, resizeReplicationBacklog } from './backlog.ts';
import {
  BLOCK_OVERHEAD,
  feedReplicationBuffer,
  feedReplicationBufferWithCommand,
  freeReplicaReferencedReplBuffer,
  hasUnsentStream,
  nextOfStream,
  type ReplBufBlock,
  referToBacklog,
  sentOfStream,
} from './replication-buffer-7.ts';

const SIZE = 16 * 1024;
/** 16 KiB asked for with a header of 40 bytes get 20 KiB. */
const BLOCK = 20 * 1024 - 40;

function labOf(size: number): Lab {
  const lab = new Lab({ save: [''], 'repl-backlog-size': [String(size)] }, redis70);
  createReplicationBacklog(lab.redis);
  return lab;
}

function blocksOf(lab: Lab): ReplBufBlock[] {
  return lab.server.replBacklog!.blocks as ReplBufBlock[];
}

function replica(lab: Lab, id: number): Client {
  lab.server.clients[id] = newClient(id, 100 + id, 0);
  const slave = lab.server.clients[id]!;
  slave.flags |= CLIENT_SLAVE;
  slave.replstate = SLAVE_STATE_ONLINE;
  lab.server.slaves.push(id);
  return slave;
}

const feed = (lab: Lab, text: string): void => feedReplicationBuffer(lab.redis, new Text(text), 0);

/** Sends a replica at most `limit` bytes of what it lacks. */
function receive(lab: Lab, slave: Client, limit: number): string {
  let got = '';
  while (got.length < limit) {
    const next = nextOfStream(lab.redis, slave);
    if (next === undefined) break;
    const part = next.text().slice(0, limit - got.length);
    sentOfStream(lab.redis, slave, part.length);
    got += part;
  }
  return got;
}

describe('blocks', () => {
  test('have 20440 bytes for small pieces; a big one gets no more than a sixteenth of the backlog', () => {
    const lab = labOf(1024 * 1024);
    feed(lab, 'x');
    feedReplicationBufferWithCommand(lab.redis, new Command(['SET', 'k', 'v'.repeat(200_000)]));
    expect(
      blocksOf(lab)
        .slice(0, 2)
        .map(({ size }) => size),
    ).toEqual([BLOCK, 80 * 1024 - 40]);
    expect(blocksOf(labOf(SIZE))).toEqual([]);
  });

  test('the backlog lets whole blocks go once the rest is more than its size', () => {
    const lab = labOf(SIZE);
    for (let i = 0; i < 2 * BLOCK + 1; i += 1) feed(lab, 'x');
    expect(lab.server.replBacklogHistlen).toBe(BLOCK + 1);
    expect(lab.server.replBacklogOff).toBe(BLOCK + 1);
    expect(blocksOf(lab).map(({ refcount }) => refcount)).toEqual([1, 0]);
  });

  test('a block that a replica needs is kept, and everything after it', () => {
    const lab = labOf(SIZE);
    const slow = replica(lab, 7);
    for (let i = 0; i < 10; i++) feed(lab, 'x'.repeat(BLOCK));
    expect(lab.server.replBacklogHistlen).toBe(10 * BLOCK);
    expect(getClientOutputBufferMemoryUsage(lab.redis, slow)).toBe(10 * (BLOCK + BLOCK_OVERHEAD));
    freeReplicaReferencedReplBuffer(lab.redis, slow);
    expect(lab.server.replBacklogHistlen).toBe(BLOCK);
  });

  test('a limit below the backlog is the backlog: what all share costs a replica nothing', () => {
    const over = (backlog: number): boolean => {
      const lab = labOf(backlog);
      lab.server.clientObufLimits.replica.hardLimitBytes = 50_000;
      const slow = replica(lab, 7);
      for (let i = 0; i < 10; i++) feed(lab, 'x'.repeat(BLOCK));
      return (slow.flags & CLIENT_CLOSE_ASAP) !== 0;
    };
    expect(over(SIZE)).toBe(true);
    expect(over(1024 * 1024)).toBe(false);
  });

  test('setting the size cuts to it, and keeps what fits', () => {
    const lab = labOf(200 * 1024);
    for (let i = 0; i < 9; i++) feed(lab, 'x'.repeat(BLOCK));
    resizeReplicationBacklog(lab.redis, 3 * BLOCK);
    expect(lab.server.replBacklogHistlen).toBe(4 * BLOCK);
    resizeReplicationBacklog(lab.redis, 1);
    expect(lab.server.replBacklogSize).toBe(SIZE);
    expect(lab.server.replBacklogHistlen).toBe(BLOCK);
  });
});

describe('every byte', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('feed' as const), length: fc.integer({ min: 1, max: 30_000 }) }),
    fc.record({ kind: fc.constant('send' as const), length: fc.integer({ min: 1, max: 50_000 }) }),
    fc.record({ kind: fc.constant('join' as const), length: fc.integer({ min: 0, max: 60_000 }) }),
    fc.record({ kind: fc.constant('leave' as const), length: fc.constant(0) }),
  );

  test('reaches each replica once and in order, whatever is fed, sent, joined and left in between', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const lab = labOf(SIZE);
        const { server } = lab;
        let stream = '';
        let lastId = 10;
        const readers: { slave: Client; at: number }[] = [];
        for (const { kind, length } of steps) {
          if (kind === 'feed') {
            const text = Array.from({ length }, (_, i) =>
              String.fromCharCode(97 + ((stream.length + i) % 26)),
            );
            feed(lab, text.join(''));
            stream += text.join('');
          } else if (kind === 'send') {
            for (const reader of readers) {
              const got = receive(lab, reader.slave, length);
              expect(got).toBe(stream.slice(reader.at, reader.at + got.length));
              reader.at += got.length;
            }
          } else if (kind === 'join') {
            const offset = Math.max(server.replBacklogOff, stream.length + 1 - length);
            const slave = replica(lab, ++lastId);
            const returned = referToBacklog(lab.redis, slave, offset);
            expect(returned).toBe(server.replBacklogHistlen === 0 ? 0 : stream.length + 1 - offset);
            readers.push({ slave, at: offset - 1 });
          } else {
            const reader = readers.shift();
            if (reader === undefined) continue;
            server.slaves.splice(server.slaves.indexOf(reader.slave.id), 1);
            freeReplicaReferencedReplBuffer(lab.redis, reader.slave);
          }
          expect(server.masterReplOffset).toBe(stream.length);
          expect(server.replBacklogOff + server.replBacklogHistlen).toBe(stream.length + 1);
          const blocks = blocksOf(lab);
          expect(blocks.reduce((sum, block) => sum + block.length, 0)).toBe(server.replBacklogHistlen);
          const references = blocks.reduce((sum, block) => sum + block.refcount, 0);
          const referring = server.slaves.filter((id) => server.clients[id]!.refReplBufNode !== -1).length;
          expect(references).toBe(blocks.length === 0 ? 0 : 1 + referring);
          for (const { slave, at } of readers) {
            expect(hasUnsentStream(lab.redis, slave)).toBe(at < stream.length);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
