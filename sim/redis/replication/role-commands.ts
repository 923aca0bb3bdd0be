import { getLongLong } from '../commands/numbers.ts';
import { CLIENT_SLAVE, type Client, SLAVE_STATE_ONLINE } from '../networking/client.ts';
import { catClientInfoString } from '../networking/client-info.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  addReplyText,
  shared,
} from '../networking/reply.ts';
import {
  REPL_STATE_CONNECT,
  REPL_STATE_CONNECTED,
  REPL_STATE_CONNECTING,
  REPL_STATE_NONE,
  REPL_STATE_TRANSFER,
} from '../server.ts';
import { type Redis, serverLog } from '../system.ts';
import { slaveIsInHandshakeState } from './replication-handshake.ts';

/** REPLICAOF and SLAVEOF (replication.c replicaofCommand). */
export function replicaofCommand(redis: Redis, c: Client): void {
  const { server } = redis;
  const host = c.argv[1]!;
  if (server.failoverState !== 'none') {
    addReplyError(redis, c, 'REPLICAOF not allowed while failing over.');
    return;
  }
  if (host.toLowerCase() === 'no' && c.argv[2]!.toLowerCase() === 'one') {
    if (server.masterhost !== null) {
      redis.rules.replicationUnsetMaster(redis);
      serverLog(
        redis,
        'notice',
        `MASTER MODE enabled (user request from '${catClientInfoString(redis, c)}')`,
      );
    }
    addReply(redis, c, shared.ok);
    return;
  }
  if ((c.flags & CLIENT_SLAVE) !== 0) {
    addReplyError(redis, c, 'Command is not valid when client is a replica.');
    return;
  }
  const port = getLongLong(c.argv[2]!);
  const isPort = port !== undefined && port >= 0 && port <= 65535;
  if (redis.profile.checksMasterPort && !isPort) {
    addReplyError(redis, c, 'Invalid master port');
    return;
  }
  if (port === undefined) {
    addReplyError(redis, c, 'value is not an integer or out of range');
    return;
  }
  if (redis.rules.isMasterAlready(redis, host, port)) {
    serverLog(
      redis,
      'notice',
      'REPLICAOF would result into synchronization with the master we are already connected with. No ' +
        'operation performed.',
    );
    addReplyText(redis, c, '+OK Already connected to specified master\r\n');
    return;
  }
  redis.rules.replicationSetMaster(redis, host, port);
  serverLog(
    redis,
    'notice',
    `REPLICAOF ${host}:${port} enabled (user request from '${catClientInfoString(redis, c)}')`,
  );
  addReply(redis, c, shared.ok);
}

/** Whether we follow this address: to be told so again changes nothing (part of replicaofCommand). */
export function isMasterAlready({ server }: Redis, host: string, port: number): boolean {
  return server.masterhost?.toLowerCase() === host.toLowerCase() && server.masterport === port;
}

const ROLE_STATES: Readonly<Record<number, string>> = {
  [REPL_STATE_NONE]: 'none',
  [REPL_STATE_CONNECT]: 'connect',
  [REPL_STATE_CONNECTING]: 'connecting',
  [REPL_STATE_TRANSFER]: 'sync',
  [REPL_STATE_CONNECTED]: 'connected',
};

/** ROLE (replication.c roleCommand). */
export function roleCommand(redis: Redis, c: Client): void {
  const { server, system } = redis;
  if (server.masterhost === null) {
    const online = server.slaves
      .map((id) => server.clients[id]!)
      .filter((slave) => slave.replstate === SLAVE_STATE_ONLINE);
    addReplyArrayLen(redis, c, 3);
    addReplyBulk(redis, c, 'master');
    addReplyLongLong(redis, c, server.masterReplOffset);
    addReplyArrayLen(redis, c, online.length);
    for (const slave of online) {
      addReplyArrayLen(redis, c, 3);
      addReplyBulk(redis, c, slave.slaveIp === '' ? system.peer(slave.fd).ip : slave.slaveIp);
      addReplyBulk(redis, c, String(slave.slaveListeningPort));
      addReplyBulk(redis, c, String(slave.replAckOff));
    }
    return;
  }
  const state = slaveIsInHandshakeState(redis) ? 'handshake' : (ROLE_STATES[server.replState] ?? 'unknown');
  addReplyArrayLen(redis, c, 5);
  addReplyBulk(redis, c, 'slave');
  addReplyBulk(redis, c, server.masterhost);
  addReplyLongLong(redis, c, server.masterport);
  addReplyBulk(redis, c, state);
  addReplyLongLong(redis, c, server.master === null ? -1 : server.clients[server.master]!.reploff);
}
