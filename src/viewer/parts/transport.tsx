import { useEffect, useState } from 'preact/hooks';
import type { Span } from '../../trace/disagreement-spans.ts';
import { clockText, sanitizeLine } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import { momentText } from '../model/telling.ts';
import type { TraceIndex } from '../model/trace-index.ts';
import { toneOf } from './common.tsx';

interface Props {
  readonly index: TraceIndex;
  readonly moment: number;
  readonly spans: readonly Span[];
  readonly playing: boolean;
  readonly togglePlay: () => void;
  readonly back: () => void;
  readonly forward: () => void;
  readonly toDecision: (by: 1 | -1) => void;
  readonly go: Go;
  readonly openHelp: () => void;
}

/** The bar at the bottom: where in the run we are, and every way to go elsewhere. */
export function Transport(props: Props) {
  const { index, moment, spans, playing, togglePlay, back, forward, toDecision, go, openHelp } = props;
  const text = sanitizeLine(`${clockText(index.at(moment))} ${momentText(index, moment)}`);
  return (
    <footer class="transport">
      <div class="buttons">
        <button
          type="button"
          onClick={() => toDecision(-1)}
          aria-label="Previous decision"
          title="Previous decision ["
        >
          ◆◂
        </button>
        <button type="button" onClick={back} aria-label="Step back" title="Step back ←">
          ◂
        </button>
        <button
          type="button"
          onClick={togglePlay}
          aria-label={playing ? 'Pause' : 'Play'}
          title="Play or pause: space"
        >
          {playing ? '❚❚' : '▶'}
        </button>
        <button type="button" onClick={forward} aria-label="Step forward" title="Step forward →">
          ▸
        </button>
        <button
          type="button"
          onClick={() => toDecision(1)}
          aria-label="Next decision"
          title="Next decision ]"
        >
          ▸◆
        </button>
      </div>
      <div class="track">
        <Ticks index={index} moment={moment} spans={spans} />
        <input
          type="range"
          id="scrubber"
          aria-label="Moment of the run"
          aria-valuetext={text}
          min={0}
          max={Math.max(0, index.length - 1)}
          value={moment}
          onInput={(event) => go(Number(event.currentTarget.value))}
        />
      </div>
      <p class="reading">
        <b>{clockText(index.at(moment))}</b> <span>{sanitizeLine(momentText(index, moment))}</span>
      </p>
      <button
        type="button"
        class="help-button"
        onClick={openHelp}
        aria-label="Keys and words"
        title="Keys and words ?"
      >
        ?
      </button>
      <Announcer text={text} quiet={playing} />
    </footer>
  );
}

/** Where the decisions lie on the way, and where servers disagree. */
function Ticks({ index, moment, spans }: Pick<Props, 'index' | 'moment' | 'spans'>) {
  const percent = (at: number): string => `${((at / Math.max(1, index.length - 1)) * 100).toFixed(3)}%`;
  return (
    <div class="ticks" aria-hidden="true">
      {spans.map(({ from, to }) => (
        <b key={from} title="disagreement" style={{ left: percent(from), width: percent(to - from) }} />
      ))}
      {index.trace.decisions.map((decision) => (
        <i
          key={decision.number}
          class={`${toneOf(decision)} ${decision.moment === moment ? 'now' : ''}`}
          style={{ left: percent(decision.moment) }}
        />
      ))}
    </div>
  );
}

/** Milliseconds without another step until the moment is said aloud. */
const CALM = 700;

/** Says where we are to those who cannot see it, once the steps have come to rest; the scrubber speaks for itself. */
function Announcer({ text, quiet }: { readonly text: string; readonly quiet: boolean }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (quiet) return;
    const timer = setTimeout(() => {
      if (document.activeElement?.id !== 'scrubber') setSaid(text);
    }, CALM);
    return () => clearTimeout(timer);
  }, [text, quiet]);
  return (
    <p class="quiet" aria-live="polite">
      {said}
    </p>
  );
}
