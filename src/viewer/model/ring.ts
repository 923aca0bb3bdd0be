import { lastChange, stateAt, valueAt } from '../../trace/state.ts';
import type { Trace } from '../../trace/trace.ts';

/** A backlog as the ring it is: where it is written next, what it holds, and how often it went round. */
export interface Ring {
  readonly size: number;
  /** The first byte held and the next one to come. */
  readonly first: number;
  readonly next: number;
  /** The position that is written next, from 0 to below 1. */
  readonly head: number;
  /** The share of the ring that is held, up to 1. */
  readonly held: number;
  /** Which round the writer is in, counted from 1 at the byte with which this buffer began. */
  readonly lap: number;
}

/** Null where a node has no backlog, or one that is no ring. */
export function ringOf(trace: Trace, node: number, moment: number): Ring | null {
  const state = stateAt(trace, node, moment);
  const size = state.repl_backlog_size;
  const index = state.repl_backlog_idx;
  const first = state.repl_backlog_off;
  const length = state.repl_backlog_histlen;
  if (typeof size !== 'number' || typeof index !== 'number' || size <= 0) return null;
  if (typeof first !== 'number' || typeof length !== 'number') return null;
  const next = first + length;
  const written = next - beginOf(trace, node, moment, first);
  return {
    size,
    first,
    next,
    head: index / size,
    held: Math.min(1, length / size),
    lap: Math.floor(written / size) + 1,
  };
}

/** The first byte that this buffer ever held: what it began with when it got its size. */
function beginOf(trace: Trace, node: number, moment: number, first: number): number {
  const history = (name: string) => trace.states[node]!.find(({ field }) => field === name);
  const size = history('repl_backlog_size');
  const off = history('repl_backlog_off');
  if (size === undefined || off === undefined) return first;
  const began = valueAt(off, lastChange(size, moment));
  return typeof began === 'number' && began > 0 ? Math.min(began, first) : first;
}

/** Where a byte lies, or lay, or will lie, on the ring, as a part of a round. */
export interface Place {
  readonly position: number;
  readonly where: 'held' | 'next' | 'overwritten' | 'before-it-began' | 'not-yet-written' | 'other-history';
  /** How many rounds from what is held: negative for what was written over. */
  readonly laps: number;
}

/** A byte of another history is no byte of the ring, whatever lies at its offset. */
export function placeOf(ring: Ring, offset: number, ofOther = false): Place {
  const back = ring.next - offset;
  const position = modulo(ring.head - back / ring.size, 1);
  if (ofOther) return { position, where: 'other-history', laps: 0 };
  if (back === 0) return { position, where: 'next', laps: 0 };
  if (back < 0) return { position, where: 'not-yet-written', laps: Math.floor((-back - 1) / ring.size) + 1 };
  if (offset >= ring.first) return { position, where: 'held', laps: 0 };
  if (ring.held < 1) return { position, where: 'before-it-began', laps: 0 };
  return { position, where: 'overwritten', laps: -Math.floor((back - 1) / ring.size) };
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
