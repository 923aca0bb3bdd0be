import { assert } from '../assert.ts';
import type { Bytes } from '../networking/bytes.ts';
import type { Client } from '../networking/client.ts';
import { addReply } from '../networking/reply.ts';
import type { RedisServer } from '../server.ts';
import type { Redis } from '../system.ts';
import {
  incrementalTrimReplicationBacklog,
  referToBacklog,
  type SharedBacklog,
  sharedBacklog,
  TRIM_BLOCKS_PER_CALL,
} from './replication-buffer-7.ts';

/**
 * The replication backlog. Redis keeps a ring of bytes and four numbers; here the numbers stand in the server
 * (`replBacklogSize`, `Histlen`, `Idx`, `Off`) and obey Redis's arithmetic, while the bytes are remembered as
 * the pieces in which they came, in blocks that are let go once the ring has overwritten them.
 */
export interface RingBacklog {
  readonly kind: 'ring';
  blocks: BacklogBlock[];
}

/** A ring of its own, or the stream that backlog and replicas share. */
export type ReplBacklog = RingBacklog | SharedBacklog;

export interface BacklogBlock {
  /** Offset in the replication stream of the block's first byte. */
  offset: number;
  length: number;
  pieces: Bytes[];
}

/** How many pieces a block takes before the next one begins. */
const PIECES_PER_BLOCK = 128;

/** Smallest size of the backlog, in bytes (CONFIG_REPL_BACKLOG_MIN_SIZE). */
export const CONFIG_REPL_BACKLOG_MIN_SIZE = 16 * 1024;

/** Allocates an empty backlog whose first byte will be the next of the stream (seed 3.3.8). */
export function createReplicationBacklog(redis: Redis): void {
  const { server } = redis;
  assert(server.replBacklog === null, 'createReplicationBacklog: there is a backlog');
  server.replBacklog = redis.profile.sharesReplicationBuffer ? sharedBacklog() : { kind: 'ring', blocks: [] };
  emptyBacklog(server);
}

/**
 * Sets the configured size in bytes, at least 16384. A ring that exists is emptied, not copied: what it held
 * can no longer be resumed from. A shared buffer is only cut to the new size (resizeReplicationBacklog).
 */
export function resizeReplicationBacklog(redis: Redis, newsize: number): void {
  const { server } = redis;
  const size = newsize < CONFIG_REPL_BACKLOG_MIN_SIZE ? CONFIG_REPL_BACKLOG_MIN_SIZE : newsize;
  if (server.replBacklogSize === size) return;
  server.replBacklogSize = size;
  if (server.replBacklog === null) return;
  if (server.replBacklog.kind === 'shared') {
    incrementalTrimReplicationBacklog(redis, TRIM_BLOCKS_PER_CALL);
    return;
  }
  server.replBacklog = { kind: 'ring', blocks: [] };
  emptyBacklog(server);
}

/** Frees the backlog; its numbers keep their last values, as INFO shows in Redis (seed 3.3.11). */
export function freeReplicationBacklog(redis: Redis): void {
  const { server } = redis;
  assert(server.slaves.length === 0, 'freeReplicationBacklog: there are replicas');
  server.replBacklog = null;
}

function emptyBacklog(server: RedisServer): void {
  server.replBacklogHistlen = 0;
  server.replBacklogIdx = 0;
  server.replBacklogOff = server.masterReplOffset + 1;
}

/**
 * Adds bytes to the backlog and moves `master_repl_offset`, which nothing else does while a server is in
 * normal operation (seed 3.3.13.1).
 */
export function feedReplicationBacklog(redis: Redis, bytes: Bytes): void {
  const { server } = redis;
  const { length } = bytes;
  const size = server.replBacklogSize;
  const ring = server.replBacklog as RingBacklog;
  remember(ring, server.masterReplOffset + 1, bytes);
  server.masterReplOffset += length;
  server.replBacklogIdx = (server.replBacklogIdx + length) % size;
  server.replBacklogHistlen += length;
  if (server.replBacklogHistlen > size) server.replBacklogHistlen = size;
  server.replBacklogOff = server.masterReplOffset - server.replBacklogHistlen + 1;
  forget(ring, server.replBacklogOff);
}

/**
 * Feeds one object's bytes. In C it turns integer-encoded objects into text first; here bytes are bytes
 * already (seed 3.3.13).
 */
export function feedReplicationBacklogWithObject(redis: Redis, object: Bytes): void {
  feedReplicationBacklog(redis, object);
}

function remember(backlog: RingBacklog, offset: number, bytes: Bytes): void {
  const { blocks } = backlog;
  let block = blocks[blocks.length - 1];
  if (block === undefined || block.pieces.length === PIECES_PER_BLOCK) {
    block = { offset, length: 0, pieces: [] };
    blocks.push(block);
  }
  block.pieces.push(bytes);
  block.length += bytes.length;
}

function forget(backlog: RingBacklog, off: number): void {
  const { blocks } = backlog;
  let spent = 0;
  while (spent < blocks.length && blocks[spent]!.offset + blocks[spent]!.length <= off) spent++;
  if (spent > 0) blocks.splice(0, spent);
}

/**
 * Queues for a client the backlog from `offset` (which must lie in it, or one past its end) to its end;
 * returns how many bytes that is (seed 3.3.6.1).
 */
export function addReplyReplicationBacklog(redis: Redis, c: Client, offset: number): number {
  const { server } = redis;
  if (server.replBacklog?.kind === 'shared') return referToBacklog(redis, c, offset);
  if (server.replBacklogHistlen === 0) return 0;
  const skip = offset - server.replBacklogOff;
  for (const piece of backlogFrom(server.replBacklog!, offset)) addReply(redis, c, piece);
  return server.replBacklogHistlen - skip;
}

/** The pieces of the stream from `offset` on; the first may be cut. */
function backlogFrom(backlog: ReplBacklog, offset: number): Bytes[] {
  const found: Bytes[] = [];
  for (const block of backlog.blocks) {
    if (block.offset + block.length <= offset) continue;
    let at = block.offset;
    for (const piece of block.pieces) {
      const end = at + piece.length;
      if (end > offset) found.push(at >= offset ? piece : piece.slice(offset - at, piece.length));
      at = end;
    }
  }
  return found;
}
