import { ENTRY_KINDS } from '../../trace/trace.ts';
import { type GroupMask, maskOf } from './groups.ts';
import type { TraceIndex } from './trace-index.ts';

/** So many messages of the stream can still be read one by one. */
const FEW = 60;

/** What is shown at first: heartbeats and clients are folded, and the stream where it would drown the rest. */
export function defaultMask({ trace }: TraceIndex): GroupMask {
  const stream = ENTRY_KINDS.indexOf('stream');
  let count = 0;
  for (const kind of trace.entries.kind) if (kind === stream) count++;
  return count > FEW ? maskOf('story', 'log') : maskOf('story', 'log', 'stream');
}
