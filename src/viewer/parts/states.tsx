import { useState } from 'preact/hooks';
import { lastChange, valueAt } from '../../trace/state.ts';
import type { FieldHistory, FieldValue } from '../../trace/trace.ts';
import { historyName, nodeName, sanitizeLine } from '../../trace/words.ts';
import type { Go } from '../hooks/use-place.ts';
import { valueText } from '../model/telling.ts';
import type { TraceIndex } from '../model/trace-index.ts';
import { History } from './common.tsx';
import { WhoChanged } from './who-changed.tsx';

interface Props {
  readonly index: TraceIndex;
  readonly moment: number;
  readonly go: Go;
}

interface Cell {
  readonly node: number;
  readonly field: string;
}

/** The state of every node, what this moment changed, and for each value who changed it last. */
export function States({ index, moment, go }: Props) {
  const [asked, ask] = useState<Cell | null>(null);
  const { trace, fields } = index;
  return (
    <section class="card states" aria-labelledby="states-title">
      <h2 id="states-title">State of each node</h2>
      <p class="note">
        <span class="changed-sign">●</span> changed in this moment. Choose a value to see who changed it last.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <section class="scroll" aria-label="State of all nodes" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">field</th>
              {trace.nodes.map(({ name }, node) => (
                <th key={node} scope="col" title={sanitizeLine(name)}>
                  {sanitizeLine(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <FieldRows
                key={field}
                index={index}
                moment={moment}
                field={field}
                asked={asked}
                ask={ask}
                go={go}
              />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface RowProps extends Props {
  readonly field: string;
  readonly asked: Cell | null;
  readonly ask: (cell: Cell | null) => void;
}

function FieldRows({ index, moment, field, asked, ask, go }: RowProps) {
  const histories = index.trace.states.map((fields) => fields.find((one) => one.field === field));
  const isAsked = asked?.field === field;
  const history = isAsked ? histories[asked.node] : undefined;
  if (history === undefined && histories.every((one) => isEmpty(one, moment))) return null;
  return (
    <>
      <tr>
        <th scope="row">{sanitizeLine(field)}</th>
        {histories.map((one, node) => (
          <ValueCell
            key={node}
            index={index}
            moment={moment}
            history={one}
            node={node}
            open={isAsked && asked.node === node}
            ask={() => ask(isAsked && asked.node === node ? null : { node, field })}
          />
        ))}
      </tr>
      {history !== undefined && (
        <tr class="who">
          <td colSpan={histories.length + 1}>
            <WhoChanged index={index} moment={moment} history={history} node={asked!.node} go={go} />
          </td>
        </tr>
      )}
    </>
  );
}

function isEmpty(history: FieldHistory | undefined, moment: number): boolean {
  if (history === undefined) return true;
  const value = valueAt(history, moment);
  return (value === undefined || value === null) && lastChange(history, moment) !== moment;
}

interface CellProps {
  readonly index: TraceIndex;
  readonly moment: number;
  readonly history: FieldHistory | undefined;
  readonly node: number;
  readonly open: boolean;
  readonly ask: () => void;
}

function ValueCell({ index, moment, history, node, open, ask }: CellProps) {
  if (history === undefined) return <td class="absent">–</td>;
  const { trace } = index;
  const { field } = history;
  const value = valueAt(history, moment);
  const changed = lastChange(history, moment) === moment;
  return (
    <td class={changed ? 'changed' : ''}>
      <button type="button" aria-expanded={open} onClick={ask}>
        <span class="quiet">{sanitizeLine(`${nodeName(trace, node)}, ${field}: `)}</span>
        <Value index={index} field={field} value={value} />
        {changed && (
          <span class="was">
            <span class="quiet">, changed now, </span>
            <span class="changed-sign" aria-hidden="true">
              ●
            </span>{' '}
            was {sanitizeLine(valueText(trace, field, valueAt(history, moment - 1)))}
          </span>
        )}
        <span class="quiet">. Who changed it?</span>
      </button>
    </td>
  );
}

interface ValueProps {
  readonly index: TraceIndex;
  readonly field: string;
  readonly value: FieldValue | undefined;
}

function Value({ index, field, value }: ValueProps) {
  const { trace } = index;
  const isId = /replid/.test(field) && typeof value === 'string' && historyName(trace, value) !== 'none';
  if (isId) return <History index={index} replid={value} />;
  const text = valueText(trace, field, value);
  return <span class={text === '–' || text === 'none' ? 'absent' : ''}>{sanitizeLine(text)}</span>;
}
