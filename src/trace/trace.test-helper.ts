import {
  ENTRY_KINDS,
  type EntryKind,
  type EntryTable,
  FIELDS,
  type FieldHistory,
  type FieldValue,
  NO_ARRIVAL,
  NO_NODE,
  type Trace,
  type TraceDecision,
} from './trace.ts';

/**
 * Traces made by hand, for the tests of whatever shows them: what stands here was never played, only its shape is
 * that of a real one.
 */

export const A1 = 'a1'.repeat(20);
export const B1 = 'b1'.repeat(20);
export const B2 = 'b2'.repeat(20);
export const C1 = 'c1'.repeat(20);
export const NO_ID = '0'.repeat(40);

/** One entry before it is put into columns; `arrival` is that of a message. */
export interface HandEntry {
  readonly moment: number;
  readonly kind: EntryKind;
  readonly node: number;
  readonly peer?: number;
  readonly arrival?: number;
  readonly bytes?: number;
  readonly text: string;
}

/** Puts entries into columns, and their texts into a table. */
export function entryTable(entries: readonly HandEntry[]): { entries: EntryTable; texts: string[] } {
  const texts = [...new Set(entries.map(({ text }) => text))];
  return {
    texts,
    entries: {
      moment: entries.map(({ moment }) => moment),
      kind: entries.map(({ kind }) => ENTRY_KINDS.indexOf(kind)),
      node: entries.map(({ node }) => node),
      peer: entries.map(({ peer }) => peer ?? NO_NODE),
      arrival: entries.map(({ arrival }) => arrival ?? NO_ARRIVAL),
      bytes: entries.map(({ bytes }) => bytes ?? 0),
      text: entries.map(({ text }) => texts.indexOf(text)),
    },
  };
}

/** A node's fields from what changed at each moment. */
export function fieldHistories(
  changes: readonly (readonly [moment: number, fields: Readonly<Record<string, FieldValue>>])[],
): FieldHistory[] {
  const names = [...new Set(changes.flatMap(([, fields]) => Object.keys(fields)))];
  const rank = (name: string): number => (FIELDS as readonly string[]).indexOf(name) >>> 0;
  return names
    .sort((a, b) => rank(a) - rank(b))
    .map((field) => {
      const own = changes.filter(([, fields]) => field in fields);
      return {
        field,
        moment: own.map(([moment]) => moment),
        value: own.map(([, fields]) => fields[field]!),
      };
    });
}

/** A process that is up, a master without a backlog; to be changed where it is another. */
export function upFields(
  replid: string,
  more: Readonly<Record<string, FieldValue>> = {},
): Record<string, FieldValue> {
  return {
    process: 'up',
    masterhost: null,
    repl_state: 'NONE',
    'master last interaction': null,
    replid,
    replid2: NO_ID,
    second_replid_offset: -1,
    master_repl_offset: 0,
    repl_backlog_size: null,
    repl_backlog_off: 0,
    repl_backlog_histlen: 0,
    repl_backlog_idx: null,
    'cached_master replid': null,
    'cached_master reploff': null,
    ...more,
  };
}

/** A backlog that begins at `first` and whose next byte is `next`. */
export function backlogFields(first: number, next: number, size = 1_048_576): Record<string, FieldValue> {
  return {
    master_repl_offset: next - 1,
    repl_backlog_size: size,
    repl_backlog_off: first,
    repl_backlog_histlen: next - first,
    repl_backlog_idx: (next - 1) % size,
  };
}

/** A decision of a full synchronization for want of backlog, to be changed where it is another. */
export function handDecision(more: Partial<TraceDecision> = {}): TraceDecision {
  return {
    number: 1,
    moment: 3,
    at: 3_000_000,
    replica: 1,
    master: 0,
    outcome: 'full',
    reason: 'backlog-overwritten',
    asked: 'B has A#1 up to byte 50 and asks for the rest: the next byte it wants is 51',
    replid: A1,
    offset: 51,
    bytes: 0,
    backlog: { first: 552, next: 2052 },
    missingBytes: 501,
    rules: [
      {
        rule: 'id is replid',
        left: 'A#1',
        op: '==',
        right: 'A#1',
        holds: true,
        source: 'masterTryPartialResynchronization',
        section: 'replication.c, seed 3.3.6',
      },
      {
        rule: 'offset is not before the backlog',
        left: '51',
        op: '>=',
        right: '552',
        holds: false,
        source: 'masterTryPartialResynchronization',
        section: 'replication.c, seed 3.3.6',
      },
    ],
    wire: { request: `PSYNC ${A1} 51`, reply: `+FULLRESYNC ${A1} 2051` },
    replyMeans: '2051 is the last byte that the RDB includes',
    effects: [
      {
        at: 3_001_000,
        node: 1,
        changes: [{ field: 'repl_state', before: 'RECEIVE_PSYNC', after: 'TRANSFER' }],
      },
    ],
    causes: [
      { at: 2_000_000, node: NO_NODE, text: 'reset A <-> B' },
      { at: 2_000_000, node: 1, text: 'it loses its link to A, having applied byte 50' },
    ],
    counterfactuals: [
      { change: 'A.repl-backlog-size of at least 2001 bytes (it was 1500)', decision: 'partial/replid' },
    ],
    nothing: null,
    lines: [
      { at: 3_000_000, node: 1, text: `Trying a partial resynchronization (request ${A1}:51).` },
      { at: 3_000_000, node: 0, text: 'Replica 10.0.0.2:6379 asks for synchronization' },
    ],
    sync: { ended: 'online', took: 95_317, rdbBytes: 16_723 },
    ...more,
  };
}

/**
 * A master A and its replicas B and C: the link to B is reset, A writes over what B will want, and B has to start
 * over. C keeps its link and is promoted at the end.
 */
export function handTrace(more: Partial<Trace> = {}): Trace {
  const { entries, texts } = entryTable([
    { moment: 0, kind: 'role', node: 0, text: 'starts as a master' },
    { moment: 0, kind: 'role', node: 1, text: 'starts as a replica of A' },
    { moment: 1, kind: 'stream', node: 0, peer: 2, arrival: 2, bytes: 50, text: '' },
    { moment: 2, kind: 'fault', node: NO_NODE, text: 'reset A <-> B' },
    { moment: 2, kind: 'link', node: 1, text: 'link to A is down (offset 50)' },
    { moment: 2, kind: 'command', node: 0, text: 'SET k {bytes:2000}' },
    { moment: 3, kind: 'psync', node: 1, peer: 0, arrival: 3, bytes: 90, text: `PSYNC ${A1} 51` },
    { moment: 3, kind: 'line', node: 0, text: 'Replica 10.0.0.2:6379 asks for synchronization' },
    {
      moment: 3,
      kind: 'decision',
      node: 0,
      text: 'B asks PSYNC A#1 51: full/backlog-overwritten (backlog 552..2051, 501 bytes missing)',
    },
    { moment: 3, kind: 'rdb', node: 0, peer: 1, arrival: 4, bytes: 16_723, text: '' },
    { moment: 4, kind: 'link', node: 1, text: 'link to A is up (offset 2051)' },
    { moment: 5, kind: 'command', node: 2, text: 'REPLICAOF NO ONE' },
    { moment: 5, kind: 'role', node: 2, text: 'becomes a master' },
  ]);
  return {
    format: 1,
    psynclab: '0.0.0',
    run: {
      scenario: 'scenarios/03-backlog/by-hand.yaml',
      name: 'A backlog that is overwritten',
      about: 'B is away while A writes.\n\nIt *cannot* continue.\n',
      case: '',
      seed: '1',
      profile: 'redis-5.0',
      repeat: 'npx psynclab run scenarios/03-backlog/by-hand.yaml --seed 1',
    },
    duration: 6_000_000,
    verdict: { ok: true, expectations: 2, failures: [] },
    cost: { fullSyncs: 1, fullBytes: 16_723, forks: 1, unreadable: 1000, writeGap: 0, lostWrites: 0 },
    nodes: ['A', 'B', 'C'].map((name) => ({ name, profile: 'redis-5.0' })),
    histories: [
      { replid: A1, name: 'A#1' },
      { replid: B1, name: 'B#1' },
      { replid: C1, name: 'C#1' },
      { replid: B2, name: 'C#2' },
    ],
    texts,
    moments: {
      at: [0, 1_000_000, 2_000_000, 3_000_000, 3_100_000, 5_000_000],
      event: [0, 10, 20, 30, 40, 50],
    },
    entries,
    states: [
      fieldHistories([
        [0, upFields(A1)],
        [1, backlogFields(1, 51, 1500)],
        [2, backlogFields(552, 2052, 1500)],
      ]),
      fieldHistories([
        [0, upFields(B1, { masterhost: 'A', repl_state: 'CONNECTED' })],
        [1, { replid: A1, ...backlogFields(1, 51) }],
        [2, { repl_state: 'CONNECT', 'cached_master replid': A1, 'cached_master reploff': 50 }],
        [4, { repl_state: 'CONNECTED', ...backlogFields(2052, 2052), 'cached_master replid': null }],
      ]),
      fieldHistories([
        [0, upFields(C1, { masterhost: 'A', repl_state: 'CONNECTED' })],
        [1, { replid: A1, ...backlogFields(1, 51) }],
        [2, backlogFields(1, 2052)],
        [5, { masterhost: null, repl_state: 'NONE', replid: B2, replid2: A1, second_replid_offset: 2052 }],
      ]),
    ],
    cuts: [{ from: 0, to: 1, begin: 2_000_000, end: 2_500_000 }],
    decisions: [handDecision()],
    final: [
      { role: 'master', connected_slaves: 1, master_replid: A1, master_repl_offset: 2051 },
      { role: 'slave', master_host: '10.0.0.1', master_link_status: 'up', slave_repl_offset: 2051 },
      null,
    ],
    ...more,
  };
}
