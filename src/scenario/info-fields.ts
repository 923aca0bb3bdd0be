import type { ProfileName } from '../../sim/redis/profile.ts';

/** An INFO field that scenarios can ask for. */
export interface InfoField {
  readonly name: string;
  readonly kind: 'number' | 'text';
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
  { name: 'role', kind: 'text', values: ['master', 'slave'] },
  { name: 'master_host', kind: 'text' },
  { name: 'master_port', kind: 'number' },
  { name: 'master_link_status', kind: 'text', values: ['up', 'down'] },
  { name: 'master_last_io_seconds_ago', kind: 'number' },
  { name: 'master_sync_in_progress', kind: 'number' },
  { name: 'slave_read_repl_offset', kind: 'number', profiles: ONLY_70 },
  { name: 'slave_repl_offset', kind: 'number' },
  { name: 'master_sync_total_bytes', kind: 'number', profiles: ONLY_70 },
  { name: 'master_sync_read_bytes', kind: 'number', profiles: ONLY_70 },
  { name: 'master_sync_left_bytes', kind: 'number' },
  { name: 'master_sync_perc', kind: 'number', profiles: ONLY_70 },
  { name: 'master_sync_last_io_seconds_ago', kind: 'number' },
  { name: 'master_link_down_since_seconds', kind: 'number' },
  { name: 'slave_priority', kind: 'number' },
  { name: 'slave_read_only', kind: 'number' },
  { name: 'replica_announced', kind: 'number', profiles: ONLY_70 },
  { name: 'connected_slaves', kind: 'number' },
  { name: 'min_slaves_good_slaves', kind: 'number' },
  { name: 'master_failover_state', kind: 'text', profiles: ONLY_70 },
  { name: 'master_replid', kind: 'text' },
  { name: 'master_replid2', kind: 'text' },
  { name: 'master_repl_offset', kind: 'number' },
  { name: 'second_repl_offset', kind: 'number' },
  { name: 'repl_backlog_active', kind: 'number' },
  { name: 'repl_backlog_size', kind: 'number' },
  { name: 'repl_backlog_first_byte_offset', kind: 'number' },
  { name: 'repl_backlog_histlen', kind: 'number' },
  { name: 'sync_full', kind: 'number' },
  { name: 'sync_partial_ok', kind: 'number' },
  { name: 'sync_partial_err', kind: 'number' },
  { name: 'loading', kind: 'number' },
  { name: 'rdb_bgsave_in_progress', kind: 'number' },
];

const BY_NAME = new Map(INFO_FIELDS.map((field) => [field.name, field]));

/** What the parts of a master's line about a replica are: `slave(B).state`. */
export const SLAVE_PARTS: Readonly<Record<'state' | 'offset' | 'lag', InfoField>> = {
  state: { name: 'state', kind: 'text', values: ['wait_bgsave', 'send_bulk', 'online'] },
  offset: { name: 'offset', kind: 'number' },
  lag: { name: 'lag', kind: 'number' },
};

/** A field by its name; undefined where no profile's Redis gives one. */
export function infoField(name: string): InfoField | undefined {
  return /^slave\d+$/.test(name) ? { name, kind: 'text' } : BY_NAME.get(name);
}
