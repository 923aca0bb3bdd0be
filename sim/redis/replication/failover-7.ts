import { getLongLong } from '../commands/numbers.ts';
import { type Client, SLAVE_STATE_ONLINE } from '../networking/client.ts';
import { pauseClientsFor, unpauseClients } from '../networking/pause-7.ts';
import { addReply, addReplyError, shared } from '../networking/reply.ts';
import { mstime, type Redis, serverLog } from '../system.ts';
import type { PsyncResult } from './replication-handshake.ts';

/** What FAILOVER was asked to do. */
interface FailoverRequest {
  readonly host: string | null;
  readonly port: number;
  /** Milliseconds, 0 for none. */
  readonly timeout: number;
  readonly force: boolean;
}

/**
 * FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds]: writes are paused until a replica has
 * acknowledged everything; the master then becomes that replica's replica and asks it, with its PSYNC, to take
 * over (replication.c failoverCommand).
 */
export function failoverCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  if (c.argv.length === 2 && c.argv[1]!.toLowerCase() === 'abort') {
    if (server.failoverState === 'none') {
      addReplyError(redis, c, 'No failover in progress.');
      return;
    }
    abortFailover(redis, 'Failover manually aborted');
    addReply(redis, c, shared.ok);
    return;
  }
  const request = parseFailover(redis, c);
  if (request === undefined) return;
  const problem = failoverProblem(redis, request);
  if (problem !== null) {
    addReplyError(redis, c, problem);
    return;
  }
  const { host, port, timeout, force } = request;
  server.targetReplicaHost = host;
  server.targetReplicaPort = port;
  serverLog(redis, 'notice', `FAILOVER requested to ${host === null ? 'any replica' : `${host}:${port}`}.`);
  if (timeout !== 0) server.failoverEndTime = mstime(redis) + timeout;
  server.forceFailover = force;
  server.failoverState = 'wait-for-sync';
  pauseClientsFor(redis, 'failover', Number.MAX_SAFE_INTEGER, 'write');
  addReply(redis, c, shared.ok);
}

/** The arguments of FAILOVER; undefined where they are wrong, which is answered. */
function parseFailover(redis: Redis, c: Client): FailoverRequest | undefined {
  const { argv } = c;
  let request: FailoverRequest = { host: null, port: 0, timeout: 0, force: false };
  const number = (text: string): number | undefined => {
    const value = getLongLong(text);
    if (value === undefined) addReplyError(redis, c, 'value is not an integer or out of range');
    return value;
  };
  for (let i = 1; i < argv.length; i++) {
    const option = argv[i]!.toLowerCase();
    if (option === 'timeout' && i + 1 < argv.length && request.timeout === 0) {
      const timeout = number(argv[++i]!);
      if (timeout === undefined) return undefined;
      if (timeout <= 0) {
        addReplyError(redis, c, 'FAILOVER timeout must be greater than 0');
        return undefined;
      }
      request = { ...request, timeout };
    } else if (option === 'to' && i + 2 < argv.length && request.host === null) {
      const port = number(argv[i + 2]!);
      if (port === undefined) return undefined;
      request = { ...request, host: argv[i + 1]!, port };
      i += 2;
    } else if (option === 'force' && !request.force) {
      request = { ...request, force: true };
    } else {
      addReply(redis, c, shared.syntaxerr);
      return undefined;
    }
  }
  return request;
}

/** Why a failover cannot begin, or null. */
function failoverProblem(redis: Redis, { host, port, timeout, force }: FailoverRequest): string | null {
  const { server } = redis;
  if (server.failoverState !== 'none') return 'FAILOVER already in progress.';
  if (server.masterhost !== null) return 'FAILOVER is not valid when server is a replica.';
  if (server.slaves.length === 0) return 'FAILOVER requires connected replicas.';
  if (force && (timeout === 0 || host === null)) {
    return 'FAILOVER with force option requires both a timeout and target HOST and IP.';
  }
  if (host === null) return null;
  const replica = findReplica(redis, host, port);
  if (replica === undefined) return 'FAILOVER target HOST and PORT is not a replica.';
  return replica.replstate === SLAVE_STATE_ONLINE ? null : 'FAILOVER target replica is not online.';
}

/** The replica that listens on an address, as it announced it (replication.c findReplica). */
function findReplica(redis: Redis, host: string, port: number): Client | undefined {
  const { server } = redis;
  for (const id of server.slaves) {
    const replica = server.clients[id]!;
    const isHost = addressOf(redis, replica).toLowerCase() === host.toLowerCase();
    if (isHost && replica.slaveListeningPort === port) return replica;
  }
  return undefined;
}

function addressOf({ system }: Redis, replica: Client): string {
  return replica.slaveIp === '' ? system.peer(replica.fd).ip : replica.slaveIp;
}

/** Whether a failover that waits can go on, or has waited too long (replication.c updateFailoverStatus). */
export function updateFailoverStatus(redis: Redis): void {
  const { server } = redis;
  if (server.failoverState !== 'wait-for-sync') return;
  if (server.failoverEndTime !== 0 && server.failoverEndTime <= server.mstime) {
    if (!server.forceFailover) {
      abortFailover(redis, 'Replica never caught up before timeout');
      return;
    }
    const target = `${server.targetReplicaHost}:${server.targetReplicaPort}`;
    serverLog(redis, 'notice', `FAILOVER to ${target} time out exceeded, failing over.`);
    proceed(redis);
    return;
  }
  const replica = caughtUpReplica(redis);
  if (replica === undefined) return;
  server.targetReplicaHost ??= addressOf(redis, replica);
  if (server.targetReplicaPort === 0) server.targetReplicaPort = replica.slaveListeningPort;
  const target = `${server.targetReplicaHost}:${server.targetReplicaPort}`;
  serverLog(redis, 'notice', `Failover target ${target} is synced, failing over.`);
  proceed(redis);
}

/** The replica that was named, or any, if it has acknowledged everything. */
function caughtUpReplica(redis: Redis): Client | undefined {
  const { server } = redis;
  const hasAll = (replica: Client): boolean => replica.replAckOff === server.masterReplOffset;
  if (server.targetReplicaHost === null) {
    const id = server.slaves.find((one) => hasAll(server.clients[one]!));
    return id === undefined ? undefined : server.clients[id];
  }
  const replica = findReplica(redis, server.targetReplicaHost, server.targetReplicaPort);
  return replica !== undefined && hasAll(replica) ? replica : undefined;
}

function proceed(redis: Redis): void {
  const { server } = redis;
  server.failoverState = 'in-progress';
  redis.rules.replicationSetMaster(redis, server.targetReplicaHost!, server.targetReplicaPort);
}

/** The target has answered our PSYNC; false where it refused, which ends the failover (a part of syncWithMaster). */
export function failoverAnswered(redis: Redis, result: PsyncResult): boolean {
  if (redis.server.failoverState !== 'in-progress' || result === 'WAIT_REPLY') return true;
  if (result === 'CONTINUE' || result === 'FULLRESYNC') {
    clearFailoverState(redis);
    return true;
  }
  abortFailover(redis, 'Failover target rejected psync request');
  return false;
}

/** Gives a failover up; a master that had become a replica already is a master again (replication.c abortFailover). */
export function abortFailover(redis: Redis, reason: string): void {
  const { server } = redis;
  if (server.failoverState === 'none') return;
  const { targetReplicaHost: host, targetReplicaPort: port } = server;
  const target = host === null ? 'any replica' : `${host}:${port}`;
  serverLog(redis, 'notice', `FAILOVER to ${target} aborted: ${reason}`);
  if (server.failoverState === 'in-progress') redis.rules.replicationUnsetMaster(redis);
  clearFailoverState(redis);
}

function clearFailoverState(redis: Redis): void {
  const { server } = redis;
  server.failoverEndTime = 0;
  server.forceFailover = false;
  server.targetReplicaHost = null;
  server.targetReplicaPort = 0;
  server.failoverState = 'none';
  unpauseClients(redis, 'failover');
}
