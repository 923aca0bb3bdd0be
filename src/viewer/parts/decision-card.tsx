import type { TraceDecision } from '../../trace/trace.ts';
import { whyText } from '../../trace/verdict.ts';
import { clockText, nodeName, sanitizeLine } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import { fenceText } from '../model/fence.ts';
import type { TraceIndex } from '../model/trace-index.ts';
import { OUTCOME_SIGNS, TimeLink, toneOf } from './common.tsx';
import { Causes, Counterfactuals, Effects, Logs, Wire } from './decision-facets.tsx';
import { Rules } from './rules.tsx';

interface Props {
  readonly index: TraceIndex;
  readonly decision: TraceDecision;
  readonly moment: number;
  readonly go: Go;
}

/** One decision from the question to what would have changed the answer. */
export function DecisionCard({ index, decision, moment, go }: Props) {
  const { trace } = index;
  const { number, at, outcome, reason, asked } = decision;
  const replica = sanitizeLine(nodeName(trace, decision.replica));
  const master = sanitizeLine(nodeName(trace, decision.master));
  const fence = fenceText(trace, decision);
  return (
    <section class={`card decision ${toneOf(decision)}`} aria-labelledby="decision-title">
      <header>
        <h2 id="decision-title">
          <span class="number">#{number}</span> {replica} asks {master}
        </h2>
        <p class="outcome">
          <span aria-hidden="true">{OUTCOME_SIGNS[outcome]} </span>
          {outcome}/{reason}
        </p>
        <p class="aside">
          {moment === decision.moment ? (
            `at ${clockText(at)}, the moment shown`
          ) : (
            <>
              at <TimeLink at={at} moment={decision.moment} go={go} decision={number} />
            </>
          )}
        </p>
      </header>
      <p class="asked">{sanitizeLine(asked)}.</p>
      <p class="because">The answer: {sanitizeLine(whyText(trace, decision))}.</p>
      <div class="facets">
        <div>
          <Rules decision={decision} master={master} />
          {fence !== null && (
            <p class="fence">
              <strong>The fence.</strong> {sanitizeLine(fence)}
            </p>
          )}
        </div>
        <div>
          <Causes index={index} decision={decision} go={go} />
          <Wire decision={decision} replica={replica} master={master} />
          <Effects index={index} decision={decision} go={go} />
          <Counterfactuals decision={decision} />
        </div>
      </div>
      <Logs index={index} decision={decision} go={go} />
    </section>
  );
}
