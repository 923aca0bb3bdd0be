import { useEffect, useState } from 'preact/hooks';
import { disagreementSpans, type Span } from '../../trace/disagreement-spans.ts';
import type { TraceIndex } from '../model/trace-index.ts';

/** Where in the run servers disagree; looked for once the page is drawn, since that takes a while in a long run. */
export function useDisagreements({ trace }: TraceIndex): readonly Span[] {
  const [spans, setSpans] = useState<readonly Span[]>([]);
  useEffect(() => {
    const timer = setTimeout(() => setSpans(disagreementSpans(trace)));
    return () => clearTimeout(timer);
  }, [trace]);
  return spans;
}
