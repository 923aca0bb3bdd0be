import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { drop } from './byte-queue.ts';
import { Text } from './bytes.ts';
import { CLIENT_CLOSE_ASAP, CLIENT_SLAVE, type Client, SLAVE_STATE_WAIT_BGSAVE_END } from './client.ts';
import {
  accountWritten,
  clientHasPendingReplies,
  freeClientAsync,
  getClientOutputBufferMemoryUsage,
  PROTO_REPLY_CHUNK_BYTES,
} from './output-buffer.ts';
import { addReply } from './reply.ts';

/** One node of the list: the 16 KiB asked for, rounded up with its header to 20 KiB, and the list's node. */
const BLOCK = 20 * 1024 - 16;
const NODE = 24 + 16;

let lab: Lab;
let slave: Client;

/** A replica whose snapshot is being saved: what is queued for it stays. */
function slaveWith(limit: string): void {
  lab = new Lab({ 'client-output-buffer-limit': [`replica ${limit}`] }).withBacklog();
  const fd = lab.connect();
  slave = lab.server.clients[lab.server.clientOfFd[fd]!]!;
  slave.flags |= CLIENT_SLAVE;
  slave.replstate = SLAVE_STATE_WAIT_BGSAVE_END;
  lab.server.slaves.push(slave.id);
}

beforeEach(() => slaveWith('0 0 0'));

const queue = (length: number): void => addReply(lab.redis, slave, new Text('x'.repeat(length)));
const usage = (): number => getClientOutputBufferMemoryUsage(lab.redis, slave);
const closing = (): boolean => (slave.flags & CLIENT_CLOSE_ASAP) !== 0;
const seconds = (s: number): void => {
  lab.server.unixtime += s;
};

/** Fills the static buffer, after which everything goes to the list. */
const fillStatic = (): void => queue(PROTO_REPLY_CHUNK_BYTES);

describe('where a reply is kept', () => {
  test('the static 16 KiB do not count, the list counts by the size of its blocks', () => {
    queue(PROTO_REPLY_CHUNK_BYTES);
    expect(slave).toMatchObject({ bufpos: PROTO_REPLY_CHUNK_BYTES, reply: [] });
    expect(usage()).toBe(0);
    queue(1);
    expect(slave.reply).toEqual([{ size: BLOCK, used: 1 }]);
    expect(usage()).toBe(BLOCK + NODE);
  });

  test('what does not fit into the static buffer goes to the list whole, and all that follows after it', () => {
    queue(PROTO_REPLY_CHUNK_BYTES - 10);
    queue(11);
    queue(5);
    expect(slave.bufpos).toBe(PROTO_REPLY_CHUNK_BYTES - 10);
    expect(slave.reply).toEqual([{ size: BLOCK, used: 16 }]);
  });

  test("a block takes what is left of its room before the next one is made, and has the allocator's size", () => {
    fillStatic();
    queue(BLOCK - 1);
    queue(3);
    expect(slave.reply.map(({ used }) => used)).toEqual([BLOCK, 2]);
    queue(100_000);
    // 100000 bytes less what the second block took, and 16 for the header: the next size class is 80 KiB.
    expect(slave.reply[2]!.used).toBe(100_000 - (BLOCK - 2));
    expect(slave.reply[2]!.size).toBe(80 * 1024 - 16);
  });

  test.each([
    [16_385, 20 * 1024],
    [20 * 1024 - 16, 20 * 1024],
    [20 * 1024 - 15, 24 * 1024],
    [32 * 1024 - 16, 32 * 1024],
    [32 * 1024 - 15, 40 * 1024],
    [64 * 1024 - 15, 80 * 1024],
    [1024 * 1024, 1280 * 1024],
  ])('a reply of %i bytes takes an allocation of %i', (length, allocated) => {
    queue(length);
    expect(slave.reply).toEqual([{ size: allocated - 16, used: length }]);
  });

  test('pending is what is queued and not written, nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 50_000 }), fc.nat(100)), { maxLength: 20 }),
        (turns) => {
          slaveWith('0 0 0');
          for (const [length, share] of turns) {
            queue(length);
            const written = Math.floor((slave.output.length * share) / 100);
            drop(slave.output, written);
            accountWritten(slave, written);
            const held = slave.bufpos + slave.reply.reduce((sum, { used }) => sum + used, 0) - slave.sentlen;
            expect(held).toBe(slave.output.length);
            expect(clientHasPendingReplies(lab.redis, slave)).toBe(slave.output.length > 0);
            expect(slave.replyBytes).toBe(slave.reply.reduce((sum, { size }) => sum + size, 0));
            for (const { size, used } of slave.reply) expect(used).toBeLessThanOrEqual(size);
          }
        },
      ),
    );
  });
});

describe('the hard limit', () => {
  test('is reached, not exceeded: used >= limit', () => {
    slaveWith(`${BLOCK + NODE} 0 0`);
    fillStatic();
    expect(closing()).toBe(false);
    queue(1);
    expect(closing()).toBe(true);
  });

  test('one byte more than used keeps the client', () => {
    slaveWith(`${BLOCK + NODE + 1} 0 0`);
    fillStatic();
    queue(1);
    expect(closing()).toBe(false);
  });

  test('0 is none', () => {
    fillStatic();
    queue(50_000_000);
    expect(closing()).toBe(false);
  });

  test('the client is told of in the log, and freed at the next serverCron, not before', () => {
    slaveWith('20000 0 0');
    fillStatic();
    queue(1);
    expect(lab.system.logs.at(-1)).toMatch(
      /^warning Client id=\d+ addr=127\.0\.0\.1:50000 .* flags=S .* scheduled to be closed ASAP for overcoming of output buffer limits\.$/,
    );
    expect(lab.server.slaves).toEqual([slave.id]);
    lab.tick();
    expect(lab.server.slaves).toEqual([]);
    expect(lab.server.clients[slave.id]).toBeUndefined();
  });

  test('is told of once, however much is queued after', () => {
    slaveWith('20000 0 0');
    fillStatic();
    for (let i = 0; i < 5; i++) queue(30_000);
    expect(lab.system.logs.filter((line) => line.includes('scheduled to be closed'))).toHaveLength(1);
    expect(lab.server.clientsToClose).toEqual([slave.id]);
  });

  test('a replica is in the class of replicas, a client in that of normal ones', () => {
    slaveWith('20000 0 0');
    slave.flags &= ~CLIENT_SLAVE;
    fillStatic();
    queue(100_000);
    expect(closing()).toBe(false);
  });
});

describe('the soft limit', () => {
  beforeEach(() => {
    slaveWith(`0 ${BLOCK + NODE} 3`);
    fillStatic();
  });

  test('needs more than its seconds: > and not >=', () => {
    queue(1);
    expect(slave.obufSoftLimitReachedTime).toBe(lab.server.unixtime);
    seconds(3);
    queue(1);
    expect(closing()).toBe(false);
    seconds(1);
    queue(1);
    expect(closing()).toBe(true);
  });

  test('is looked at only when something is queued', () => {
    queue(1);
    seconds(100);
    expect(closing()).toBe(false);
    queue(1);
    expect(closing()).toBe(true);
  });

  test('begins anew once a look found less', () => {
    queue(1);
    seconds(3);
    drop(slave.output, slave.output.length - 1);
    accountWritten(slave, PROTO_REPLY_CHUNK_BYTES);
    // Still one block, which is the limit: the clock runs on. Without it the next look stops the clock.
    slave.reply[0]!.size -= 1;
    slave.replyBytes -= 1;
    queue(1);
    expect(slave.obufSoftLimitReachedTime).toBe(0);
    queue(BLOCK);
    seconds(3);
    queue(1);
    expect(closing()).toBe(false);
    seconds(1);
    queue(1);
    expect(closing()).toBe(true);
  });

  test('does nothing while nothing but the static buffer is used', () => {
    slaveWith('0 1 0');
    queue(100);
    seconds(10);
    queue(100);
    expect(closing()).toBe(false);
    expect(slave.obufSoftLimitReachedTime).toBe(0);
  });
});

test('a client is queued once to be freed', () => {
  freeClientAsync(lab.redis, slave);
  freeClientAsync(lab.redis, slave);
  expect(lab.server.clientsToClose).toEqual([slave.id]);
});
