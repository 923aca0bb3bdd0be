import { nameIds } from '../trace/ids.ts';
import {
  ENTRY_KINDS,
  type EntryKind,
  HAPPENING_KINDS,
  NO_NODE,
  STORY_KINDS,
  type Trace,
} from '../trace/trace.ts';

/** One thing that happened in a run, in words that mean the same in another one: nodes and histories by name. */
export interface Step {
  /** Virtual microseconds. */
  readonly at: number;
  readonly kind: EntryKind;
  /** Null for a client, or for what happened between nodes. */
  readonly node: string | null;
  /** The receiver of a message. */
  readonly peer: string | null;
  /** Microseconds that a message was on its way; negative for one that never arrived, null for no message. */
  readonly took: number | null;
  readonly text: string;
}

const HAPPENINGS: ReadonlySet<string> = new Set(HAPPENING_KINDS);
const TOLD: ReadonlySet<string> = new Set(STORY_KINDS);

export function stepsOf(trace: Trace): Step[] {
  const { entries, moments, nodes } = trace;
  const named = trace.texts.map((text) => nameIds(text, trace.histories));
  const nameOf = (node: number): string | null => (node === NO_NODE ? null : nodes[node]!.name);
  return entries.kind.map((kindNumber, i): Step => {
    const kind = ENTRY_KINDS[kindNumber]!;
    const at = moments.at[entries.moment[i]!]!;
    const arrival = entries.arrival[i]!;
    const took = arrival < 0 ? arrival : moments.at[arrival]! - at;
    return {
      at,
      kind,
      node: nameOf(entries.node[i]!),
      peer: nameOf(entries.peer[i]!),
      took: HAPPENINGS.has(kind) ? null : took,
      text: named[entries.text[i]!]!,
    };
  });
}

/** Whether two steps are the same, down to the microsecond. */
export function sameStep(a: Step, b: Step): boolean {
  return a.at === b.at && a.took === b.took && sameDeed(a, b);
}

/** Whether the same happened, if perhaps not at the same time. */
export function sameDeed(a: Step, b: Step): boolean {
  return a.kind === b.kind && a.node === b.node && a.peer === b.peer && a.text === b.text;
}

/** Whether a step belongs to the story that is told side by side: no message, and no line of a log. */
export function isTold({ kind }: Step): boolean {
  return TOLD.has(kind);
}

/** A step in words, with all that may differ: its time, and how long a message took. */
export function stepText({ at, kind, node, peer, took, text }: Step): string {
  const time = `${(at / 1_000_000).toFixed(6)}s`;
  if (took === null) return `${time}  ${node ?? '-'}  ${kind === 'line' ? 'logs ' : ''}${text}`;
  const fate = took < 0 ? 'does not arrive' : `takes ${took / 1000} ms`;
  return `${time}  ${node ?? 'client'} → ${peer ?? 'client'}  ${text} (${fate})`;
}
