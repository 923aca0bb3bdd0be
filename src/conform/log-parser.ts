import type { SeenDecision } from './observation.ts';
import type { LogLine } from './server-process.ts';

/** A line and the time since the scenario began. */
export interface TimedLine extends LogLine {
  readonly at_ms: number;
}

/** Which node an address means; null for one that is none's. */
export type NodeAt = (address: string) => string | null;

const ASKS = /^Replica (.+) asks for synchronization$/;
const PARTIAL =
  /^Partial resynchronization request from .* accepted\. Sending (\d+) bytes of backlog starting from offset (-?\d+)\.$/;
const MISMATCH = /^Partial resynchronization not accepted: Replication ID mismatch/;
const SECOND = /^Partial resynchronization not accepted: Requested offset for second ID was (-?\d+)/;
const FORCED = /^Full resync requested by replica /;
const LACK =
  /^Unable to partial resync with replica .* for lack of backlog \(Replica request was: (-?\d+)\)\.$/;
const WRONG_OFFSET = /^Replica .+ asks for synchronization but with a wrong offset$/;
const AHEAD = /^Warning: replica .* tried to PSYNC with an offset that is greater/;

interface Draft {
  readonly at_ms: number;
  readonly replica: string | null;
  readonly master: string;
  outcome: string;
  reason: string | null;
  offset: number | null;
  bytes: number | null;
}

/**
 * The decisions that a master's log tells of. A request of a replica is answered within one event, so all that
 * is said until the next request belongs to it; where nothing is said, it was the old SYNC, or an offset that
 * is no number.
 */
export function decisionsInMasterLog(
  master: string,
  lines: readonly TimedLine[],
  nodeAt: NodeAt,
): SeenDecision[] {
  const decisions: Draft[] = [];
  for (const { at_ms, message } of lines) {
    const asks = ASKS.exec(message);
    if (asks !== null) {
      const replica = nodeAt(asks[1]!);
      decisions.push({ at_ms, replica, master, outcome: 'full', reason: 'unlogged', offset: null, bytes: 0 });
      continue;
    }
    const last = decisions.at(-1);
    if (last !== undefined) tell(last, message);
  }
  return decisions;
}

function tell(decision: Draft, message: string): void {
  const partial = PARTIAL.exec(message);
  if (partial !== null) {
    Object.assign(decision, {
      outcome: 'partial',
      reason: null,
      bytes: Number(partial[1]),
      offset: Number(partial[2]),
    });
    return;
  }
  const lack = LACK.exec(message);
  const second = SECOND.exec(message);
  if (WRONG_OFFSET.test(message)) Object.assign(decision, { outcome: 'refused', reason: 'bad-offset' });
  else if (MISMATCH.test(message)) decision.reason = 'replid-mismatch';
  else if (FORCED.test(message)) decision.reason = 'forced';
  else if (AHEAD.test(message)) decision.reason = 'offset-ahead';
  else if (second !== null) Object.assign(decision, { reason: 'replid2-offset', offset: Number(second[1]) });
  else if (lack !== null) Object.assign(decision, { reason: 'lack-of-backlog', offset: Number(lack[1]) });
}

const CONNECTING = /^Connecting to MASTER (\S+)$/;
const TRYING = /^Trying a partial resynchronization \(request [0-9a-f?]+:(-?\d+)\)\.$/;
const NO_CACHED = /^Partial resynchronization not possible \(no cached master\)$/;
const REFUSED =
  /^(?:Master is currently unable to PSYNC but should be in the future: |Unexpected reply to PSYNC from master: |Master does not support PSYNC or is in error state \(reply: )-(.*?)\)?$/;
const RETRYING = /^Retrying with SYNC\.\.\.$/;
const SYNC_REFUSED = /^MASTER aborted replication with an error: (.*)$/;
const CHANGED = /^Master replication ID changed to /;
const FULL = /^Full resync from master: [0-9a-f]+:(-?\d+)$/;
const CONTINUED = /^Successful partial resynchronization with master\.$/;

const REFUSALS: readonly (readonly [begin: string, reason: string])[] = [
  ['NOMASTERLINK', 'nomasterlink'],
  ['LOADING', 'loading'],
  ['MASTERDOWN', 'masterdown'],
  ['BUSY', 'busy'],
  ['NOAUTH', 'noauth'],
  ['ERR SYNC and PSYNC are invalid with pending output', 'pending-output'],
];

/** What a replica's log adds: refusals, of which a master's log says nothing, and which id let it go on. */
export interface ReplicaStory {
  readonly refusals: readonly SeenDecision[];
  /** Partial resynchronizations as the replica saw them, in order: by whom, and whether the id changed. */
  readonly continued: readonly {
    readonly at_ms: number;
    readonly master: string;
    readonly changed: boolean;
  }[];
  /** Full resynchronizations as the replica saw them begin, and the offset it was given. */
  readonly fulls: readonly { readonly at_ms: number; readonly master: string; readonly offset: number }[];
  /** When it sent the old SYNC, and to whom. */
  readonly retries: readonly { readonly at_ms: number; readonly master: string }[];
}

export function storyInReplicaLog(
  replica: string,
  lines: readonly TimedLine[],
  nodeAt: NodeAt,
): ReplicaStory {
  const refusals: SeenDecision[] = [];
  const continued: { at_ms: number; master: string; changed: boolean }[] = [];
  const fulls: { at_ms: number; master: string; offset: number }[] = [];
  const retries: { at_ms: number; master: string }[] = [];
  let master: string | null = null;
  let offset: number | null = null;
  for (const { at_ms, message } of lines) {
    const connecting = CONNECTING.exec(message);
    const trying = TRYING.exec(message);
    const full = FULL.exec(message);
    const refused = REFUSED.exec(message) ?? SYNC_REFUSED.exec(message);
    if (connecting !== null) master = nodeAt(connecting[1]!);
    else if (trying !== null) offset = Number(trying[1]);
    else if (NO_CACHED.test(message)) offset = -1;
    else if (full !== null && master !== null) fulls.push({ at_ms, master, offset: Number(full[1]) });
    else if (RETRYING.test(message) && master !== null) retries.push({ at_ms, master });
    else if (CONTINUED.test(message) && master !== null) continued.push({ at_ms, master, changed: false });
    else if (CHANGED.test(message) && continued.length > 0) continued.at(-1)!.changed = true;
    else if (refused !== null && master !== null) {
      const reason = REFUSALS.find(([begin]) => refused[1]!.startsWith(begin))?.[1];
      if (reason !== undefined) {
        refusals.push({ at_ms, replica, master, outcome: 'refused', reason, offset, bytes: 0 });
      }
    }
  }
  return { refusals, continued, fulls, retries };
}

/** How long after the master's line the replica's may come, and what clocks read in milliseconds may differ. */
const ANSWER_MS = 2_000;

/** The decisions of all links, from everybody's log, in order of time. */
export function decisionsInLogs(
  logs: Readonly<Record<string, readonly TimedLine[]>>,
  nodeAt: NodeAt,
): SeenDecision[] {
  const names = Object.keys(logs);
  const decisions = names.flatMap((name) => decisionsInMasterLog(name, logs[name]!, nodeAt));
  for (const name of names) {
    const { refusals, continued, fulls, retries } = storyInReplicaLog(name, logs[name]!, nodeAt);
    decisions.push(...refusals);
    for (const retry of retries) nameWhoSynced(name, retry, decisions);
    for (const decision of decisions) {
      if (decision.replica === name && decision.reason === 'offset-ahead') tellAheadFromLack(decision, fulls);
    }
    const partials = decisions.filter(({ replica, outcome }) => replica === name && outcome === 'partial');
    for (const { at_ms, master, changed } of continued) {
      const decision = partials.find(
        (one) =>
          one.master === master &&
          one.reason === null &&
          at_ms >= one.at_ms - 1 &&
          at_ms - one.at_ms <= ANSWER_MS,
      );
      if (decision !== undefined) Object.assign(decision, { reason: changed ? 'replid2' : 'replid' });
    }
  }
  return decisions.sort((a, b) => a.at_ms - b.at_ms);
}

/** A master that refused everything before the SYNC never learnt who asks. The replica's log says that it did. */
function nameWhoSynced(
  replica: string,
  { at_ms, master }: ReplicaStory['retries'][number],
  decisions: readonly SeenDecision[],
): void {
  const decision = decisions.find(
    (one) =>
      one.replica === null &&
      one.reason === 'unlogged' &&
      one.master === master &&
      one.at_ms >= at_ms - 1 &&
      one.at_ms - at_ms <= ANSWER_MS,
  );
  if (decision !== undefined) Object.assign(decision, { replica });
}

/**
 * A master without a backlog warns of an offset ahead of its own too, where the replica asks for the very next
 * byte. What offset it has itself stands in the replica's log: at once, or, where a diskless transfer was waited
 * for, once more was written. Then nobody can tell.
 */
function tellAheadFromLack(decision: SeenDecision, fulls: ReplicaStory['fulls']): void {
  const answer = fulls.find(({ at_ms, master }) => master === decision.master && at_ms >= decision.at_ms - 1);
  if (answer === undefined || decision.offset === null || decision.offset > answer.offset + 1) return;
  Object.assign(decision, { reason: decision.offset === answer.offset + 1 ? 'lack-of-backlog' : null });
}

const READY = /ready to accept connections/i;

/** When each server was ready for the first time. */
export function bootsInLogs(logs: Readonly<Record<string, readonly TimedLine[]>>): Record<string, number> {
  const boots = Object.entries(logs).map(([name, lines]): [string, number | undefined] => [
    name,
    lines.find(({ message }) => READY.test(message))?.at_ms,
  ]);
  return Object.fromEntries(boots.filter((one): one is [string, number] => one[1] !== undefined));
}
