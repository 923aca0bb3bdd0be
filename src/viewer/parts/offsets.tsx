import { useMemo, useState } from 'preact/hooks';
import { layOut } from '../../report/pictures/layout.ts';
import { offsetScene } from '../../report/pictures/scene.ts';
import { offsetSvg } from '../../report/pictures/svg.ts';
import type { TraceDecision } from '../../trace/trace.ts';
import { shortText } from '../../trace/words.ts';
import { ringOf } from '../model/ring.ts';
import type { TraceIndex } from '../model/trace-index.ts';
import { RingPicture } from './ring-picture.tsx';

interface Props {
  readonly index: TraceIndex;
  readonly moment: number;
  readonly decision: TraceDecision | undefined;
}

/** Who holds which bytes at the chosen moment: on one axis, and in the ring that they are written into. */
export function Offsets({ index, moment, decision }: Props) {
  const request = decision?.moment === moment ? decision : undefined;
  return (
    <section class="card offsets" aria-labelledby="offsets-title">
      <h2 id="offsets-title">Who holds which bytes</h2>
      <p class="note">
        {request === undefined
          ? 'After this moment. At a decision, the request is drawn too.'
          : 'When the request arrived, before it changed anything.'}
      </p>
      <div class="pictures">
        <Axis index={index} moment={moment} request={request} />
        <Rings index={index} moment={moment} decision={decision} request={request} />
      </div>
    </section>
  );
}

interface AxisProps {
  readonly index: TraceIndex;
  readonly moment: number;
  readonly request: TraceDecision | undefined;
}

/**
 * The offset picture, as the other reports draw it. Its renderer escapes every text of the trace, and the page's
 * policy lets no script in.
 */
function Axis({ index, moment, request }: AxisProps) {
  const markup = useMemo(() => {
    const scene = offsetScene(index.trace, moment, request ?? null);
    return offsetSvg(layOut(scene), { id: 'offsets', standalone: false });
  }, [index, moment, request]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
    <section class="axis scroll" aria-label="Offset picture" tabIndex={0}>
      <div dangerouslySetInnerHTML={{ __html: markup }} />
    </section>
  );
}

function Rings({
  index,
  moment,
  decision,
  request,
}: AxisProps & { readonly decision: TraceDecision | undefined }) {
  const [chosen, choose] = useState<number | null>(null);
  const { trace } = index;
  const when = request === undefined ? moment : moment - 1;
  const rings = trace.nodes.map((_, node) => ringOf(trace, node, when));
  const hasRing = (node: number | null | undefined): node is number => rings[node ?? -1] != null;
  const node = [chosen, decision?.master, rings.findIndex((ring) => ring !== null)].find(hasRing);
  if (node === undefined) return null;
  return (
    <figure class="ring">
      <figcaption>
        <label>
          The ring of{' '}
          <select value={node} onChange={(event) => choose(Number(event.currentTarget.value))}>
            {trace.nodes.map(({ name }, one) =>
              hasRing(one) ? (
                <option key={name} value={one}>
                  {shortText(name, 24)}
                </option>
              ) : null,
            )}
          </select>
        </label>
      </figcaption>
      <RingPicture
        index={index}
        node={node}
        ring={rings[node]!}
        moment={when}
        request={request?.master === node ? request : undefined}
      />
    </figure>
  );
}
