import { counterfactualHeading } from '../../trace/counterfactual-title.ts';
import { NO_NODE, type TraceDecision } from '../../trace/trace.ts';
import { formatBytes, nodeName, sanitizeLine, shortIds, spanText } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import type { TraceIndex } from '../model/trace-index.ts';
import { TimeLink } from './common.tsx';

interface WireProps {
  readonly decision: TraceDecision;
  readonly replica: string;
  readonly master: string;
}

/** The request and the reply as they went over the wire, and what their numbers mean. */
export function Wire({ decision, replica, master }: WireProps) {
  const { wire, replyMeans, sync, offset } = decision;
  return (
    <section>
      <h3>On the wire</h3>
      <dl class="wire">
        <dt>
          {replica} → {master}
        </dt>
        <dd>
          <code>{sanitizeLine(wire.request)}</code>
          {offset !== null && offset >= 0 && (
            <p class="note">{offset} is the next byte it wants, not the last one it has.</p>
          )}
        </dd>
        <dt>
          {master} → {replica}
        </dt>
        <dd>
          {wire.reply === null ? <em>no reply arrived</em> : <code>{sanitizeLine(wire.reply)}</code>}
          {replyMeans !== null && <p class="note">{sanitizeLine(replyMeans)}.</p>}
          {sync !== null && (
            <p class="note">
              The full synchronization ended after {spanText(sync.took)}: {sanitizeLine(sync.ended)},{' '}
              {formatBytes(sync.rdbBytes)} of RDB.
            </p>
          )}
        </dd>
      </dl>
    </section>
  );
}

interface Part {
  readonly index: TraceIndex;
  readonly decision: TraceDecision;
  readonly go: Go;
}

/** What the reply changed in the one who asked. */
export function Effects({ index, decision, go }: Part) {
  const { replica, effects, number } = decision;
  const name = replica === NO_NODE ? 'the client' : sanitizeLine(nodeName(index.trace, replica));
  return (
    <section>
      <h3>What {name} did with the reply</h3>
      {effects.length === 0 && <p class="note">Nothing that shows in its state.</p>}
      <ul class="timed">
        {effects.map(({ at, node, changes }, i) => (
          <li key={i}>
            <TimeLink at={at} moment={index.momentAt(at, node)} go={go} decision={number} />
            <ul class="changes">
              {changes.map(({ field, before, after }) => (
                <li key={field}>
                  <span class="field">{sanitizeLine(field)}</span> {sanitizeLine(before)} →{' '}
                  <b>{sanitizeLine(after)}</b>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What led to the question and to the answer, the oldest first. */
export function Causes({ index, decision, go }: Part) {
  const { causes, number } = decision;
  if (causes.length === 0) return null;
  return (
    <section>
      <h3>What led here</h3>
      <ul class="timed">
        {causes.map(({ at, node, text }, i) => (
          <li key={i}>
            <TimeLink at={at} moment={index.momentAt(at, node)} go={go} decision={number} />
            <span>
              {node !== NO_NODE && <b class="node">{sanitizeLine(nodeName(index.trace, node))}</b>}{' '}
              {sanitizeLine(shortIds(index.trace, text))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Counterfactuals({ decision }: { readonly decision: TraceDecision }) {
  const { counterfactuals, nothing } = decision;
  if (counterfactuals.length === 0 && nothing === null) return null;
  return (
    <section>
      <h3>{counterfactualHeading(decision)}</h3>
      <ul class="would">
        {counterfactuals.map(({ change, decision: would }) => (
          <li key={change}>
            <b>{sanitizeLine(would)}</b>: {sanitizeLine(change)}
          </li>
        ))}
        {nothing !== null && <li>Nothing: {sanitizeLine(nothing)}.</li>}
      </ul>
    </section>
  );
}

/** What both servers wrote to their logs. */
export function Logs({ index, decision, go }: Part) {
  const { lines, number } = decision;
  if (lines.length === 0) return null;
  return (
    <details class="logs">
      <summary>Both logs, word for word</summary>
      <ul class="timed">
        {lines.map(({ at, node, text }, i) => (
          <li key={i}>
            <TimeLink at={at} moment={index.momentAt(at, node)} go={go} decision={number} />
            <span>
              <b class="node">{sanitizeLine(nodeName(index.trace, node))}</b>{' '}
              <code>{sanitizeLine(text)}</code>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
