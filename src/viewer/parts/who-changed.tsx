import { lastChange, nextChange, valueAt } from '../../trace/state.ts';
import type { FieldHistory } from '../../trace/trace.ts';
import { clockText, nodeName, sanitizeLine } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import { causeText, valueText } from '../model/telling.ts';
import type { TraceIndex } from '../model/trace-index.ts';

interface Props {
  readonly index: TraceIndex;
  readonly moment: number;
  readonly history: FieldHistory;
  readonly node: number;
  readonly go: Go;
}

/** Who gave a field the value it has, and the way to the changes before and after. */
export function WhoChanged({ index, moment, history, node, go }: Props) {
  const { trace } = index;
  const last = lastChange(history, moment);
  const here = last === moment;
  const earlier = here ? lastChange(history, moment - 1) : last;
  const later = nextChange(history, moment);
  const name = sanitizeLine(`${nodeName(trace, node)} ${history.field}`);
  return (
    <div class="who-changed">
      {last < 0 ? (
        <p>{name} has had no value yet.</p>
      ) : (
        <p>
          <b>{name}</b> is <b>{sanitizeLine(valueText(trace, history.field, valueAt(history, moment)))}</b>{' '}
          {here ? 'since this moment' : `since ${clockText(index.at(last))}`}, by{' '}
          {sanitizeLine(causeText(index, last, node))}
        </p>
      )}
      <p>
        <button type="button" disabled={earlier < 0} onClick={() => go(earlier, 'jump')}>
          ◀ {here ? 'change before' : 'go there'}
        </button>{' '}
        <button type="button" disabled={later < 0} onClick={() => go(later, 'jump')}>
          next change ▶
        </button>
      </p>
    </div>
  );
}
