import { formatBytes, formatClock, plural } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { idName, nameIds } from './ids.ts';
import { NO_NODE, type Trace, type TraceRule } from './trace.ts';

/** Words for what a trace holds, the same in every report. */

export { formatBytes, formatClock, plural, sanitizeLine };

/** A replication id by its name, `A#1`; one that no node made by its first digits. */
export function historyName(trace: Pick<Trace, 'histories'>, replid: string): string {
  return replid.startsWith('?') ? '?' : idName(replid, trace.histories);
}

/** A text in which replication ids stand by their names. */
export function shortIds(trace: Pick<Trace, 'histories'>, text: string): string {
  return nameIds(text, trace.histories);
}

/** A node by its name; a client where it is none. */
export function nodeName(trace: Pick<Trace, 'nodes'>, node: number): string {
  return node === NO_NODE ? 'a client' : (trace.nodes[node]?.name ?? '?');
}

/** A text for where there is little room. */
export function shortText(text: string, most: number): string {
  const line = sanitizeLine(text.slice(0, most + 1));
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** Seconds of virtual time, as people say them: `11.052 s`. */
export function clockText(micros: number): string {
  return `${formatClock(micros)} s`;
}

/** A span of virtual time, with as many digits as it is worth. */
export function spanText(micros: number): string {
  if (micros < 1000) return `${micros} µs`;
  if (micros < 1_000_000) return `${trimmed(micros / 1000)} ms`;
  return `${trimmed(micros / 1_000_000)} s`;
}

function trimmed(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2).replace(/\.?0+$/, '');
}

const LIMITS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '<=': (left, right) => right - left,
  '>=': (left, right) => left - right,
};

/** How near a comparison of two numbers was to the other answer, in words; null where it compares no numbers. */
export function marginText({ left, op, right, holds }: TraceRule): string | null {
  const limit = LIMITS[op];
  if (limit === undefined || !/^-?\d+$/.test(left) || !/^-?\d+$/.test(right)) return null;
  const room = limit(Number(left), Number(right));
  if (!holds) return `${plural(-room, 'byte')} too ${op === '<=' ? 'late' : 'early'}`;
  const other = op === '<=' ? 'more' : 'less';
  return room === 0 ? `exactly: with one byte ${other} it would not` : `${plural(room, 'byte')} to spare`;
}
