/**
 * What a run left behind for those who look at it: the one thing that reports and the page know of it. Plain
 * data, in tables of columns, so that a hundred thousand events stay small and are read at once.
 *
 * A moment is one event of the simulation in which something happened that is worth seeing; everything else
 * says at which moment it stands, by number. Times are virtual microseconds, sizes and offsets bytes, nodes
 * numbers into `nodes`, texts numbers into `texts`.
 */
export interface Trace {
  readonly format: 1;
  readonly psynclab: string;
  readonly run: TraceRun;
  readonly duration: number;
  readonly verdict: TraceVerdict;
  readonly cost: TraceCost;
  readonly nodes: readonly TraceNode[];
  /** The name of each replication id that a node made: `A#1` is the first of A's. */
  readonly histories: readonly TraceHistory[];
  readonly texts: readonly string[];
  /** Rising. */
  readonly moments: { readonly at: readonly number[]; readonly event: readonly number[] };
  readonly entries: EntryTable;
  /** By node: what each field of its state was, from when on. */
  readonly states: readonly (readonly FieldHistory[])[];
  readonly cuts: readonly Cut[];
  readonly decisions: readonly TraceDecision[];
  /** Fields of INFO at the end, null for a node that is down. */
  readonly final: readonly (Readonly<Record<string, string | number>> | null)[];
}

/** Which run it is. */
export interface TraceRun {
  /** The file as it was given. */
  readonly scenario: string;
  readonly name: string;
  /** What the scenario says of itself: Markdown, may be empty. */
  readonly about: string;
  /** `a=1, b=2`, empty for a scenario without cases. */
  readonly case: string;
  readonly seed: string;
  readonly profile: string;
  /** The command that plays it again. */
  readonly repeat: string;
}

export interface TraceVerdict {
  readonly ok: boolean;
  /** How many expectations were judged. */
  readonly expectations: number;
  readonly failures: readonly TraceFailure[];
}

/** What the run cost its users. Times are microseconds. */
export interface TraceCost {
  readonly fullSyncs: number;
  /** Bytes of RDB sent. */
  readonly fullBytes: number;
  readonly forks: number;
  /** How long processes that were up could not serve a read, together. */
  readonly unreadable: number;
  /** The longest time in which no write was acknowledged. */
  readonly writeGap: number;
  readonly lostWrites: number;
}

export interface TraceFailure {
  readonly kind: string;
  readonly message: string;
  readonly line: number;
  /** Null where it is no one moment. */
  readonly at: number | null;
}

export interface TraceNode {
  readonly name: string;
  readonly profile: string;
}

export interface TraceHistory {
  readonly replid: string;
  readonly name: string;
}

/**
 * Kinds of entries. The first group are messages between two hosts, named by what they carry; `request` and
 * `answer` go between a client and a node. `line` is a line of a server's log, word for word; the rest are the
 * story's own kinds.
 */
export const MESSAGE_KINDS = [
  'connect',
  'close',
  'handshake',
  'psync',
  'rdb',
  'stream',
  'ping',
  'ack',
  'request',
  'answer',
] as const;
/** What the story tells of. */
export const STORY_KINDS = [
  'fault',
  'role',
  'link',
  'decision',
  'timeout',
  'command',
  'sync',
  'client',
  'log',
  'note',
] as const;
export const HAPPENING_KINDS = ['line', ...STORY_KINDS] as const;
export const ENTRY_KINDS = [...MESSAGE_KINDS, ...HAPPENING_KINDS] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** No node: a client beside one, or, of a happening, all nodes. */
export const NO_NODE = -1;
/** `arrival` of a message that was lost, of one still under way at the end, and of what is no message. */
export const LOST = -1;
export const UNDER_WAY = -2;
export const NO_ARRIVAL = -3;

/** What happened, in order: columns of one length. */
export interface EntryTable {
  /** When: of a message, when it was sent. */
  readonly moment: readonly number[];
  /** A number into ENTRY_KINDS. */
  readonly kind: readonly number[];
  /** The sender of a message, or the node it happened at. */
  readonly node: readonly number[];
  /** The receiver of a message; NO_NODE for anything else. */
  readonly peer: readonly number[];
  /** The moment of a message's arrival, or LOST, UNDER_WAY, NO_ARRIVAL. */
  readonly arrival: readonly number[];
  /** Bytes of a message; 0 for anything else. */
  readonly bytes: readonly number[];
  readonly text: readonly number[];
}

export type FieldValue = string | number | null;

/**
 * A field of one node and the values it had: `value[i]` from `moment[i]` on, and none before the first. Fields
 * have Redis's names (FIELDS); those of a master's replicas are `slave B state`, `slave B offset`
 * (the last one it acknowledged) and `slave B ack time` (when it did, in virtual microseconds).
 * Null means that the server has no such thing then; replication ids are given whole.
 */
export interface FieldHistory {
  readonly field: string;
  readonly moment: readonly number[];
  readonly value: readonly FieldValue[];
}

/** The fields of a node, in the order in which they are shown. */
export const FIELDS = [
  /** `up`, `frozen` or `down`; while it is down the other fields are null. */
  'process',
  /** The node it replicates, or an address; null for a master. */
  'masterhost',
  'repl_state',
  /** When it last heard from its master, in virtual microseconds; it looks at its clock in whole seconds. */
  'master last interaction',
  'replid',
  'replid2',
  'second_replid_offset',
  'master_repl_offset',
  'repl_backlog_size',
  'repl_backlog_off',
  'repl_backlog_histlen',
  /** The write position in the ring; null in versions that have none. */
  'repl_backlog_idx',
  'cached_master replid',
  'cached_master reploff',
] as const;
export type Field = (typeof FIELDS)[number];

/** One direction between two nodes in which packets vanished: from `begin` to `end`, null for the rest of the run. */
export interface Cut {
  readonly from: number;
  readonly to: number;
  readonly begin: number;
  readonly end: number | null;
}

/** A PSYNC or SYNC, from the question to what would have changed the answer. */
export interface TraceDecision {
  /** Counted from 1, as `explain --decision` does. */
  readonly number: number;
  readonly moment: number;
  readonly at: number;
  /** NO_NODE where the request came from a client. */
  readonly replica: number;
  readonly master: number;
  readonly outcome: 'partial' | 'full' | 'refused';
  readonly reason: string;
  /** What was asked for, in words. */
  readonly asked: string;
  /** The id asked for, whole; `?` if forced, null for SYNC. */
  readonly replid: string | null;
  /** The next byte wanted; -1 if forced, null without a number. */
  readonly offset: number | null;
  /** Bytes that a partial answer sends. */
  readonly bytes: number;
  /** The first byte of the backlog and the next one to come; null without one. */
  readonly backlog: { readonly first: number; readonly next: number } | null;
  /** How far outside the backlog the request lies. */
  readonly missingBytes: number;
  readonly rules: readonly TraceRule[];
  /** The lines as they went over the wire; no reply where none arrived. */
  readonly wire: { readonly request: string; readonly reply: string | null };
  readonly replyMeans: string | null;
  /** What the replica did with the reply. */
  readonly effects: readonly TraceEffect[];
  readonly causes: readonly TraceLine[];
  /** What would have changed the decision, each proven by a run; or why nothing would. */
  readonly counterfactuals: readonly { readonly change: string; readonly decision: string }[];
  readonly nothing: string | null;
  /** Both servers' log lines of it, word for word. */
  readonly lines: readonly TraceLine[];
  readonly sync: { readonly ended: string; readonly took: number; readonly rdbBytes: number } | null;
}

export interface TraceRule {
  readonly rule: string;
  /** Both values in words, ids by their names. */
  readonly left: string;
  readonly op: string;
  readonly right: string;
  readonly holds: boolean;
  /** The C function that asks it, and where it is explained. */
  readonly source: string;
  readonly section: string;
}

export interface TraceEffect {
  readonly at: number;
  readonly node: number;
  readonly changes: readonly { readonly field: string; readonly before: string; readonly after: string }[];
}

export interface TraceLine {
  readonly at: number;
  /** NO_NODE for what happened between nodes. */
  readonly node: number;
  readonly text: string;
}
