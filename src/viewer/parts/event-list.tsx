import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { clockText, formatBytes, plural, sanitizeLine } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import { filterEntries, firstFrom } from '../model/filter.ts';
import { ALL_GROUPS, GROUP_NAMES, GROUPS, type GroupMask, maskOf } from '../model/groups.ts';
import { entryText, fateText, SIGNS, whoText } from '../model/telling.ts';
import type { Entry, TraceIndex } from '../model/trace-index.ts';

interface Props {
  readonly index: TraceIndex;
  readonly moment: number;
  readonly go: Go;
}

const ROW = 28;
const HEIGHT = 420;
/** Rows beyond the visible ones, so that scrolling shows no emptiness. */
const SPARE = 8;

/** Everything that happened, to be searched; of a hundred thousand rows only those in sight exist. */
export function EventList({ index, moment, go }: Props) {
  const [text, setText] = useState('');
  const [mask, setMask] = useState(ALL_GROUPS);
  const [top, setTop] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  const found = useMemo(() => filterEntries(index, text, mask), [index, text, mask]);
  const current = firstFrom(index, found, moment);
  useEffect(() => {
    if (frame.current !== null) frame.current.scrollTop = Math.max(0, current * ROW - HEIGHT / 3);
  }, [current, found]);
  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const last = Math.min(found.length, Math.ceil((top + HEIGHT) / ROW) + SPARE);
  const rows = Array.from(found.subarray(first, last), (number) => index.entry(number));
  return (
    <section class="card events" aria-labelledby="events-title">
      <header>
        <h2 id="events-title">Events</h2>
        <Filter text={text} setText={setText} mask={mask} setMask={setMask} />
        <p class="aside" role="status">
          {found.length === index.trace.entries.moment.length
            ? plural(found.length, 'event')
            : `${found.length} of ${plural(index.trace.entries.moment.length, 'event')}`}
        </p>
      </header>
      <section
        class="scroll"
        aria-label="All events"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        tabIndex={0}
        ref={frame}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <ol style={{ height: `${found.length * ROW}px` }}>
          {rows.map((entry, i) => (
            <li
              key={entry.number}
              style={{ top: `${(first + i) * ROW}px` }}
              aria-setsize={found.length}
              aria-posinset={first + i + 1}
            >
              <EventRow index={index} entry={entry} moment={moment} go={go} />
            </li>
          ))}
        </ol>
        {found.length === 0 && <p class="note">No event has that in it.</p>}
      </section>
    </section>
  );
}

interface RowProps extends Props {
  readonly entry: Entry;
}

function EventRow({ index, entry, moment, go }: RowProps) {
  return (
    <button
      type="button"
      class={`kind-${entry.kind}`}
      aria-current={entry.moment === moment ? 'true' : undefined}
      onClick={() => go(entry.moment, 'jump')}
    >
      <span class="at">{clockText(index.at(entry.moment))}</span>
      <span class="what">
        <span class="sign" aria-hidden="true">
          {SIGNS[entry.kind]}
        </span>{' '}
        {entry.kind}
      </span>
      <span class="who">{sanitizeLine(whoText(index.trace, entry))}</span>
      <span class="text">{sanitizeLine(entryText(index.trace, entry))}</span>
      <span class="bytes">{entry.isMessage ? formatBytes(entry.bytes) : ''}</span>
      <span class={`fate ${entry.arrival === -1 ? 'lost' : ''}`}>{fateText(index, entry)}</span>
    </button>
  );
}

interface FilterProps {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly mask: GroupMask;
  readonly setMask: (mask: GroupMask) => void;
}

function Filter({ text, setText, mask, setMask }: FilterProps) {
  return (
    <div class="filter">
      <label>
        <span class="quiet">Show events that contain</span>
        <input
          type="search"
          placeholder="filter: PSYNC, B →, lost …"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <fieldset class="toggles">
        <legend class="quiet">Kinds of events</legend>
        {GROUPS.map((group) => (
          <label key={group}>
            <input
              type="checkbox"
              checked={(mask & maskOf(group)) !== 0}
              onChange={() => setMask(mask ^ maskOf(group))}
            />{' '}
            {GROUP_NAMES[group]}
          </label>
        ))}
      </fieldset>
    </div>
  );
}
