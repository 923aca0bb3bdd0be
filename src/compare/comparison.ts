import { idName } from '../trace/ids.ts';
import type { Trace, TraceDecision } from '../trace/trace.ts';
import { type Aligned, align } from './edits.ts';
import { isTold, type Step, sameDeed, sameStep, stepsOf } from './steps.ts';

export type Side = 'left' | 'right';
export type Both<T> = Readonly<Record<Side, T>>;

/** Two runs, laid side by side up to where they part and from there on. */
export interface Comparison {
  readonly traces: Both<Trace>;
  /** Steps that are the same in both, from the start on. */
  readonly shared: number;
  /** The first step that is not, and when; null where the runs are the same to their end. */
  readonly parting: Parting | null;
  /** The first decisions that differ; null where none do. */
  readonly decision: Both<TraceDecision | null> | null;
  /** What is told of both from the parting on. */
  readonly followed: readonly Aligned<Step>[];
  /** What is not the same at the end. */
  readonly ends: readonly EndDifference[];
}

export interface Parting {
  readonly at: number;
  readonly steps: Both<Step | null>;
}

/** A figure of the whole run, or a node's field at the end. */
export interface EndDifference {
  readonly what: string;
  readonly left: string;
  readonly right: string;
}

export function compareTraces(left: Trace, right: Trace): Comparison {
  const steps: Both<Step[]> = { left: stepsOf(left), right: stepsOf(right) };
  const shared = sharedSteps(steps);
  const parting = partingAt(steps, shared);
  return {
    traces: { left, right },
    shared,
    parting,
    decision: firstDecisions(left, right),
    followed: parting === null ? [] : followedFrom(steps, parting.at),
    ends: [...figures(left, right), ...endStates(left, right)],
  };
}

function sharedSteps({ left, right }: Both<Step[]>): number {
  let i = 0;
  while (i < left.length && i < right.length && sameStep(left[i]!, right[i]!)) i++;
  return i;
}

function partingAt({ left, right }: Both<Step[]>, shared: number): Parting | null {
  const steps = { left: left[shared] ?? null, right: right[shared] ?? null };
  const times = [steps.left, steps.right].flatMap((step) => (step === null ? [] : [step.at]));
  return times.length === 0 ? null : { at: Math.min(...times), steps };
}

function followedFrom({ left, right }: Both<Step[]>, at: number): Aligned<Step>[] {
  const told = (steps: Step[]): Step[] => steps.filter((step) => step.at >= at && isTold(step));
  return align(told(left), told(right), sameDeed);
}

/** What two decisions must have in common not to differ. Ids are compared by their names. */
function decisionKey(trace: Trace, decision: TraceDecision): string {
  const { replica, master, outcome, reason, replid, offset, bytes } = decision;
  const asked = replid === null || replid === '?' ? replid : idName(replid, trace.histories);
  return JSON.stringify([
    trace.nodes[replica]?.name,
    trace.nodes[master]!.name,
    outcome,
    reason,
    asked,
    offset,
    bytes,
  ]);
}

function firstDecisions(left: Trace, right: Trace): Both<TraceDecision | null> | null {
  const most = Math.max(left.decisions.length, right.decisions.length);
  for (let i = 0; i < most; i++) {
    const a = left.decisions[i] ?? null;
    const b = right.decisions[i] ?? null;
    if (a === null || b === null || decisionKey(left, a) !== decisionKey(right, b))
      return { left: a, right: b };
  }
  return null;
}

function figures(left: Trace, right: Trace): EndDifference[] {
  return Object.entries(FIGURES).flatMap(([what, figure]) => {
    const values = { left: figure(left), right: figure(right) };
    return values.left === values.right ? [] : [{ what, ...values }];
  });
}

const FIGURES: Readonly<Record<string, (trace: Trace) => string>> = {
  verdict: ({ verdict }) => (verdict.ok ? 'held' : 'failed'),
  'full resyncs': ({ cost }) => String(cost.fullSyncs),
  'bytes of RDB sent': ({ cost }) => String(cost.fullBytes),
  forks: ({ cost }) => String(cost.forks),
  'unreadable time': ({ cost }) => `${cost.unreadable / 1000} ms`,
  'longest gap in the writes': ({ cost }) => `${cost.writeGap / 1000} ms`,
  'lost writes': ({ cost }) => String(cost.lostWrites),
};

function endStates(left: Trace, right: Trace): EndDifference[] {
  const names = new Set([...left.nodes, ...right.nodes].map(({ name }) => name));
  return [...names].flatMap((name) => {
    const states = { left: endState(left, name), right: endState(right, name) };
    const versions = new Set(
      [left, right].map(({ nodes }) => nodes.find((one) => one.name === name)?.profile),
    );
    const fields = new Set([...Object.keys(states.left), ...Object.keys(states.right)]);
    return [...fields].flatMap((field) => {
      const values = { left: states.left[field] ?? '-', right: states.right[field] ?? '-' };
      // A field that only one version of Redis gives says nothing of the run.
      const ofOneVersion = versions.size > 1 && (values.left === '-' || values.right === '-');
      return values.left === values.right || ofOneVersion ? [] : [{ what: `${name} ${field}`, ...values }];
    });
  });
}

/** INFO's fields at the end, ids by name; what moves by itself between two looks is left out. */
function endState(trace: Trace, name: string): Record<string, string> {
  const node = trace.nodes.findIndex((one) => one.name === name);
  if (node < 0) return { node: 'not there' };
  const info = trace.final[node]!;
  if (info === null) return { state: 'down' };
  return Object.fromEntries(
    Object.entries(info)
      .filter(([field]) => !/^slave\d+$/.test(field) && !MOVING.has(field))
      .map(([field, value]) => [field, isId(field) ? idName(String(value), trace.histories) : String(value)]),
  );
}

const MOVING: ReadonlySet<string> = new Set([
  'master_last_io_seconds_ago',
  'master_sync_last_io_seconds_ago',
]);

function isId(field: string): boolean {
  return field === 'master_replid' || field === 'master_replid2';
}
