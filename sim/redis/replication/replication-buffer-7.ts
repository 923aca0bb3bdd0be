import { arrayHeaderLength, type Bytes, bulkLength, type Command } from '../networking/bytes.ts';
import { type Client, NO_BLOCK, SLAVE_STATE_WAIT_BGSAVE_START } from '../networking/client.ts';
import {
  allocatedSize,
  asyncCloseClientOnOutputBufferLimitReached,
  PROTO_REPLY_CHUNK_BYTES,
} from '../networking/output-buffer.ts';
import { prepareClientToWrite } from '../networking/reply.ts';
import type { RedisServer } from '../server.ts';
import type { Redis } from '../system.ts';
import type { BacklogBlock } from './backlog.ts';

/**
 * Redis 7's replication buffer: one list of blocks that holds the stream once, for the backlog and for every
 * replica. Whoever needs a block, and with it all that follow, counts as a reference to it: the backlog to the
 * first one, a replica to the one it sends from.
 */
export interface ReplBufBlock extends BacklogBlock {
  /** Rises by one from block to block. */
  readonly id: number;
  /** Bytes it has room for; `length` of them are used. */
  readonly size: number;
  refcount: number;
}

export interface SharedBacklog {
  readonly kind: 'shared';
  blocks: ReplBufBlock[];
  nextBlockId: number;
}

/** sizeof(replBufBlock), and that of a list node with it. */
const BLOCK_HEADER = 40;
export const BLOCK_OVERHEAD = 24 + BLOCK_HEADER;
/** Blocks let go in one go (REPL_BACKLOG_TRIM_BLOCKS_PER_CALL); ten times as many before the loop sleeps. */
export const TRIM_BLOCKS_PER_CALL = 64;
/** A block has at most this share of the backlog's size, or what a block has at least. */
const BLOCK_SHARE = 16;

export function sharedBacklog(): SharedBacklog {
  return { kind: 'shared', blocks: [], nextBlockId: 0 };
}

function sharedBlocks(server: RedisServer): ReplBufBlock[] {
  return server.replBacklog?.kind === 'shared' ? server.replBacklog.blocks : [];
}

/** The block with this id. */
function blockOf(blocks: readonly ReplBufBlock[], id: number): ReplBufBlock {
  return blocks[id - blocks[0]!.id]!;
}

/**
 * Whether the stream is kept for a replica: what comes before its save begins will be in its RDB (replication.c
 * canFeedReplicaReplBuffer, in Redis 5 a part of replicationFeedSlaves).
 */
export function canFeedReplicaReplBuffer({ rdbOnly, replstate }: Client): boolean {
  return !rdbOnly && replstate !== SLAVE_STATE_WAIT_BGSAVE_START;
}

/** Schedules the write for every replica the stream goes to; comes before the stream is fed (prepareReplicasToWrite). */
export function prepareReplicasToWrite(redis: Redis): void {
  const { server } = redis;
  for (let i = 0; i < server.slaves.length; i++) {
    const slave = server.clients[server.slaves[i]!]!;
    if (redis.rules.canFeedReplicaReplBuffer(slave)) prepareClientToWrite(redis, slave);
  }
}

/** Feeds a command as replicationFeedSlaves does: part by part, which shows in the size of the blocks of a big one. */
export function feedReplicationBufferWithCommand(redis: Redis, command: Command): void {
  if (command.length <= PROTO_REPLY_CHUNK_BYTES) {
    feedReplicationBuffer(redis, command, 0);
    return;
  }
  let at = 0;
  const feed = (length: number): void => {
    feedReplicationBuffer(redis, command.slice(at, at + length), 0);
    at += length;
  };
  feed(arrayHeaderLength(command.argv.length));
  for (const { length } of command.argv) {
    feed(bulkLength(length) - length - 2);
    if (length > 0) feed(length);
    feed(2);
  }
}

/**
 * Appends bytes to the stream; `ahead` more will follow that belong to them. Replicas that had everything begin
 * where these bytes do (replication.c feedReplicationBuffer).
 */
export function feedReplicationBuffer(redis: Redis, bytes: Bytes, ahead: number): void {
  const { server } = redis;
  const backlog = server.replBacklog as SharedBacklog;
  const { blocks } = backlog;
  let done = 0;
  while (done < bytes.length) {
    let tail = blocks[blocks.length - 1];
    let start: ReplBufBlock | null = null;
    let startPos = 0;
    let startPiece = 0;
    let added = false;
    if (tail !== undefined && tail.size > tail.length) {
      start = tail;
      startPos = tail.length;
      startPiece = tail.pieces.length;
      done += putInto(server, tail, bytes, done);
    }
    if (done < bytes.length) {
      tail = newBlock(redis, backlog, bytes.length - done + ahead);
      blocks.push(tail);
      tail = blocks[blocks.length - 1]!;
      added = true;
      start ??= tail;
      done += putInto(server, tail, bytes, done);
    }
    referToStart(redis, start!, startPos, startPiece, added);
    if (added) {
      if (blocks.length === 1) blocks[0]!.refcount++;
      incrementalTrimReplicationBacklog(redis, TRIM_BLOCKS_PER_CALL);
    }
  }
}

/** Copies what fits of the bytes from `from` on; how many those are. */
function putInto(server: RedisServer, block: ReplBufBlock, bytes: Bytes, from: number): number {
  const copy = Math.min(block.size - block.length, bytes.length - from);
  block.pieces.push(bytes.slice(from, from + copy));
  block.length += copy;
  server.masterReplOffset += copy;
  server.replBacklogHistlen += copy;
  return copy;
}

/** The most that one block may hold, so that none is kept whole for the sake of its last bytes (part of feedReplicationBuffer). */
export function blockLimit({ replBacklogSize }: RedisServer): number {
  return Math.max(Math.floor(replBacklogSize / BLOCK_SHARE), PROTO_REPLY_CHUNK_BYTES);
}

function newBlock({ server, rules }: Redis, backlog: SharedBacklog, length: number): ReplBufBlock {
  const wanted = Math.min(Math.max(length, PROTO_REPLY_CHUNK_BYTES), rules.blockLimit(server));
  const size = allocatedSize(wanted + BLOCK_HEADER) - BLOCK_HEADER;
  const offset = server.masterReplOffset + 1;
  return { id: backlog.nextBlockId++, offset, length: 0, pieces: [], size, refcount: 0 };
}

/** Replicas without a place of their own in the stream get this one; a new block may put any over its limit. */
function referToStart(
  redis: Redis,
  start: ReplBufBlock,
  startPos: number,
  startPiece: number,
  added: boolean,
): void {
  const { server } = redis;
  for (let i = 0; i < server.slaves.length; i++) {
    const slave = server.clients[server.slaves[i]!]!;
    if (!redis.rules.canFeedReplicaReplBuffer(slave)) continue;
    if (slave.refReplBufNode === NO_BLOCK) {
      slave.refReplBufNode = start.id;
      slave.refBlockPos = startPos;
      slave.refPiece = startPiece;
      slave.refPieceSent = 0;
      start.refcount++;
    }
    if (added) asyncCloseClientOnOutputBufferLimitReached(redis, slave);
  }
}

/**
 * Lets go of the oldest blocks while the backlog has more than its size without them, no replica needs them and
 * `maxBlocks` is not reached: what lies beyond the size stays resumable that long (incrementalTrimReplicationBacklog).
 */
export function incrementalTrimReplicationBacklog(redis: Redis, maxBlocks: number): void {
  const { server } = redis;
  const blocks = sharedBlocks(server);
  let trimmed = 0;
  while (server.replBacklogHistlen > server.replBacklogSize && trimmed < maxBlocks) {
    if (blocks.length - trimmed <= 1) break;
    const first = blocks[trimmed]!;
    if (first.refcount !== 1) break;
    if (server.replBacklogHistlen - first.size <= server.replBacklogSize) break;
    server.replBacklogHistlen -= first.size;
    trimmed++;
    blocks[trimmed]!.refcount++;
  }
  if (trimmed > 0) blocks.splice(0, trimmed);
  server.replBacklogOff = server.masterReplOffset - server.replBacklogHistlen + 1;
}

/** A replica needs its part of the stream no longer (freeReplicaReferencedReplBuffer). */
export function freeReplicaReferencedReplBuffer(redis: Redis, replica: Client): void {
  if (replica.refReplBufNode === NO_BLOCK) return;
  const blocks = sharedBlocks(redis.server);
  blockOf(blocks, replica.refReplBufNode).refcount--;
  incrementalTrimReplicationBacklog(redis, TRIM_BLOCKS_PER_CALL);
  replica.refReplBufNode = NO_BLOCK;
  replica.refBlockPos = 0;
}

/** Gives a replica another one's place in the stream (networking.c copyReplicaOutputBuffer). */
export function copyReplicaOutputBuffer(redis: Redis, dst: Client, src: Client): void {
  if (src.refReplBufNode === NO_BLOCK) return;
  dst.refReplBufNode = src.refReplBufNode;
  dst.refBlockPos = src.refBlockPos;
  dst.refPiece = src.refPiece;
  dst.refPieceSent = src.refPieceSent;
  blockOf(sharedBlocks(redis.server), src.refReplBufNode).refcount++;
}

/**
 * Lets a replica begin at `offset`, which must lie in the backlog or be one past its end; how many bytes there
 * are for it. Nothing is copied (replication.c addReplyReplicationBacklog).
 */
export function referToBacklog(redis: Redis, c: Client, offset: number): number {
  const { server } = redis;
  if (server.replBacklogHistlen === 0) return 0;
  const block = sharedBlocks(server).find((one) => one.offset + one.length >= offset)!;
  prepareClientToWrite(redis, c);
  block.refcount++;
  c.refReplBufNode = block.id;
  c.refBlockPos = offset - block.offset;
  c.refPiece = 0;
  let left = c.refBlockPos;
  while (left > 0 && left >= block.pieces[c.refPiece]!.length) left -= block.pieces[c.refPiece++]!.length;
  c.refPieceSent = left;
  return server.replBacklogHistlen - (offset - server.replBacklogOff);
}

/** Whether the stream holds bytes that a replica has not been sent (the replicas' part of clientHasPendingReplies). */
export function hasUnsentStream({ server }: Redis, c: Client): boolean {
  if (c.refReplBufNode === NO_BLOCK) return false;
  const blocks = sharedBlocks(server);
  const tail = blocks[blocks.length - 1]!;
  return tail.id !== c.refReplBufNode || c.refBlockPos !== tail.length;
}

/** Bytes from a replica's place in the stream to the end of its last block, and of the blocks' own (networking.c). */
export function sharedBufferUsage({ server }: Redis, c: Client): number {
  if (c.refReplBufNode === NO_BLOCK) return 0;
  const blocks = sharedBlocks(server);
  const last = blocks[blocks.length - 1]!;
  const current = blockOf(blocks, c.refReplBufNode);
  return last.offset + last.size - current.offset + BLOCK_OVERHEAD * (last.id - current.id + 1);
}

/** The next bytes for a replica, in one piece of one block; undefined where it has them all. */
export function nextOfStream(redis: Redis, c: Client): Bytes | undefined {
  if (c.refReplBufNode === NO_BLOCK) return undefined;
  const blocks = sharedBlocks(redis.server);
  const block = blockOf(blocks, c.refReplBufNode);
  const piece = block.pieces[c.refPiece];
  if (piece !== undefined) return c.refPieceSent === 0 ? piece : piece.slice(c.refPieceSent, piece.length);
  return toNextBlock(redis, c, blocks, block) ? nextOfStream(redis, c) : undefined;
}

/** A block has been sent in full: the replica refers to the one that follows, if any (part of _writeToClient). */
function toNextBlock(redis: Redis, c: Client, blocks: readonly ReplBufBlock[], block: ReplBufBlock): boolean {
  const next = blocks[block.id - blocks[0]!.id + 1];
  if (next === undefined) return false;
  block.refcount--;
  next.refcount++;
  c.refReplBufNode = next.id;
  c.refBlockPos = 0;
  c.refPiece = 0;
  c.refPieceSent = 0;
  incrementalTrimReplicationBacklog(redis, TRIM_BLOCKS_PER_CALL);
  return true;
}

/** So many bytes of what `nextOfStream` gave have been sent. */
export function sentOfStream(redis: Redis, c: Client, written: number): void {
  const blocks = sharedBlocks(redis.server);
  const block = blockOf(blocks, c.refReplBufNode);
  c.refBlockPos += written;
  c.refPieceSent += written;
  if (c.refPieceSent < block.pieces[c.refPiece]!.length) return;
  c.refPiece++;
  c.refPieceSent = 0;
  if (c.refBlockPos === block.length) toNextBlock(redis, c, blocks, block);
}

/** Moves the offsets of what a master fed while it loaded to where its history ended (rebaseReplicationBuffer). */
export function rebaseReplicationBuffer(redis: Redis, baseOffset: number): void {
  for (const block of sharedBlocks(redis.server)) block.offset += baseOffset;
}
