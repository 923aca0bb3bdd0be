import { causesOf, type Step } from './causes.ts';
import { type Counterfactuals, counterfactualsOf, Reruns } from './counterfactuals.ts';
import type { Decided, Evidence, Moment, SaidLine } from './evidence.ts';
import { marginsOf } from './margins.ts';
import { History } from './names.ts';
import { changedFields, type View } from './view.ts';

/** All there is to say of one decision, in the order in which it is told. */
export interface Explanation {
  readonly decided: Decided;
  /** What was asked for, in words. */
  readonly asked: string;
  /** Both lines as they went over the wire; the reply is null where none arrived. */
  readonly wire: { readonly request: string; readonly reply: string | null };
  /** What the reply means, where its number needs a word. */
  readonly replyMeans: string | null;
  /** What both servers wrote to their logs of it, word for word. */
  readonly lines: readonly SaidLine[];
  /** What the reply changed in the replica, until its link is up or has failed. */
  readonly effects: readonly Effect[];
  readonly causes: readonly Step[];
  readonly counterfactuals: Counterfactuals;
}

export interface Effect {
  readonly at: number;
  readonly node: string;
  readonly changes: readonly FieldChange[];
}

/** A field of a server and its values, histories by their names. */
export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

const NOT_LOOKED_FOR: Counterfactuals = { found: [], nothing: null };

/** Explains the decisions of one run. */
export class Explainer {
  readonly #evidence: Evidence;
  readonly #history: History;
  readonly #reruns: Reruns;

  constructor(evidence: Evidence) {
    this.#evidence = evidence;
    this.#history = new History(evidence.historyNames);
    this.#reruns = new Reruns(evidence);
  }

  /** `proven`: whether to look for what would have changed it, which takes runs. */
  explain(decided: Decided, proven = true): Explanation {
    const evidence = this.#evidence;
    const end = endOf(evidence, decided);
    const reply = replyOf(evidence, decided, end);
    return {
      decided,
      asked: askedFor(decided, this.#history),
      wire: { request: requestOf(decided), reply },
      replyMeans: meaningOf(decided, reply),
      lines: linesOf(evidence, decided, end),
      effects: effectsOf(evidence, decided, end).map(({ at, node, before, after }) => ({
        at,
        node,
        changes: changesOf(before!, after!, this.#history),
      })),
      causes: causesOf(evidence, decided),
      counterfactuals: proven ? this.#counterfactuals(decided) : NOT_LOOKED_FOR,
    };
  }

  #counterfactuals(decided: Decided): Counterfactuals {
    if (decided.record.decision.outcome !== 'partial') {
      return counterfactualsOf(this.#evidence, decided, this.#reruns);
    }
    return { found: marginsOf(decided, this.#history), nothing: null };
  }
}

/** The fields that differ, in words. */
export function changesOf(before: View, after: View, history: History): FieldChange[] {
  return changedFields(before, after).map((field) => ({
    field,
    before: valueText(field, before, history),
    after: valueText(field, after, history),
  }));
}

function valueText(field: keyof View, view: View, history: History): string {
  switch (field) {
    case 'replid':
    case 'replid2':
      return history.name(view[field]);
    case 'cached_master':
      return view.cached_master === null
        ? 'none'
        : `${history.name(view.cached_master.replid)} up to ${view.cached_master.reploff}`;
    case 'slaves':
      return view.slaves.length === 0 ? 'none' : view.slaves.join(', ');
    default:
      return String(view[field] ?? 'none');
  }
}

function askedFor({ record, replica }: Decided, history: History): string {
  const { replid, offset } = record.decision;
  const who = replica ?? 'a client';
  if (replid === null) return `${who} asks with the old SYNC: everything, whatever it has`;
  if (replid.startsWith('?')) return `${who} has no history to continue and asks for everything`;
  if (offset === null) return `${who} asks to continue ${history.name(replid)} at no number`;
  return (
    `${who} has ${history.name(replid)} up to byte ${offset - 1} and asks for the rest: ` +
    `the next byte it wants is ${offset}`
  );
}

function requestOf({ record }: Decided): string {
  const { replid, offset } = record.decision;
  return replid === null ? 'SYNC' : `PSYNC ${replid} ${offset ?? '(no number)'}`;
}

/** The event at which the replica's attempt is over: its link is up, or it failed; null where it never was. */
function endOf({ moments }: Evidence, { replica, event }: Decided): Moment | null {
  return (
    moments.find(
      ({ node, event: when, before, after }) =>
        node === replica &&
        when > event &&
        (after === null || (before?.repl_state !== after.repl_state && OVER.test(after.repl_state))),
    ) ?? null
  );
}

const OVER = /^(NONE|CONNECT|CONNECTING|CONNECTED)$/;

/** The replica's log tells which reply it read; without one in it, none arrived. */
function replyOf(evidence: Evidence, decided: Decided, end: Moment | null): string | null {
  const { replica, record, event } = decided;
  const { outcome } = record.decision;
  if (outcome === 'partial') {
    const arrived = end?.after?.repl_state === 'CONNECTED';
    return replica === null || arrived ? `+CONTINUE ${decided.masterView.replid}` : null;
  }
  if (replica === null) return clientReply(evidence, decided);
  for (const { node, text, event: when } of evidence.lines) {
    if (node !== replica || when < event || (end !== null && when > end.event)) continue;
    const full = /^Full resync from master: (\w+):(-?\d+)$/.exec(text);
    if (full !== null) return `+FULLRESYNC ${full[1]} ${full[2]}`;
    const error = outcome === 'refused' ? errorIn(text) : null;
    if (error !== null) return error;
  }
  return null;
}

/** The error reply that a replica's line quotes. */
function errorIn(text: string): string | null {
  const toPsync =
    /^(?:Master is currently unable to PSYNC|Unexpected reply to PSYNC|Master does not support PSYNC).*?(-[A-Z]+ .*?)\)?$/.exec(
      text,
    );
  if (toPsync !== null) return toPsync[1]!;
  const toSync = /^MASTER aborted replication with an error: (.*)$/.exec(text);
  return toSync === null ? null : `-${toSync[1]}`;
}

function clientReply({ result }: Evidence, { at }: Decided): string | null {
  const asked = result.replies.findLast(({ at_ms, run }) => at_ms * 1000 <= at && /^\s*p?sync\b/i.test(run));
  return asked?.reply ?? null;
}

function meaningOf({ record }: Decided, reply: string | null): string | null {
  const full = reply === null ? null : /^\+FULLRESYNC \w+ (-?\d+)$/.exec(reply);
  if (full !== null) return `${full[1]} is the last byte that the RDB includes`;
  const { outcome, bytes, offset } = record.decision;
  if (outcome !== 'partial') return null;
  return bytes === 0 ? 'nothing was missed' : `bytes ${offset} to ${offset! + bytes - 1} follow`;
}

/** The master's lines of the event itself, and the replica's of the whole attempt. */
function linesOf({ lines }: Evidence, { replica, master, event }: Decided, end: Moment | null): SaidLine[] {
  const started = lines.findLast(
    ({ node, event: when, text }) =>
      node === replica && when <= event && text.startsWith('MASTER <-> REPLICA sync started'),
  );
  const from = started?.event ?? event;
  const until = end?.event ?? Number.POSITIVE_INFINITY;
  return lines.filter(
    ({ node, event: when, level }) =>
      level !== 'debug' &&
      level !== 'verbose' &&
      ((node === master && when === event) || (node === replica && when >= from && when <= until)),
  );
}

/** What changed in the replica from the reply on. */
function effectsOf({ moments }: Evidence, { replica, event }: Decided, end: Moment | null): Moment[] {
  const until = end?.event ?? event;
  return moments.filter(
    ({ node, event: when, before, after }) =>
      node === replica && when > event && when <= until && before !== null && after !== null,
  );
}
