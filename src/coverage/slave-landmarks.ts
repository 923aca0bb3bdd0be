import type { ProfileName } from '../../sim/redis/profile.ts';
import { BOTH, type Landmark } from './landmark.ts';
import { GONE, transition, UNMUTED } from './states.ts';

/** The transitions of `replstate`, a master's view of each replica, that the C code can make. */

interface Row {
  readonly name: string;
  readonly when: string;
  readonly source: string;
  readonly profiles?: readonly ProfileName[];
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
  { name: transition('SEND_BULK', GONE), when: 'the link breaks meanwhile', source: 'freeClient' },
  { name: UNMUTED, when: 'the first ACK after an RDB without a disk', source: 'replconfCommand' },
  {
    name: transition('ONLINE', GONE),
    when: 'the link breaks, it is too slow, says nothing for repl-timeout, or is cut',
    source: 'freeClient',
  },
];

export const SLAVE_LANDMARKS: readonly Landmark[] = ROWS.map(({ name, when, source, profiles = BOTH }) => ({
  group: 'slave',
  name,
  when,
  source,
  profiles,
  line: null,
  unreachable: null,
}));

/** What the C code can do and no scenario can bring about. */
export const UNREACHABLE_SLAVE_LANDMARKS: readonly Landmark[] = [
  {
    group: 'slave',
    name: transition('WAIT_BGSAVE_END', 'WAIT_BGSAVE_START'),
    when: 'the fork of a diskless save fails',
    source: 'rdbSaveToSlavesSockets',
    profiles: BOTH,
    line: null,
    unreachable: 'a fork never fails here',
  },
];
