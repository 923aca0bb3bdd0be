/** What a server's INFO says, by field. */
export type Info = Record<string, string | number>;

/** Fields of INFO's other sections in which replication shows. */
const BESIDE_REPLICATION =
  /^(loading|rdb_changes_since_last_save|rdb_bgsave_in_progress|rdb_last_bgsave_status|aof_rewrite_in_progress|sync_full|sync_partial_ok|sync_partial_err|expired_keys)$/;

/** The fields of an INFO reply that replication shows in; numbers as numbers. */
export function parseInfo(text: string): Info {
  const info: Info = {};
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('# ')) section = line.slice(2);
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    if (section !== 'Replication' && !BESIDE_REPLICATION.test(name)) continue;
    const value = line.slice(colon + 1);
    info[name] = /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  }
  return info;
}
