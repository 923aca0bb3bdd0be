import type { Span } from '../../trace/disagreement-spans.ts';
import { disagreementsAt } from '../../trace/disagreements.ts';
import { clockText, sanitizeLine } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import { foldRuns } from '../model/fold-runs.ts';
import { entryText, fateText, leadText, rankOf, SIGNS } from '../model/telling.ts';
import type { Entry, TraceIndex } from '../model/trace-index.ts';

interface Props {
  readonly index: TraceIndex;
  readonly moment: number;
  /** Where in the run servers disagree. */
  readonly spans: readonly Span[];
  readonly toDisagreement: (by: 1 | -1) => void;
  readonly go: Go;
}

/** A busy moment shows so many of its entries; the list of events has all. */
const MOST = 12;

/** What happened in the chosen moment, and where servers disagree after it. */
export function Moment({ index, moment, spans, toDisagreement, go }: Props) {
  const arrived = foldRuns(index.arrivalsAt(moment));
  const began = foldRuns(index.entriesAt(moment).sort((a, b) => rankOf(a) - rankOf(b)));
  const more = arrived.length + began.length - MOST;
  return (
    <section class="card moment" aria-labelledby="moment-title">
      <h2 id="moment-title">At {clockText(index.at(moment))}</h2>
      <ul class="happenings">
        {arrived.slice(0, MOST).map(({ entry, more: alike }) => (
          <Arrival key={entry.number} index={index} entry={entry} alike={alike} go={go} />
        ))}
        {began.slice(0, Math.max(0, MOST - arrived.length)).map(({ entry, more: alike }) => (
          <Happening key={entry.number} index={index} entry={entry} alike={alike} go={go} />
        ))}
        {arrived.length + began.length === 0 && <li class="note">Only state changed.</li>}
        {more > 0 && <li class="note">and {more} more, in the list of events</li>}
      </ul>
      <Disagreements index={index} moment={moment} spans={spans} toDisagreement={toDisagreement} />
    </section>
  );
}

interface One {
  readonly index: TraceIndex;
  readonly entry: Entry;
  /** How many more like it are not told. */
  readonly alike: number;
  readonly go: Go;
}

function Alike({ entry, alike }: Pick<One, 'entry' | 'alike'>) {
  return alike === 0 ? null : (
    <span class="note">
      {' '}
      and {alike} more of {entry.kind}
    </span>
  );
}

function Arrival({ index, entry, alike, go }: One) {
  return (
    <li class={`kind-${entry.kind}`}>
      <span class="sign" aria-hidden="true">
        ↘
      </span>
      <span>
        <b>{sanitizeLine(leadText(index.trace, entry))}</b> {sanitizeLine(entryText(index.trace, entry))}{' '}
        <button
          type="button"
          class="fate"
          onClick={() => go(entry.moment, 'jump')}
          title="Go to when it was sent"
        >
          arrives, sent at {clockText(index.at(entry.moment))}
        </button>
        <Alike entry={entry} alike={alike} />
      </span>
    </li>
  );
}

function Happening({ index, entry, alike, go }: One) {
  return (
    <li class={`kind-${entry.kind}`}>
      <span class="sign" aria-hidden="true">
        {entry.isMessage ? '↗' : SIGNS[entry.kind]}
      </span>
      <span>
        <b>{sanitizeLine(leadText(index.trace, entry))}</b>{' '}
        <span class={entry.kind === 'line' ? 'mono' : ''}>{sanitizeLine(entryText(index.trace, entry))}</span>{' '}
        <Fate index={index} entry={entry} go={go} />
        <Alike entry={entry} alike={alike} />
      </span>
    </li>
  );
}

function Fate({ index, entry, go }: Omit<One, 'alike'>) {
  const fate = fateText(index, entry);
  if (fate === '') return null;
  if (entry.arrival < 0) return <span class="lost">✗ {fate}</span>;
  return (
    <button type="button" class="fate" onClick={() => go(entry.arrival, 'jump')} title="Go to its arrival">
      {fate}
    </button>
  );
}

function Disagreements({ index, moment, spans, toDisagreement }: Omit<Props, 'go'>) {
  const found = disagreementsAt(index.trace, moment);
  const title =
    found.length === 0
      ? 'Nobody is wrong about anybody'
      : `Who is wrong about whom: ${found.length} ${found.length === 1 ? 'disagreement' : 'disagreements'}`;
  return (
    <div class={`disagreements ${found.length === 0 ? 'none' : 'some'}`}>
      <h3>{title}</h3>
      {found.length > 0 && (
        <ul>
          {found.map(({ text }) => (
            <li key={text}>
              <span class="sign" aria-hidden="true">
                ⇄
              </span>
              <span>{sanitizeLine(text)}</span>
            </li>
          ))}
        </ul>
      )}
      {spans.length > 0 && (
        <p class="ways">
          <button
            type="button"
            disabled={!spans.some(({ from }) => from < moment)}
            onClick={() => toDisagreement(-1)}
          >
            ◀ earlier disagreement
          </button>{' '}
          <button
            type="button"
            disabled={!spans.some(({ from }) => from > moment)}
            onClick={() => toDisagreement(1)}
          >
            later disagreement ▶
          </button>
        </p>
      )}
    </div>
  );
}
