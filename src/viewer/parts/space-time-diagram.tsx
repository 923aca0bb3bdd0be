import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { formatClock, plural, sanitizeLine, spanText } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import { useWidth } from '../hooks/use-width.ts';
import { GROUP_NAMES, GROUPS, type GroupMask, maskOf } from '../model/groups.ts';
import { type Lanes, lanesFor } from '../model/lanes.ts';
import { pastOf } from '../model/past.ts';
import { layOut, type Row, type SpaceTime } from '../model/space-time.ts';
import { entryText, leadText, momentText, SIGNS } from '../model/telling.ts';
import { step, type TraceIndex } from '../model/trace-index.ts';
import { Drawing } from './space-time-drawing.tsx';

interface Props {
  readonly index: TraceIndex;
  readonly shown: Int32Array;
  readonly mask: GroupMask;
  readonly setMask: (mask: GroupMask) => void;
  readonly moment: number;
  readonly go: Go;
}

/** Life lines and messages around the chosen moment; beside each row what happened in it, to be read and chosen. */
export function SpaceTimeDiagram({ index, shown, mask, setMask, moment, go }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const lanes = lanesFor(index.trace.nodes.length, width);
  const layout = useMemo(() => layOut(index, shown, mask, moment), [index, shown, mask, moment]);
  const [led, setLed] = useState(false);
  const past = useMemo(
    () => (led ? pastOf(index, moment, layout.rows[0]?.moment ?? 0) : null),
    [index, moment, layout, led],
  );
  useCursorInView(frame, layout, moment);
  return (
    <section class="card space-time" aria-labelledby="space-time-title">
      <header>
        <h2 id="space-time-title">Messages in time</h2>
        <Toggles mask={mask} setMask={setMask} led={led} setLed={setLed} />
      </header>
      <p class="note">Time runs downwards, and idle time is folded. Choose a row to go there.</p>
      <Heads index={index} lanes={lanes} />
      <div class="frame" ref={frame}>
        <Edge
          count={layout.before}
          word="earlier"
          to={step(shown, layout.rows[0]?.moment ?? 0, -1)}
          go={go}
        />
        <div class="canvas" style={{ height: `${layout.height}px` }}>
          {/* Before its width is known nothing would stand where it belongs. */}
          {width > 0 && <Drawing index={index} layout={layout} lanes={lanes} moment={moment} past={past} />}
          <Rows index={index} layout={layout} lanes={lanes} moment={moment} go={go} />
        </div>
        <Edge
          count={layout.after}
          word="later"
          to={step(shown, layout.rows.at(-1)?.moment ?? 0, 1)}
          go={go}
        />
      </div>
    </section>
  );
}

/** Keeps the chosen row in the frame, and never moves the page itself. */
function useCursorInView(
  frame: { readonly current: HTMLDivElement | null },
  { rows }: SpaceTime,
  moment: number,
): void {
  useEffect(() => {
    const element = frame.current;
    const row = rows.find((one) => one.moment === moment);
    if (element === null || row === undefined) return;
    const { scrollTop, clientHeight } = element;
    const isVisible = row.y > scrollTop + 60 && row.y < scrollTop + clientHeight - 60;
    if (!isVisible) element.scrollTop = row.y - clientHeight / 2;
  }, [frame, rows, moment]);
}

interface TogglesProps extends Pick<Props, 'mask' | 'setMask'> {
  readonly led: boolean;
  readonly setLed: (led: boolean) => void;
}

function Toggles({ mask, setMask, led, setLed }: TogglesProps) {
  return (
    <fieldset class="toggles">
      <legend class="quiet">What the diagram and the steps show</legend>
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
      <label title="Fades the messages that cannot have had a part in the chosen moment">
        <input type="checkbox" checked={led} onChange={() => setLed(!led)} /> only what can have led here
      </label>
    </fieldset>
  );
}

function Heads({ index, lanes }: { readonly index: TraceIndex; readonly lanes: Lanes }) {
  return (
    <div class="heads" aria-hidden="true">
      {index.trace.nodes.map(({ name }, node) => (
        <span
          key={node}
          title={sanitizeLine(name)}
          style={{ left: `${lanes.x(node) - lanes.width / 2}px`, width: `${lanes.width}px` }}
        >
          {sanitizeLine(name)}
        </span>
      ))}
    </div>
  );
}

function Edge(props: {
  readonly count: number;
  readonly word: string;
  readonly to: number;
  readonly go: Go;
}) {
  const { count, word, to, go } = props;
  if (count === 0) return null;
  return (
    <button type="button" class="edge" onClick={() => go(to)}>
      {word === 'earlier' ? '↑' : '↓'} {plural(count, `${word} moment`)}
    </button>
  );
}

interface RowsProps {
  readonly index: TraceIndex;
  readonly layout: SpaceTime;
  readonly lanes: Lanes;
  readonly moment: number;
  readonly go: Go;
}

function Rows({ index, layout, lanes, moment, go }: RowsProps) {
  return (
    <>
      <ol class="rows" aria-label="Moments in the diagram">
        {layout.rows.map((row) =>
          row.entry === null ? null : (
            <li key={row.moment} style={{ top: `${row.y - 11}px` }}>
              <button
                type="button"
                aria-current={row.moment === moment ? 'true' : undefined}
                onClick={() => go(row.moment)}
                title={sanitizeLine(momentText(index, row.moment))}
              >
                <span class="at" style={{ width: `${lanes.left}px` }}>
                  {timeText(index, layout, row, moment)}
                </span>
                <span class="space" style={{ width: `${lanes.end - lanes.left}px` }} />
                <RowText index={index} row={row} />
              </button>
            </li>
          ),
        )}
      </ol>
      {layout.gaps.map(({ y, text }) => (
        <p key={y} class="gap" title={text} style={{ top: `${y - 10}px`, left: `${lanes.end}px` }}>
          {text}
        </p>
      ))}
    </>
  );
}

/** The clock, or, where that would say nothing new, how long after the row above. */
function timeText(index: TraceIndex, { rows }: SpaceTime, row: Row, current: number): string {
  const at = index.at(row.moment);
  const above = rows.findLast((one) => one.entry !== null && one.moment < row.moment);
  const before = above === undefined ? Number.NaN : index.at(above.moment);
  if (row.moment === current || formatClock(before) !== formatClock(at)) return formatClock(at);
  return at === before ? '' : `+${spanText(at - before)}`;
}

function RowText({ index, row: { entry, more } }: { readonly index: TraceIndex; readonly row: Row }) {
  const { kind } = entry!;
  return (
    <span class={`text kind-${kind}`}>
      <span class="sign" aria-hidden="true">
        {entry!.isMessage ? '' : SIGNS[kind]}
      </span>{' '}
      <b>{sanitizeLine(leadText(index.trace, entry!))}</b> {sanitizeLine(entryText(index.trace, entry!))}
      {more > 0 && <span class="more"> +{more}</span>}
    </span>
  );
}
