import { getLongLong } from '../commands/numbers.ts';

/**
 * The decision on which replication turns: may this replica continue where it stopped?
 *
 * `decidePsync` is pure. It asks what masterTryPartialResynchronization asks, in that order, and keeps every
 * question with both values and the answer: the server acts on the outcome, the explanations print the rest.
 */

/** What a server answers to PSYNC or SYNC (CONTRACT section 2). */
export type PsyncReason = PartialReason | FullReason | RefusedReason;
export type PartialReason = 'replid' | 'replid2';
export type FullReason =
  | 'forced'
  | 'replid-mismatch'
  | 'replid2-offset'
  | 'no-backlog'
  | 'backlog-overwritten'
  | 'offset-ahead'
  | 'bad-offset'
  | 'sync';
export type RefusedReason =
  | 'nomasterlink'
  | 'loading'
  | 'masterdown'
  | 'busy'
  | 'noauth'
  | 'pending-output'
  | 'bad-offset';

export interface PsyncRule {
  readonly rule: string;
  readonly left: string | number;
  readonly op: '==' | '!=' | '<=' | '>=' | '<' | '>' | 'is';
  readonly right: string | number;
  readonly holds: boolean;
  /** The C function that asks it. */
  readonly source: string;
}

export interface PsyncDecision {
  readonly outcome: 'partial' | 'full' | 'refused';
  readonly reason: PsyncReason;
  /** The request's replication id; null for SYNC. */
  readonly replid: string | null;
  /** The first byte the replica wants; -1 if forced, null for SYNC and where it is no number. */
  readonly offset: number | null;
  /** Bytes of backlog a partial answer sends. */
  readonly bytes: number;
  /** `repl_backlog_off` and the offset of the next byte to come; null without a backlog. */
  readonly backlog: { readonly first: number; readonly next: number } | null;
  /** How far outside the backlog the request lies, in bytes. */
  readonly missingBytes: number;
  readonly rules: readonly PsyncRule[];
}

/** The fields of the server on which the decision depends, as Redis names them. */
export interface PsyncState {
  readonly replid: string;
  readonly replid2: string;
  readonly secondReplidOffset: number;
  readonly masterReplOffset: number;
  readonly replBacklogActive: boolean;
  readonly replBacklogOff: number;
  readonly replBacklogHistlen: number;
}

/** PSYNC's two arguments as they came, or the old SYNC. */
export type PsyncRequest = { readonly replid: string; readonly offset: string } | 'SYNC';

const SOURCE = 'masterTryPartialResynchronization';

/** Decides a PSYNC that passed syncCommand's guards. */
export function decidePsync(state: PsyncState, request: PsyncRequest): PsyncDecision {
  const backlog = state.replBacklogActive
    ? { first: state.replBacklogOff, next: state.masterReplOffset + 1 }
    : null;
  const rules: PsyncRule[] = [];
  const ask = (
    rule: string,
    left: string | number,
    op: PsyncRule['op'],
    right: string | number,
    holds: boolean,
  ): boolean => {
    rules.push({ rule, left, op, right, holds, source: SOURCE });
    return holds;
  };
  const decision = (
    outcome: PsyncDecision['outcome'],
    reason: PsyncReason,
    replid: string | null,
    offset: number | null,
    bytes = 0,
    missingBytes = 0,
  ): PsyncDecision => ({ outcome, reason, replid, offset, bytes, backlog, missingBytes, rules });

  if (request === 'SYNC') {
    rules.push({
      rule: 'the command is PSYNC',
      left: 'SYNC',
      op: '==',
      right: 'PSYNC',
      holds: false,
      source: 'syncCommand',
    });
    return decision('full', 'sync', null, null);
  }

  const { replid } = request;
  const offset = getLongLong(request.offset);
  if (!ask('offset is a number', request.offset, 'is', 'a 64-bit integer', offset !== undefined)) {
    return decision('full', 'bad-offset', replid, null);
  }
  const wanted = offset!;

  const isReplid = ask('id is replid', replid, '==', state.replid, sameId(replid, state.replid));
  if (!isReplid) {
    const isReplid2 = ask('id is replid2', replid, '==', state.replid2, sameId(replid, state.replid2));
    if (!isReplid2) {
      if (ask('id is ?', replid.slice(0, 1), '==', '?', replid.startsWith('?'))) {
        return decision('full', 'forced', replid, wanted);
      }
      return decision('full', 'replid-mismatch', replid, wanted);
    }
    const within = wanted <= state.secondReplidOffset;
    if (!ask('offset is within replid2', wanted, '<=', state.secondReplidOffset, within)) {
      return decision('full', 'replid2-offset', replid, wanted);
    }
  }

  if (
    !ask('a backlog exists', backlog === null ? 'none' : 'allocated', 'is', 'allocated', backlog !== null)
  ) {
    return decision('full', 'no-backlog', replid, wanted);
  }
  const first = state.replBacklogOff;
  if (!ask('offset is not before the backlog', wanted, '>=', first, wanted >= first)) {
    return decision('full', 'backlog-overwritten', replid, wanted, 0, first - wanted);
  }
  const next = first + state.replBacklogHistlen;
  if (!ask('offset is not beyond the backlog', wanted, '<=', next, wanted <= next)) {
    return decision('full', 'offset-ahead', replid, wanted, 0, wanted - next);
  }
  return decision('partial', isReplid ? 'replid' : 'replid2', replid, wanted, next - wanted);
}

/** A request that was answered with an error before any rule of PSYNC was asked. */
export function refusedPsync(
  reason: RefusedReason,
  state: PsyncState,
  request: PsyncRequest,
  rule: Omit<PsyncRule, 'holds'>,
): PsyncDecision {
  const offset = request === 'SYNC' ? null : (getLongLong(request.offset) ?? null);
  return {
    outcome: 'refused',
    reason,
    replid: request === 'SYNC' ? null : request.replid,
    offset,
    bytes: 0,
    backlog: state.replBacklogActive
      ? { first: state.replBacklogOff, next: state.masterReplOffset + 1 }
      : null,
    missingBytes: 0,
    rules: [{ ...rule, holds: false }],
  };
}

/** Two replication ids compared as strcasecmp does. */
function sameId(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}
