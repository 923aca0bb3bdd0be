import { PSYNC_REASONS } from '../scenario/decisions.ts';
import { BOTH, everywhere, type Landmark, type Unreachable } from './landmark.ts';

/** When a PSYNC or SYNC is answered so, by outcome and reason. */
const WHEN: Readonly<Record<string, string>> = {
  'partial/replid': 'the id is replid, the offset in the backlog',
  'partial/replid2': 'the id is replid2, the offset not beyond second_replid_offset and in the backlog',
  'full/forced': 'PSYNC ?',
  'full/replid-mismatch': 'the id is neither',
  'full/replid2-offset': 'the id is replid2, the offset beyond second_replid_offset',
  'full/no-backlog': 'the id is right, there is no backlog',
  'full/backlog-overwritten': 'the offset is before the backlog',
  'full/offset-ahead': "the offset is beyond the master's",
  'full/bad-offset': 'the offset is no number',
  'full/sync': 'the old SYNC',
  'refused/nomasterlink': 'a replica without a link to its own master',
  'refused/loading': 'the server loads',
  'refused/masterdown': 'replica-serve-stale-data no, and no link to its own master',
  'refused/busy': 'a script runs too long',
  'refused/noauth': 'a password was not given',
  'refused/pending-output': 'replies wait to be sent on that connection',
  'refused/bad-offset': 'the offset is no number',
};

const UNREACHABLE: Readonly<Record<string, Unreachable>> = {
  'refused/busy': everywhere('a script takes no time here'),
  'refused/pending-output': {
    'redis-7.0':
      'clients here send a command when they have the reply to the one before, and MULTI takes no PSYNC',
  },
};

/** Redis 5 goes on to a full synchronization where Redis 7 answers with an error, and refuses at PING. */
const ONLY_IN: Readonly<Record<string, Landmark['profiles']>> = {
  'full/bad-offset': ['redis-5.0'],
  'refused/bad-offset': ['redis-7.0'],
};

export const DECISION_LANDMARKS: readonly Landmark[] = Object.entries(PSYNC_REASONS)
  .flatMap(([outcome, reasons]) => reasons.map((reason) => `${outcome}/${reason}`))
  .map((name) => ({
    group: 'decision',
    name,
    when: WHEN[name]!,
    source: name.startsWith('refused') ? 'processCommand, syncCommand' : 'masterTryPartialResynchronization',
    profiles: ONLY_IN[name] ?? BOTH,
    line: null,
    unreachable: UNREACHABLE[name] ?? {},
  }));
