import { assert } from '../assert.ts';
import { type Bytes, Command } from '../networking/bytes.ts';
import { addReply } from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { feedReplicationBacklog } from './backlog.ts';
import {
  feedReplicationBuffer,
  feedReplicationBufferWithCommand,
  prepareReplicasToWrite,
} from './replication-buffer-7.ts';

/** SELECT commands for the first databases, made once (shared.select). */
const SELECT_COMMANDS = Array.from({ length: 16 }, (_, db) => new Command(['SELECT', String(db)]));

/**
 * Puts a command into the replication stream: SELECT first where the stream is in another database, then the
 * backlog, then every replica that is not still waiting for its save to begin. A replica adds nothing of its
 * own: it passes on its master's bytes (replication.c replicationFeedSlaves).
 */
export function replicationFeedSlaves(redis: Redis, dictid: number, command: Command): void {
  const { server } = redis;
  if (server.masterhost !== null) return;
  if (server.replBacklog === null && server.slaves.length === 0) return;
  assert(server.replBacklog !== null, 'replicationFeedSlaves: replicas without a backlog');
  const isShared = server.replBacklog.kind === 'shared';
  if (isShared) prepareReplicasToWrite(redis);
  if (server.slaveseldb !== dictid) {
    const select = SELECT_COMMANDS[dictid] ?? new Command(['SELECT', String(dictid)]);
    if (isShared) feedReplicationBuffer(redis, select, 0);
    else feedOwnBuffers(redis, select);
  }
  server.slaveseldb = dictid;
  if (isShared) feedReplicationBufferWithCommand(redis, command);
  else feedOwnBuffers(redis, command);
}

/** The ring of the backlog, and every replica's own output buffer. */
function feedOwnBuffers(redis: Redis, bytes: Bytes): void {
  redis.rules.feedReplicationBacklogWithObject(redis, bytes);
  feedSlaves(redis, bytes);
}

/**
 * Passes on what came from the master, identical bytes, to the backlog and the sub-replicas; `ahead` more of the
 * same will follow (replication.c replicationFeedSlavesFromMasterStream, replicationFeedStreamFromMasterStream).
 */
export function replicationFeedSlavesFromMasterStream(redis: Redis, bytes: Bytes, ahead: number): void {
  if (redis.server.replBacklog?.kind === 'shared') {
    prepareReplicasToWrite(redis);
    feedReplicationBuffer(redis, bytes, ahead);
    return;
  }
  if (redis.server.replBacklog !== null) feedReplicationBacklog(redis, bytes);
  feedSlaves(redis, bytes);
}

function feedSlaves(redis: Redis, bytes: Bytes): void {
  const { server } = redis;
  for (let i = 0; i < server.slaves.length; i++) {
    const slave = server.clients[server.slaves[i]!]!;
    if (redis.rules.canFeedReplicaReplBuffer(slave)) addReply(redis, slave, bytes);
  }
}
