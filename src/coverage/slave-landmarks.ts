import type { ProfileName } from '../../sim/redis/profile.ts';
import { BOTH, everywhere, type Landmark, type Unreachable } from './landmark.ts';
import { GONE, transition, UNMUTED } from './states.ts';

/** The transitions of `replstate`, a master's view of each replica, that the C code can make. */

interface Row {
  readonly name: string;
  readonly when: string;
  readonly source: string;
  readonly profiles?: readonly ProfileName[];
  readonly unreachable?: Unreachable;
}

const ROWS: readonly Row[] = [
  {
    name: transition('none', 'WAIT_BGSAVE_START'),
    when: 'a PSYNC or SYNC is answered with a full synchronization',
    source: 'syncCommand',
  },
  {
    name: transition('none', 'ONLINE'),
    when: 'a PSYNC is answered with +CONTINUE',
    source: 'masterTryPartialResynchronization',
  },
  {
    name: transition('WAIT_BGSAVE_START', 'WAIT_BGSAVE_END'),
    when: 'its save begins, or it joins one that runs',
    source: 'replicationSetupSlaveForFullResync',
  },
  {
    name: transition('WAIT_BGSAVE_START', GONE),
    when: 'the link breaks before a save began',
    source: 'freeClient',
  },
  {
    name: transition('WAIT_BGSAVE_START', 'none'),
    when: 'its save cannot be begun, it is told so',
    source: 'startBgsaveForReplication',
    unreachable: {
      'redis-5.0':
        'a fork never fails here, and who has neither a master nor a cached one has no replicas that wait either',
    },
  },
  {
    name: transition('WAIT_BGSAVE_END', 'SEND_BULK'),
    when: 'the save to disk is done',
    source: 'updateSlavesWaitingBgsave',
  },
  {
    name: transition('WAIT_BGSAVE_END', 'ONLINE'),
    when: 'the RDB went out without a disk',
    source: 'updateSlavesWaitingBgsave',
  },
  {
    name: transition('WAIT_BGSAVE_END', GONE),
    when: 'the link breaks or the save fails meanwhile',
    source: 'freeClient',
  },
  { name: transition('SEND_BULK', 'ONLINE'), when: 'the file is sent', source: 'putSlaveOnline' },
  {
    name: transition('SEND_BULK', 'RDB_TRANSMITTED'),
    when: 'the file is sent, and no more is wanted',
    source: 'replicaPutOnline',
    profiles: ['redis-7.0'],
  },
  {
    name: transition('WAIT_BGSAVE_END', 'RDB_TRANSMITTED'),
    when: 'the same without a disk',
    source: 'replicaPutOnline',
    profiles: ['redis-7.0'],
  },
  {
    name: transition('RDB_TRANSMITTED', GONE),
    when: 'who wanted the RDB alone is let go',
    source: 'freeClient',
    profiles: ['redis-7.0'],
  },
  { name: transition('SEND_BULK', GONE), when: 'the link breaks meanwhile', source: 'freeClient' },
  { name: UNMUTED, when: 'the first ACK after an RDB without a disk', source: 'replconfCommand' },
  {
    name: transition('ONLINE', GONE),
    when: 'the link breaks, it is too slow, says nothing for repl-timeout, or is cut',
    source: 'freeClient',
  },
  {
    name: transition('WAIT_BGSAVE_END', 'WAIT_BGSAVE_START'),
    when: 'the fork of a diskless save fails',
    source: 'rdbSaveToSlavesSockets',
    unreachable: everywhere('a fork never fails here'),
  },
];

export const SLAVE_LANDMARKS: readonly Landmark[] = ROWS.map(
  ({ name, when, source, profiles = BOTH, unreachable = {} }) => ({
    group: 'slave',
    name,
    when,
    source,
    profiles,
    line: null,
    unreachable,
  }),
);
