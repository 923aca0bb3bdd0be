import type { ProfileName } from '../../sim/redis/profile.ts';

/** An INFO field that scenarios can ask for. */
export interface InfoField {
  readonly name: string;
  readonly kind: 'number' | 'text';
  /** What it tells. */
  readonly about: string;
  /** The values it can have, where these are few. */
  readonly values?: readonly string[];
  /** The only profiles whose Redis gives it; all without. */
  readonly profiles?: readonly ProfileName[];
}

const ONLY_70: readonly ProfileName[] = ['redis-7.0'];

/**
 * The fields a result has: INFO replication as server.c genRedisInfoString gives it, the sync counters of
 * INFO stats, and two fields of INFO persistence. `slave0`, `slave1`, … are added by `infoField`.
 */
export const INFO_FIELDS: readonly InfoField[] = [
  {
    name: 'role',
    kind: 'text',
    about: '`master`, or `slave` while it has a master to follow.',
    values: ['master', 'slave'],
  },
  {
    name: 'master_host',
    kind: 'text',
    about: 'The address of its master; only a replica has it, as all fields down to `replica_announced`.',
  },
  { name: 'master_port', kind: 'number', about: "Its master's port." },
  {
    name: 'master_link_status',
    kind: 'text',
    about: '`up` once the link to its master carries the stream.',
    values: ['up', 'down'],
  },
  {
    name: 'master_last_io_seconds_ago',
    kind: 'number',
    about: 'Whole seconds since it heard its master; -1 without a link.',
  },
  {
    name: 'master_sync_in_progress',
    kind: 'number',
    about: '1 while it receives an RDB; the other `master_sync_` fields are given only then.',
  },
  {
    name: 'slave_read_repl_offset',
    kind: 'number',
    about: "Up to which byte it has read its master's stream.",
    profiles: ONLY_70,
  },
  {
    name: 'slave_repl_offset',
    kind: 'number',
    about: "Up to which byte it has applied its master's stream.",
  },
  {
    name: 'master_sync_total_bytes',
    kind: 'number',
    about: 'The size of the RDB that it receives.',
    profiles: ONLY_70,
  },
  { name: 'master_sync_read_bytes', kind: 'number', about: 'Bytes of that RDB so far.', profiles: ONLY_70 },
  { name: 'master_sync_left_bytes', kind: 'number', about: 'Bytes of that RDB still to come.' },
  {
    name: 'master_sync_perc',
    kind: 'number',
    about: 'The part of that RDB that is here, in percent.',
    profiles: ONLY_70,
  },
  {
    name: 'master_sync_last_io_seconds_ago',
    kind: 'number',
    about: 'Whole seconds since the transfer moved.',
  },
  {
    name: 'master_link_down_since_seconds',
    kind: 'number',
    about: 'Whole seconds since the link went down; given while it is down.',
  },
  { name: 'slave_priority', kind: 'number', about: '`replica-priority`.' },
  { name: 'slave_read_only', kind: 'number', about: '`replica-read-only`, as 1 or 0.' },
  { name: 'replica_announced', kind: 'number', about: '`replica-announced`, as 1 or 0.', profiles: ONLY_70 },
  { name: 'connected_slaves', kind: 'number', about: 'Replicas that are connected, in whatever state.' },
  {
    name: 'min_slaves_good_slaves',
    kind: 'number',
    about: 'Replicas that count for `min-replicas-to-write`; given where that is in use.',
  },
  { name: 'master_failover_state', kind: 'text', about: 'Where FAILOVER stands.', profiles: ONLY_70 },
  {
    name: 'master_replid',
    kind: 'text',
    about: '`replid`: the id of the history that it writes or follows.',
  },
  {
    name: 'master_replid2',
    kind: 'text',
    about: '`replid2`: the id of the history before its promotion; zeros without one.',
  },
  { name: 'master_repl_offset', kind: 'number', about: 'The last byte of the stream that it has.' },
  {
    name: 'second_repl_offset',
    kind: 'number',
    about: 'The fence: the first byte that `replid2` does not vouch for; -1 without one.',
  },
  { name: 'repl_backlog_active', kind: 'number', about: '1 while there is a backlog.' },
  { name: 'repl_backlog_size', kind: 'number', about: 'How much the backlog can hold, in bytes.' },
  { name: 'repl_backlog_first_byte_offset', kind: 'number', about: 'The oldest byte in the backlog.' },
  { name: 'repl_backlog_histlen', kind: 'number', about: 'How many bytes the backlog holds.' },
  { name: 'sync_full', kind: 'number', about: 'Full synchronizations that it granted.' },
  { name: 'sync_partial_ok', kind: 'number', about: 'PSYNCs that it answered with +CONTINUE.' },
  { name: 'sync_partial_err', kind: 'number', about: 'PSYNCs with an id that it could not continue.' },
  { name: 'loading', kind: 'number', about: '1 while it loads a dataset.' },
  { name: 'rdb_bgsave_in_progress', kind: 'number', about: '1 while a child saves.' },
];

const BY_NAME = new Map(INFO_FIELDS.map((field) => [field.name, field]));

/** What the parts of a master's line about a replica are: `slave(B).state`. */
export const SLAVE_PARTS: Readonly<Record<'state' | 'offset' | 'lag', InfoField>> = {
  state: {
    name: 'state',
    kind: 'text',
    about: 'What the master is doing for it.',
    values: ['wait_bgsave', 'send_bulk', 'online'],
  },
  offset: { name: 'offset', kind: 'number', about: 'The last byte that it acknowledged.' },
  lag: { name: 'lag', kind: 'number', about: 'Whole seconds since it acknowledged.' },
};

/** A field by its name; undefined where no profile's Redis gives one. */
export function infoField(name: string): InfoField | undefined {
  return /^slave\d+$/.test(name)
    ? { name, kind: 'text', about: 'One replica, as the master sees it.' }
    : BY_NAME.get(name);
}
