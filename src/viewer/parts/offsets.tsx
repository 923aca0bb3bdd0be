import { useState } from 'preact/hooks';
import type { Trace, TraceDecision } from '../../trace/trace.ts';
import { clockText, sanitizeLine } from '../../trace/words.ts';
import { ringOf } from '../model/ring.ts';
import { RingPicture } from './ring-picture.tsx';

interface Props {
  readonly trace: Trace;
  readonly moment: number;
  readonly decision: TraceDecision | undefined;
}

/** Who holds which bytes at the chosen moment: on one axis, and in the ring that they are written into. */
export function Offsets({ trace, moment, decision }: Props) {
  const [chosen, choose] = useState<number | null>(null);
  const request = decision?.moment === moment ? decision : undefined;
  const rings = trace.nodes.map((_, node) => ringOf(trace, node, moment));
  const asked = decision?.master ?? -1;
  const usual = rings[asked] != null ? asked : rings.findIndex((ring) => ring !== null);
  const node = chosen !== null && rings[chosen] != null ? chosen : usual;
  const ring = rings[node];
  return (
    <section class="card offsets" aria-labelledby="offsets-title">
      <header>
        <h2 id="offsets-title">Who holds which bytes at {clockText(trace.moments.at[moment] ?? 0)}</h2>
      </header>
      <div class="pictures">
        <figure class="ring">
          <figcaption>
            <label>
              The backlog of{' '}
              <select value={node} onChange={(event) => choose(Number(event.currentTarget.value))}>
                {trace.nodes.map(({ name }, one) =>
                  rings[one] === null ? null : (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a node is its number.
                    <option key={one} value={one}>
                      {sanitizeLine(name)}
                    </option>
                  ),
                )}
              </select>{' '}
              as the ring it is
            </label>
          </figcaption>
          {ring == null ? (
            <p class="note">No node has a ring now.</p>
          ) : (
            <RingPicture trace={trace} node={node} ring={ring} moment={moment} request={request?.master === node ? request : undefined} />
          )}
        </figure>
      </div>
    </section>
  );
}
