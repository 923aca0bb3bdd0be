import type { ProfileName } from '../../sim/redis/profile.ts';
import { BOTH, type Landmark } from './landmark.ts';

/** Every limit in time after which replication does something by itself; a line of the log tells of each. */

interface Row {
  readonly name: string;
  readonly when: string;
  readonly source: string;
  readonly line: RegExp;
  readonly profiles?: readonly ProfileName[];
}

const ROWS: readonly Row[] = [
  {
    name: 'repl-timeout: connecting and handshake',
    when: 'the master does not answer',
    source: 'replicationCron',
    line: /^Timeout connecting to the MASTER/,
  },
  {
    name: 'repl-timeout: receiving the RDB',
    when: 'the transfer stands still',
    source: 'replicationCron',
    line: /^Timeout receiving bulk data from MASTER/,
  },
  {
    name: 'repl-timeout: a silent master',
    when: 'neither data nor PING come',
    source: 'replicationCron',
    line: /^MASTER timeout: no data nor PING received/,
  },
  {
    name: 'repl-timeout: a silent replica',
    when: 'no REPLCONF ACK comes',
    source: 'replicationCron',
    line: /^Disconnecting timedout replica( \(streaming sync\))?: /,
  },
  {
    name: 'repl-timeout: a replica that does not read its RDB',
    when: 'the socket stays full, in the child',
    source: 'rdbSaveToSlavesSockets',
    line: /^Closing slave .*: child->slave RDB transfer failed: /,
    profiles: ['redis-5.0'],
  },
  {
    name: 'repl-timeout: a replica that does not read its RDB',
    when: 'the socket stays full, in the parent',
    source: 'replicationCron',
    line: /^Disconnecting timedout replica \(full sync\): /,
    profiles: ['redis-7.0'],
  },
  {
    name: 'repl-backlog-ttl',
    when: 'no replica came for so long',
    source: 'replicationCron',
    line: /^Replication backlog freed after /,
  },
  {
    name: 'repl-diskless-sync-delay',
    when: 'the first replica has waited for others',
    source: 'replicationCron',
    line: /^Starting BGSAVE for SYNC with target: replicas sockets/,
  },
  {
    name: 'client-output-buffer-limit',
    when: 'a replica is slower than its stream',
    source: 'checkClientOutputBufferLimits',
    line: /^Client .*(scheduled to be closed ASAP|closed) for overcoming of output buffer limits\./,
  },
  {
    name: 'shutdown-timeout',
    when: 'a replica does not acknowledge everything in time',
    source: 'finishShutdown',
    line: /^Lagging replica .* reported offset /,
    profiles: ['redis-7.0'],
  },
  {
    name: 'FAILOVER … TIMEOUT',
    when: 'the target does not acknowledge everything in time',
    source: 'failoverCommand',
    line: /^FAILOVER( to .*)? (time out exceeded, failing over\.|aborted: Replica never caught up)/,
    profiles: ['redis-7.0'],
  },
];

export const TIMEOUT_LANDMARKS: readonly Landmark[] = ROWS.map(
  ({ name, when, source, line, profiles = BOTH }) => ({
    group: 'timeout',
    name,
    when,
    source,
    profiles,
    line,
    unreachable: {},
  }),
);
