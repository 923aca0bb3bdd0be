import { useMemo, useRef, useState } from 'preact/hooks';
import { useDisagreements } from './hooks/use-disagreements.ts';
import { useKeys } from './hooks/use-keys.ts';
import { usePlace } from './hooks/use-place.ts';
import { usePlay } from './hooks/use-play.ts';
import { defaultMask } from './model/default-mask.ts';
import { step, type TraceIndex } from './model/trace-index.ts';
import { DecisionCard } from './parts/decision-card.tsx';
import { DecisionList } from './parts/decision-list.tsx';
import { EventList } from './parts/event-list.tsx';
import { Help } from './parts/help.tsx';
import { Moment } from './parts/moment.tsx';
import { Offsets } from './parts/offsets.tsx';
import { SpaceTimeDiagram } from './parts/space-time-diagram.tsx';
import { States } from './parts/states.tsx';
import { Transport } from './parts/transport.tsx';
import { Verdict } from './parts/verdict.tsx';

/** The states of more nodes need the whole width. */
const FEW_NODES = 4;

/** The whole page: everything on it is what the trace says of one moment and one decision. */
export function App({ index }: { readonly index: TraceIndex }) {
  const { trace } = index;
  const [{ moment, decision: number }, go] = usePlace(index);
  const [mask, setMask] = useState(() => defaultMask(index));
  const shown = useMemo(() => index.shown(mask), [index, mask]);
  const help = useRef<HTMLDialogElement>(null);
  const [playing, togglePlay] = usePlay(() => {
    const next = step(shown, moment, 1);
    if (next !== moment) go(next);
    return next !== moment;
  });
  const decision = trace.decisions.find((one) => one.number === number);

  const toDecision = (by: 1 | -1): void => {
    const at = trace.decisions.findIndex((one) => one.number === number);
    const here = trace.decisions[at];
    const isHere = here?.moment === moment;
    const next = by === 1 ? nextDecision(at, isHere) : previousDecision(at, isHere);
    if (next !== undefined) go(next.moment, 'jump', next.number);
  };
  const nextDecision = (at: number, isHere: boolean) =>
    isHere ? trace.decisions[at + 1] : trace.decisions.find((one) => one.moment > moment);
  const previousDecision = (at: number, isHere: boolean) =>
    isHere ? trace.decisions[at - 1] : trace.decisions.findLast((one) => one.moment < moment);

  const spans = useDisagreements(index);
  const toDisagreement = (by: 1 | -1): void => {
    const next =
      by === 1 ? spans.find(({ from }) => from > moment) : spans.findLast(({ from }) => from < moment);
    if (next !== undefined) go(next.from, 'jump');
  };
  const forward = (): void => go(step(shown, moment, 1));
  const back = (): void => go(step(shown, moment, -1));
  useKeys({
    ArrowRight: forward,
    j: forward,
    ArrowLeft: back,
    k: back,
    Home: () => go(0),
    End: () => go(index.length - 1),
    '[': () => toDecision(-1),
    ']': () => toDecision(1),
    '{': () => toDisagreement(-1),
    '}': () => toDisagreement(1),
    ' ': togglePlay,
    '?': () => help.current?.showModal(),
  });

  const many = trace.nodes.length > FEW_NODES;
  const now = <Moment index={index} moment={moment} spans={spans} toDisagreement={toDisagreement} go={go} />;
  const states = <States index={index} moment={moment} go={go} />;
  return (
    <>
      <Verdict index={index} go={go} />
      <main>
        <DecisionList trace={trace} moment={moment} chosen={number} go={go} />
        {decision !== undefined && <DecisionCard index={index} decision={decision} moment={moment} go={go} />}
        <Offsets index={index} moment={moment} decision={decision} />
        <div class={many ? 'beside many' : 'beside'}>
          <SpaceTimeDiagram
            index={index}
            shown={shown}
            mask={mask}
            setMask={setMask}
            moment={moment}
            go={go}
          />
          {many ? (
            now
          ) : (
            <div class="stack">
              {now}
              {states}
            </div>
          )}
          {many && states}
        </div>
        <EventList index={index} moment={moment} go={go} />
      </main>
      <Transport
        index={index}
        moment={moment}
        spans={spans}
        playing={playing}
        togglePlay={togglePlay}
        back={back}
        forward={forward}
        toDecision={toDecision}
        go={go}
        openHelp={() => help.current?.showModal()}
      />
      <Help dialog={help} />
    </>
  );
}
