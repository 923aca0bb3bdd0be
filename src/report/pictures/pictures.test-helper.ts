import {
  A1,
  B2,
  backlogFields,
  C1,
  fieldHistories,
  handDecision,
  handTrace,
  upFields,
} from '../../trace/trace.test-helper.ts';
import type { FieldValue, Trace, TraceDecision } from '../../trace/trace.ts';

export interface Shown {
  readonly trace: Trace;
  readonly decision: TraceDecision;
}

/** A trace of one moment in which these are the nodes, and a decision of the next. */
export function shown(
  nodes: readonly Readonly<Record<string, FieldValue>>[],
  decision: Partial<TraceDecision>,
): Shown {
  const names = ['A', 'B', 'C', 'D'];
  const trace = handTrace({
    nodes: nodes.map((_, i) => ({ name: names[i]!, profile: 'redis-5.0' })),
    states: nodes.map((fields) => fieldHistories([[0, fields]])),
  });
  return { trace, decision: handDecision({ moment: 1, ...decision }) };
}

/** B wants byte 51, and A's backlog of 16384 bytes begins at `first`; both further up by `base`. */
export function atTheEdge(first: number, base = 0): Shown {
  const missing = Math.max(first - 51, 0);
  const next = first + 16_384;
  return shown(
    [
      upFields(A1, backlogFields(base + first, base + next, 16_384)),
      upFields(A1, { masterhost: 'A', repl_state: 'CONNECT', ...backlogFields(base + 1, base + 51) }),
      { ...upFields(C1), process: 'down' },
    ],
    {
      outcome: missing > 0 ? 'full' : 'partial',
      reason: missing > 0 ? 'backlog-overwritten' : 'replid',
      offset: base + 51,
      backlog: { first: base + first, next: base + next },
      missingBytes: missing,
      bytes: missing > 0 ? 0 : next - 51,
    },
  );
}

/** B was promoted at byte 9981 and A asks for `offset` of their common history. */
export function atTheFence(offset: number): Shown {
  const promoted = { replid2: A1, second_replid_offset: 9981, ...backlogFields(1, 12_400) };
  const good = offset <= 9981;
  return shown(
    [
      upFields(A1, backlogFields(1, offset)),
      upFields(B2, promoted),
      upFields(B2, { masterhost: 'B', repl_state: 'CONNECTED', ...promoted }),
    ],
    {
      replica: 0,
      master: 1,
      outcome: good ? 'partial' : 'full',
      reason: good ? 'replid2' : 'replid2-offset',
      offset,
      backlog: { first: 1, next: 12_400 },
      missingBytes: 0,
      bytes: good ? 12_400 - offset : 0,
    },
  );
}
