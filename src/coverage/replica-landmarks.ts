import type { ProfileName } from '../../sim/redis/profile.ts';
import type { Landmark } from './landmark.ts';
import { transition } from './states.ts';

/** The transitions of `repl_state` that the C code of each version can make, outside of a failing write. */

type Row = readonly [from: string, to: string, when: string, source: string];

const ROLE: readonly Row[] = [
  ['NONE', 'CONNECT', 'REPLICAOF makes a master a replica', 'replicationSetMaster'],
  ['CONNECT', 'NONE', 'REPLICAOF NO ONE, the link being gone by then', 'replicationUnsetMaster'],
  ['CONNECTED', 'CONNECT', 'the master is lost', 'replicationHandleMasterDisconnection'],
];

const CONNECT: readonly Row[] = [
  ['CONNECT', 'CONNECTING', 'a connection is begun', 'connectWithMaster'],
  [
    'CONNECTING',
    'CONNECT',
    'it is refused or reset, takes too long, or REPLICAOF comes between',
    'syncWithMaster, replicationCron',
  ],
];

const TRANSFER: readonly Row[] = [
  ['TRANSFER', 'CONNECTED', 'the RDB is loaded', 'readSyncBulkPayload'],
  [
    'TRANSFER',
    'CONNECT',
    'the transfer breaks, takes too long or cannot be loaded',
    'cancelReplicationHandshake',
  ],
];

const TIMED_OUT = 'the master says nothing for repl-timeout, or the link breaks';

const HANDSHAKE_5: readonly Row[] = [
  ['CONNECTING', 'RECEIVE_PONG', 'the connection is up, PING is sent', 'syncWithMaster'],
  ['RECEIVE_PONG', 'SEND_AUTH', 'PONG, or an error that asks for a password', 'syncWithMaster'],
  ['RECEIVE_PONG', 'CONNECT', `another error; ${TIMED_OUT}`, 'syncWithMaster, replicationCron'],
  ['SEND_AUTH', 'RECEIVE_AUTH', 'AUTH is sent', 'syncWithMaster'],
  ['SEND_AUTH', 'SEND_PORT', 'there is no masterauth', 'syncWithMaster'],
  ['RECEIVE_AUTH', 'SEND_PORT', 'the password is right', 'syncWithMaster'],
  ['RECEIVE_AUTH', 'CONNECT', `the password is wrong; ${TIMED_OUT}`, 'syncWithMaster, replicationCron'],
  ['SEND_PORT', 'RECEIVE_PORT', 'REPLCONF listening-port is sent', 'syncWithMaster'],
  ['RECEIVE_PORT', 'SEND_IP', 'the reply is there, be it an error', 'syncWithMaster'],
  ['RECEIVE_PORT', 'CONNECT', TIMED_OUT, 'replicationCron'],
  ['SEND_IP', 'SEND_CAPA', 'there is no replica-announce-ip', 'syncWithMaster'],
  ['SEND_IP', 'RECEIVE_IP', 'REPLCONF ip-address is sent', 'syncWithMaster'],
  ['RECEIVE_IP', 'SEND_CAPA', 'the reply is there, be it an error', 'syncWithMaster'],
  ['RECEIVE_IP', 'CONNECT', TIMED_OUT, 'replicationCron'],
  ['SEND_CAPA', 'RECEIVE_CAPA', 'REPLCONF capa is sent', 'syncWithMaster'],
  ['RECEIVE_CAPA', 'SEND_PSYNC', 'the reply is there, be it an error', 'syncWithMaster'],
  ['RECEIVE_CAPA', 'CONNECT', TIMED_OUT, 'replicationCron'],
  ['SEND_PSYNC', 'RECEIVE_PSYNC', 'PSYNC is sent', 'slaveTryPartialResynchronization'],
  ['RECEIVE_PSYNC', 'TRANSFER', '+FULLRESYNC, or SYNC after an error', 'syncWithMaster'],
  ['RECEIVE_PSYNC', 'CONNECTED', '+CONTINUE', 'replicationResurrectCachedMaster'],
  ['RECEIVE_PSYNC', 'CONNECT', `-NOMASTERLINK, -LOADING; ${TIMED_OUT}`, 'syncWithMaster, replicationCron'],
];

const HANDSHAKE_7: readonly Row[] = [
  ['CONNECTING', 'RECEIVE_PING_REPLY', 'the connection is up, PING is sent', 'syncWithMaster'],
  ['RECEIVE_PING_REPLY', 'SEND_HANDSHAKE', 'PONG, or an error that asks for a password', 'syncWithMaster'],
  ['RECEIVE_PING_REPLY', 'CONNECT', `another error; ${TIMED_OUT}`, 'syncWithMaster, replicationCron'],
  ['SEND_HANDSHAKE', 'RECEIVE_AUTH_REPLY', 'AUTH and every REPLCONF are sent', 'syncWithMaster'],
  ['RECEIVE_AUTH_REPLY', 'RECEIVE_PORT_REPLY', 'the password is right, or none was sent', 'syncWithMaster'],
  ['RECEIVE_AUTH_REPLY', 'CONNECT', `the password is wrong; ${TIMED_OUT}`, 'syncWithMaster, replicationCron'],
  ['RECEIVE_PORT_REPLY', 'RECEIVE_IP_REPLY', 'the reply is there, be it an error', 'syncWithMaster'],
  ['RECEIVE_PORT_REPLY', 'CONNECT', TIMED_OUT, 'syncWithMaster, replicationCron'],
  [
    'RECEIVE_IP_REPLY',
    'RECEIVE_CAPA_REPLY',
    'the reply is there, or no address was announced',
    'syncWithMaster',
  ],
  ['RECEIVE_IP_REPLY', 'CONNECT', TIMED_OUT, 'syncWithMaster, replicationCron'],
  ['RECEIVE_CAPA_REPLY', 'SEND_PSYNC', 'the reply is there, be it an error', 'syncWithMaster'],
  ['RECEIVE_CAPA_REPLY', 'CONNECT', TIMED_OUT, 'syncWithMaster, replicationCron'],
  ['SEND_PSYNC', 'RECEIVE_PSYNC_REPLY', 'PSYNC is sent', 'slaveTryPartialResynchronization'],
  ['RECEIVE_PSYNC_REPLY', 'TRANSFER', '+FULLRESYNC, or SYNC after an error', 'syncWithMaster'],
  ['RECEIVE_PSYNC_REPLY', 'CONNECTED', '+CONTINUE', 'replicationResurrectCachedMaster'],
  [
    'RECEIVE_PSYNC_REPLY',
    'CONNECT',
    `-NOMASTERLINK, -LOADING; ${TIMED_OUT}`,
    'syncWithMaster, replicationCron',
  ],
];

function landmarks(profile: ProfileName, rows: readonly Row[]): Landmark[] {
  return rows.map(([from, to, when, source]) => ({
    group: 'replica',
    name: transition(from, to),
    when,
    source,
    profiles: [profile],
    line: null,
    unreachable: {},
  }));
}

export const REPLICA_LANDMARKS: readonly Landmark[] = [
  ...landmarks('redis-5.0', [...CONNECT, ...HANDSHAKE_5, ...TRANSFER, ...ROLE]),
  ...landmarks('redis-7.0', [...CONNECT, ...HANDSHAKE_7, ...TRANSFER, ...ROLE]),
];
