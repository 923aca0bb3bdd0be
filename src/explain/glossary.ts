/** What a line of Redis's log, or a decision's name, means to somebody who operates it. */
export interface Entry {
  /** How the line begins, or the decision's name. */
  readonly title: string;
  readonly pattern: RegExp;
  readonly means: string;
  readonly causes: readonly string[];
  readonly set: readonly string[];
  /** The lesson that shows it, without folder and ending; null where none does. */
  readonly lesson: string | null;
}

const NEW_REPLICA = 'a replica that was never synchronized, or whose process restarted without an RDB';

export const ENTRIES: readonly Entry[] = [
  {
    title: 'partial/replid',
    pattern: /^partial\/replid$|Partial resynchronization request from .* accepted/,
    means:
      'The replica named the history that the master writes and an offset that the backlog still holds. The master answers +CONTINUE and sends the bytes from there on: nothing is copied anew.',
    causes: ['a link that broke or timed out and came back in time'],
    set: ['nothing: this is how it should be'],
    lesson: 'broken-link-resumes-partially',
  },
  {
    title: 'partial/replid2',
    pattern: /^partial\/replid2$/,
    means:
      'The replica named the history that this master followed before it was promoted, and no byte beyond the one at which it left it (second_replid_offset, the fence). Up to there both histories are the same, so it can go on; +CONTINUE tells it the new id.',
    causes: ['a failover: siblings and the old master ask the promoted replica'],
    set: ['nothing: this is what replid2 is for'],
    lesson: 'promoted-replica-serves-its-siblings',
  },
  {
    title: 'full/forced',
    pattern:
      /^full\/forced$|Full resync requested by replica|Partial resynchronization not possible \(no cached master\)/,
    means: 'The replica asked with "PSYNC ? -1": it has no history it could continue.',
    causes: [
      NEW_REPLICA,
      'in Redis 5, a replica that lost the reply to its PSYNC, or got an error it did not expect',
    ],
    set: ['nothing for a new replica', 'for restarts: let the replica save an RDB (save, or SHUTDOWN SAVE)'],
    lesson: 'full-sync-from-disk',
  },
  {
    title: 'full/replid-mismatch',
    pattern: /^full\/replid-mismatch$|Partial resynchronization not accepted: Replication ID mismatch/,
    means:
      'The replica named a history that the master neither writes nor remembers. The master knows two ids: its own and the one before its promotion.',
    causes: [
      'a fresh server became a replica: it offers its own history, and the line is harmless',
      'the master restarted (Redis 5 forgets its history then; Redis 7 keeps it if it saved an RDB)',
      'the backlog was freed after repl-backlog-ttl without replicas, which changes the id',
      'two failovers in a row: the first history is forgotten',
    ],
    set: [
      'repl-backlog-ttl longer than replicas stay away (0 keeps it for ever)',
      'promote instead of restarting a master',
    ],
    lesson: 'two-promotions-forget-the-first-history',
  },
  {
    title: 'full/replid2-offset',
    pattern:
      /^full\/replid2-offset$|Partial resynchronization not accepted: Requested offset for second ID was/,
    means:
      "The replica named the master's former history, but an offset beyond the fence: it holds bytes that were written there after the master had left, and that the master never saw.",
    causes: [
      'the old master, or a replica of it, took writes after the promotion (or just PINGs to its replicas)',
    ],
    set: [
      'min-replicas-to-write on the master, so that it stops taking writes once it is cut off',
      'stop the old master before promoting',
    ],
    lesson: 'old-master-is-ahead',
  },
  {
    title: 'full/backlog-overwritten',
    pattern:
      /^full\/backlog-overwritten$|^full\/no-backlog$|Unable to partial resync with replica .* for lack of backlog/,
    means:
      'The history is the right one, but the bytes the replica misses are no longer in the backlog (or there is none yet). The log has one line for both.',
    causes: [
      'more was written while the replica was away than repl-backlog-size holds',
      'CONFIG SET repl-backlog-size emptied it (Redis 5)',
      'the asked server has just restarted or was just promoted and has no backlog yet',
    ],
    set: ['repl-backlog-size of at least the write rate times the longest outage to survive'],
    lesson: 'overwritten-while-the-link-was-down',
  },
  {
    title: 'full/offset-ahead',
    pattern: /^full\/offset-ahead$|Warning: replica .* tried to PSYNC with an offset that is greater/,
    means:
      'The replica asks for bytes that the server it asks does not have yet: it is ahead of its new master.',
    causes: ['a replica was moved to a sibling that lags, or the wrong replica was promoted'],
    set: ['promote the replica with the greatest offset'],
    lesson: 'replica-moves-to-a-sibling-that-lags',
  },
  {
    title: 'full/sync',
    pattern: /^full\/sync$|Retrying with SYNC/,
    means: 'The old command SYNC: no id, no offset, always everything.',
    causes: [
      'a replica that took the answer to its PSYNC for "unknown command"',
      'redis-cli --rdb, or a Redis before 2.8',
    ],
    set: ['replica-serve-stale-data yes on masters of sub-replicas', 'masterauth before requirepass'],
    lesson: 'stale-data-refused-costs-the-subreplicas',
  },
  {
    title: 'full/bad-offset and refused/bad-offset',
    pattern: /^(full|refused)\/bad-offset$|asks for synchronization but with a wrong offset/,
    means:
      'The offset was no number. Redis 5 goes on to a full synchronization, Redis 7 answers with an error only.',
    causes: ['something that is no Redis speaks PSYNC'],
    set: [],
    lesson: null,
  },
  {
    title: 'refused/nomasterlink',
    pattern:
      /^refused\/nomasterlink$|NOMASTERLINK|Master is currently unable to PSYNC but should be in the future/,
    means:
      'The server is itself a replica without a link to its master, so it cannot promise a stream. The asking replica keeps what it has and tries again.',
    causes: [
      'its own master is down or unreachable',
      'servers that replicate each other in a circle',
      'a server that replicates itself',
    ],
    set: ['nothing here: bring the upper link back, or promote this server'],
    lesson: 'the-tail-of-a-chain-times-out-with-its-head',
  },
  {
    title: 'refused/loading',
    pattern: /^refused\/loading$|LOADING Redis is loading/,
    means: 'The server is loading its dataset; the replica keeps what it has and tries again.',
    causes: ['it restarted with an RDB or AOF', 'it is itself in a full synchronization'],
    set: [],
    lesson: 'a-loading-node-is-asked-again',
  },
  {
    title: 'refused/masterdown',
    pattern: /^refused\/masterdown$|MASTERDOWN Link with MASTER is down/,
    means:
      'replica-serve-stale-data is no and the link to its own master is down, so nearly every command is refused. Redis 5 refuses PSYNC but not PING: the sub-replica takes it for "no PSYNC here" and loses its place.',
    causes: ['a chain whose upper link is down'],
    set: ['replica-serve-stale-data yes'],
    lesson: 'stale-data-refused-costs-the-subreplicas',
  },
  {
    title: 'refused/noauth',
    pattern: /^refused\/noauth$|NOAUTH Authentication required|Unable to AUTH to MASTER/,
    means: 'The master wants a password and the replica gave none or a wrong one.',
    causes: ['requirepass without masterauth on the replica'],
    set: ['masterauth on every server, before requirepass'],
    lesson: 'missing-password-costs-a-full-sync',
  },
  {
    title: 'refused/busy',
    pattern: /^refused\/busy$|BUSY Redis is busy running a script/,
    means: 'A script runs for longer than lua-time-limit; only SCRIPT KILL and SHUTDOWN NOSAVE are taken.',
    causes: ['a script without end'],
    set: [],
    lesson: null,
  },
  {
    title: 'refused/pending-output',
    pattern: /^refused\/pending-output$|SYNC and PSYNC are invalid with pending output/,
    means: 'Replies to earlier commands still wait on that connection: a stream cannot begin behind them.',
    causes: ['a client that sends PSYNC behind other commands'],
    set: [],
    lesson: null,
  },
  {
    title: 'MASTER timeout: no data nor PING received',
    pattern: /MASTER timeout: no data nor PING received/,
    means:
      'The replica heard nothing from its master for longer than repl-timeout and closes the link; it keeps its place.',
    causes: [
      'a cut network, a stopped or dead machine',
      'repl-ping-replica-period not shorter than repl-timeout',
    ],
    set: ['repl-timeout well above repl-ping-replica-period'],
    lesson: 'silent-partition-both-sides-find-out',
  },
  {
    title: 'Disconnecting timedout replica',
    pattern: /Disconnecting timedout replica/,
    means:
      'The master heard no REPLCONF ACK from a replica for longer than repl-timeout and closes the link.',
    causes: [
      'a cut network, a frozen replica',
      'a replica that loads a large RDB without a word (Redis sends newlines against that)',
    ],
    set: ['repl-timeout on the master'],
    lesson: 'frozen-replica-is-dropped-and-comes-back',
  },
  {
    title: 'Timeout connecting to the MASTER',
    pattern: /Timeout connecting to the MASTER/,
    means: 'The connection, or an answer in the handshake, did not come within repl-timeout.',
    causes: [
      'a machine that is off or behind a cut network',
      'a master that is stopped: its kernel accepts, nobody answers',
    ],
    set: [],
    lesson: 'frozen-master-accepts-and-says-nothing',
  },
  {
    title: 'Timeout receiving bulk data from MASTER',
    pattern: /Timeout receiving bulk data from MASTER/,
    means: 'In the middle of a full synchronization nothing came for longer than repl-timeout.',
    causes: [
      'a cut network or a stopped master',
      'a master that saves for long and is too old to send newlines meanwhile',
    ],
    set: ['repl-timeout longer'],
    lesson: null,
  },
  {
    title: 'Connection with master lost',
    pattern: /Connection with master lost/,
    means:
      'The link that was up is gone. "Caching the disconnected master state" after it says that the place in the stream is kept.',
    causes: ['the master died, was restarted, or closed the link (its own log says why)', 'a timeout'],
    set: [],
    lesson: 'broken-link-resumes-partially',
  },
  {
    title: 'scheduled to be closed ASAP for overcoming of output buffer limits',
    pattern: /overcoming of output buffer limits/,
    means:
      'What waits to be sent to a replica passed client-output-buffer-limit replica, so the master drops it.',
    causes: [
      'a replica, or its link, slower than the writes',
      'writes during a long full synchronization: they wait in that buffer',
    ],
    set: [
      'client-output-buffer-limit replica HARD SOFT SECONDS, larger',
      'repl-backlog-size of the same order, so that it can come back partially',
    ],
    lesson: 'endless-full-syncs',
  },
  {
    title: 'Replication backlog freed',
    pattern: /Replication backlog freed after/,
    means:
      'No replica for repl-backlog-ttl seconds: the backlog goes, and since writes no longer move the offset, the id changes too.',
    causes: ['all replicas away for longer than repl-backlog-ttl'],
    set: ['repl-backlog-ttl longer, or 0 for never'],
    lesson: 'freed-after-its-ttl-with-a-new-id',
  },
  {
    title: 'Setting secondary replication ID',
    pattern: /Setting secondary replication ID to/,
    means:
      'A replica was promoted: the history it followed becomes replid2, valid up to the offset named (one past the last byte it applied), and it goes on under a new id.',
    causes: ['REPLICAOF NO ONE'],
    set: [],
    lesson: 'promoted-replica-serves-its-siblings',
  },
  {
    title: 'Delay next BGSAVE for diskless SYNC',
    pattern: /Delay next BGSAVE for diskless SYNC/,
    means:
      'With repl-diskless-sync the master waits repl-diskless-sync-delay seconds for more replicas to share one transfer.',
    causes: ['a replica that needs a full synchronization'],
    set: ['repl-diskless-sync-delay'],
    lesson: 'delay-shared-by-two-missed-by-a-third',
  },
  {
    title: "Can't handle RDB format version",
    pattern: /Can't handle RDB format version/,
    means: 'The RDB was written by a newer Redis than the one that reads it.',
    causes: ['a master upgraded before its replicas'],
    set: ['upgrade replicas first, then fail over'],
    lesson: null,
  },
];

/** The entries that a text speaks of; the most telling first. */
export function lookUp(text: string): readonly Entry[] {
  const wanted = text.trim();
  const matching = ENTRIES.filter(({ pattern }) => pattern.test(wanted));
  if (matching.length > 0 || wanted.length < MOST_TELLING) return matching;
  const lower = wanted.toLowerCase();
  return ENTRIES.filter(({ title }) => title.toLowerCase().includes(lower));
}

/** A shorter text means nearly everything. */
const MOST_TELLING = 4;
