import { disagreementsAt } from './disagreements.ts';
import { lastUpTo } from './state.ts';
import type { Trace } from './trace.ts';

/** A stretch of moments in all of which the same nodes disagree about the same; `to` is the last of them. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Fields that every write or heartbeat moves: they are looked at in samples only. */
const MOVING: ReadonlySet<string> = new Set([
  'master_repl_offset',
  'repl_backlog_off',
  'repl_backlog_histlen',
  'repl_backlog_idx',
  'master last interaction',
]);
const isMoving = (field: string): boolean => MOVING.has(field) || / (offset|ack time)$/.test(field);

/** So many samples are taken of what moves all the time. */
const SAMPLES = 400;

/** Where in a run servers disagree: looked for wherever what they believe changes, and at samples in between. */
export function disagreementSpans(trace: Trace): Span[] {
  const length = trace.moments.at.length;
  const moments = momentsToLookAt(trace);
  const spans: { from: number; to: number }[] = [];
  let before = '';
  for (const [i, moment] of moments.entries()) {
    const about = disagreementsAt(trace, moment)
      .map(({ kind, nodes }) => `${kind} ${nodes.join(' ')}`)
      .join();
    if (about !== '' && about !== before) spans.push({ from: moment, to: moment });
    if (about !== '') spans.at(-1)!.to = (moments[i + 1] ?? length) - 1;
    before = about;
  }
  return spans;
}

function momentsToLookAt(trace: Trace): number[] {
  const { at } = trace.moments;
  const found = new Set<number>();
  for (const fields of trace.states) {
    for (const { field, moment } of fields) if (!isMoving(field)) for (const one of moment) found.add(one);
  }
  for (const { begin, end } of trace.cuts) {
    for (const time of end === null ? [begin] : [begin, end]) {
      // The first moment that is not before it.
      found.add(lastUpTo(at, time - 1) + 1);
    }
  }
  for (let moment = 0; moment < at.length; moment += Math.ceil(at.length / SAMPLES)) found.add(moment);
  return [...found].filter((moment) => moment < at.length).sort((a, b) => a - b);
}
