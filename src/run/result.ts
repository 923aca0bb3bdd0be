import type { PsyncDecision } from '../../sim/redis/replication/psync-decision.ts';
import type { Clause } from './invariants/acknowledged-writes.ts';

/** What one run of one scenario gave: the element of `run --json` (CONTRACT section 4), under its names. */
export interface RunResult {
  readonly format: 1;
  readonly psynclab: string;
  readonly scenario: string;
  readonly name: string;
  readonly case: Readonly<Record<string, string | number | boolean>> | null;
  readonly seed: string;
  readonly profile: string;
  readonly ok: boolean;
  readonly failures: readonly Failure[];
  /** The invariants that the run broke as its scenario says (`violates`), in the order in which they broke. */
  readonly violated: readonly string[];
  readonly warnings: readonly WarningResult[];
  /** How many expectations were judged; invariants, faults and triggers are beside them. */
  readonly expectations: number;
  readonly duration_ms: number;
  readonly events: number;
  readonly trace_hash: string;
  readonly decisions: readonly DecisionResult[];
  readonly attempts: readonly AttemptResult[];
  readonly replies: readonly ReplyResult[];
  readonly snapshots: readonly SnapshotResult[];
  readonly lost_writes: LostWritesResult;
  readonly convergence: ConvergenceResult;
  readonly cost: CostResult;
  readonly clients: readonly ClientResult[];
  readonly nodes: Readonly<Record<string, NodeResult>>;
}

export type FailureKind = 'expectation' | 'invariant' | 'vacuous' | 'trigger' | 'bound';

export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What was expected and what was, in words; for the reporters. */
  readonly expected?: string;
  readonly actual?: string;
  /** When it showed, in virtual milliseconds, where that is one moment. */
  readonly at_ms?: number;
}

/**
 * Acknowledged writes that whoever survived lacks, the virtual seconds from the first of them to the last, and how many
 * each clause of what Redis promises allows.
 */
export interface LostWritesResult {
  readonly count: number;
  readonly seconds: number;
  readonly explained: readonly { readonly clause: Clause; readonly count: number }[];
}

/**
 * Whether all replicas were one with their masters at the end. `missed` breaks the invariant; where something is in the
 * way for good they `cannot`, and where too little time was left it is `not-judged`.
 */
export interface ConvergenceResult {
  readonly verdict: 'reached' | 'missed' | 'cannot' | 'not-judged';
  /** Why, in words; null where it was reached. */
  readonly reason: string | null;
}

/** Something that an invariant is against and that a rule of Redis explains, which `message` names. */
export interface WarningResult {
  readonly invariant: string;
  readonly node: string;
  readonly message: string;
  readonly at_ms: number;
}

export interface DecisionResult {
  readonly at_ms: number;
  readonly replica: string | null;
  readonly master: string;
  readonly outcome: PsyncDecision['outcome'];
  readonly reason: PsyncDecision['reason'];
  readonly replid: string | null;
  readonly offset: number | null;
  readonly bytes: number;
  readonly backlog: PsyncDecision['backlog'];
  readonly missing_bytes: number;
  readonly rules: PsyncDecision['rules'];
  readonly sync: SyncResult | null;
}

export interface SyncResult {
  readonly ended: string;
  readonly took_ms: number;
  readonly rdb_bytes: number;
}

export interface AttemptResult {
  readonly at_ms: number;
  readonly replica: string;
  /** Null for an address that is no node's. */
  readonly master: string | null;
  readonly ended: string;
}

export interface ReplyResult {
  readonly at_ms: number;
  readonly on: string;
  readonly run: string;
  readonly reply: string | null;
}

export interface SnapshotResult {
  readonly at_ms: number;
  readonly nodes: Readonly<Record<string, InfoResult | 'down'>>;
}

/** INFO's own field names; numbers are numbers. */
export type InfoResult = Readonly<Record<string, string | number>>;

export type NodeResult =
  | { readonly state: 'down' }
  | { readonly state: 'up' | 'frozen'; readonly info: InfoResult; readonly digest: string };

export interface CostResult {
  readonly full_syncs: number;
  readonly full_bytes: number;
  readonly forks: number;
  readonly unreadable_ms: number;
  readonly write_gap_ms: number;
}

/** What a workload entry, a repeat or a client of `clients` did. */
export interface ClientResult {
  readonly name: string;
  readonly sent: number;
  readonly acknowledged: number;
  readonly errors: number;
  readonly retries: number;
  readonly skipped: number;
}

/** One line of the story: something that mattered, at one node or between two. */
export interface StoryEvent {
  readonly at: number;
  /** The simulation's event it happened in, by number. */
  readonly event: number;
  /** The node whose column it stands in; null for a line across all. */
  readonly node: string | null;
  readonly kind:
    | 'fault'
    | 'role'
    | 'link'
    | 'decision'
    | 'timeout'
    | 'command'
    | 'sync'
    | 'client'
    | 'log'
    | 'note';
  readonly text: string;
}

/** What is known of a run once it is over. */
export interface RunOutcome {
  readonly result: RunResult;
  /** Empty where it was not asked for. */
  readonly story: readonly StoryEvent[];
  /** The name of each replication id that a node made: `A#1` is the first of A's. */
  readonly historyNames: ReadonlyMap<string, string>;
}
