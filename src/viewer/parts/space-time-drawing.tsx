import { NO_NODE } from '../../trace/trace.ts';
import { sanitizeLine, shortText } from '../../trace/words.ts';
import type { Lanes } from '../model/lanes.ts';
import type { Band, Flight, Shade, SpaceTime } from '../model/space-time.ts';
import { entryText, fateText, SIGNS, whoText } from '../model/telling.ts';
import type { TraceIndex } from '../model/trace-index.ts';

interface Props {
  readonly index: TraceIndex;
  readonly layout: SpaceTime;
  readonly lanes: Lanes;
  readonly moment: number;
  /** The messages that can have led to the moment, where only these are to stand out. */
  readonly past: ReadonlySet<number> | null;
}

/** The picture of the diagram; its words stand in the rows beside it. */
export function Drawing({ index, layout, lanes, moment, past }: Props) {
  const { rows, gaps, messages, bands, shades, height } = layout;
  const cursor = rows.find((row) => row.moment === moment);
  const width = lanes.end;
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={summary(layout)}
    >
      <defs>
        <pattern
          id="cut-hatch"
          width="7"
          height="7"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <line x1="0" y1="0" x2="0" y2="7" class="hatch" />
        </pattern>
        <pattern id="frozen-hatch" width="4" height="4" patternUnits="userSpaceOnUse">
          <line x1="0" y1="2" x2="4" y2="2" class="hatch" />
        </pattern>
      </defs>
      {shades.map((shade) => (
        <ShadeView key={`${shade.from}-${shade.to}-${shade.fromY}`} shade={shade} lanes={lanes} />
      ))}
      {cursor !== undefined && <rect class="cursor" x={0} y={cursor.y - 11} width={width} height={22} />}
      {bands.map((band) => (
        <BandView key={`${band.node}-${band.fromY}`} index={index} band={band} x={lanes.x(band.node)} />
      ))}
      {gaps.map(({ y }) => (
        <path key={y} class="fold" d={`M${lanes.left} ${y - 3}H${width}M${lanes.left} ${y + 3}H${width}`} />
      ))}
      {shades.map((shade) => (
        <ShadeLabel
          key={`${shade.from}-${shade.to}-${shade.fromY}`}
          index={index}
          shade={shade}
          lanes={lanes}
        />
      ))}
      {messages.map((flight) => (
        <FlightView
          key={flight.entry.number}
          index={index}
          flight={flight}
          lanes={lanes}
          moment={moment}
          faded={past !== null && !past.has(flight.entry.number)}
        />
      ))}
      {rows.map(({ moment: at, y, entry }) =>
        entry === null || entry.isMessage || entry.node === NO_NODE ? null : (
          <text key={at} class={`mark kind-${entry.kind}`} x={lanes.x(entry.node)} y={y + 4.5}>
            {SIGNS[entry.kind]}
          </text>
        ),
      )}
    </svg>
  );
}

function summary({ messages, rows }: SpaceTime): string {
  const lost = messages.filter(({ fate }) => fate === 'lost').length;
  return `Space-time diagram of ${messages.length} messages in ${rows.length} moments, ${lost} of them lost. The list beside it says the same in words.`;
}

function ShadeView({ shade, lanes }: { readonly shade: Shade; readonly lanes: Lanes }) {
  const { from, to, fromY, toY } = shade;
  const [a, b] = [lanes.x(Math.min(from, to)), lanes.x(Math.max(from, to))];
  return (
    <g class="cut">
      <rect x={a} y={fromY} width={b - a} height={Math.max(4, toY - fromY)} />
      <path d={`M${a} ${fromY}H${b}`} />
    </g>
  );
}

/** Which direction is cut; both ends of one that is cut in both directions are told at once. */
function ShadeLabel({ index, shade, lanes }: Pick<Props, 'index' | 'lanes'> & { readonly shade: Shade }) {
  const { from, to, fromY, both } = shade;
  const names = [from, to].map((node) => shortText(index.trace.nodes[node]!.name, 8));
  return (
    <g class="cut">
      <text x={(lanes.x(from) + lanes.x(to)) / 2} y={fromY + 14}>
        {`✂ ${names.join(both ? ' ↔ ' : ' → ')}`}
      </text>
    </g>
  );
}

function BandView(props: { readonly index: TraceIndex; readonly band: Band; readonly x: number }) {
  const { role, replid, label, fromY, toY, begins } = props.band;
  const x = props.x;
  return (
    <g class={`band ${role} ${props.index.historyClass(replid)}`}>
      <title>{sanitizeLine(label)}</title>
      {role === 'down' ? (
        <path class="down-line" d={`M${x} ${fromY}V${toY}`} />
      ) : (
        <rect class="life" x={x - 4} y={fromY} width={8} height={Math.max(1, toY - fromY)} rx={3} />
      )}
      {role === 'frozen' && (
        <rect class="ice" x={x - 4} y={fromY} width={8} height={Math.max(1, toY - fromY)} />
      )}
      {(begins || fromY === 0) && (
        <text x={x + 8} y={fromY + (fromY === 0 ? 9 : 16)}>
          {shortened(role === 'down' ? '✗ down' : role === 'frozen' ? '❄ frozen' : label)}
        </text>
      )}
    </g>
  );
}

/** A label has the room of one lane. */
function shortened(label: string): string {
  return shortText(label.replace(/^replica of /, 'of '), 12);
}

interface FlightProps {
  readonly index: TraceIndex;
  readonly flight: Flight;
  readonly lanes: Lanes;
  readonly moment: number;
  readonly faded: boolean;
}

/** A client stands a little beside the node it talks to. */
const BESIDE = 18;

function FlightView({ index, flight, lanes, moment, faded }: FlightProps) {
  const { entry, fromY, toY, fate, cutAbove, cutBelow } = flight;
  const target = entry.peer === NO_NODE ? lanes.x(entry.node) - BESIDE : lanes.x(entry.peer);
  const x1 = entry.node === NO_NODE ? lanes.x(entry.peer) - BESIDE : lanes.x(entry.node);
  // What was lost ends on its way, and what is still under way has not come far.
  const x2 = fate === 'arrives' ? target : x1 + (target - x1) * 0.62;
  const now = entry.moment === moment || entry.arrival === moment;
  const title = `${whoText(index.trace, entry)} ${entryText(index.trace, entry)} (${fateText(index, entry)})`;
  const classes = [
    'flight',
    `kind-${entry.kind}`,
    fate,
    now ? 'now' : '',
    cutAbove || cutBelow ? 'beyond' : '',
    faded ? 'faded' : '',
  ];
  return (
    <g class={classes.filter((one) => one !== '').join(' ')}>
      <title>{sanitizeLine(title)}</title>
      <path class="line" d={`M${x1} ${fromY}L${x2} ${toY}`} />
      {fate === 'lost' && <path class="cross" d={`M${x2 - 4} ${toY - 4}l8 8m0-8l-8 8`} />}
      {fate === 'arrives' && !cutBelow && <path class="head" d={arrowHead(x1, fromY, x2, toY)} />}
      {fate === 'under-way' && <circle class="head" cx={x2} cy={toY} r={2.5} />}
    </g>
  );
}

/** A triangle that ends where the message arrives, at the edge of the life line. */
function arrowHead(x1: number, y1: number, x2: number, y2: number): string {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [tipX, tipY] = [x2 - dx * 4, y2 - dy * 4];
  const [baseX, baseY] = [tipX - dx * 8, tipY - dy * 8];
  const side = 3.4;
  return `M${n(tipX)} ${n(tipY)}L${n(baseX - dy * side)} ${n(baseY + dx * side)}L${n(baseX + dy * side)} ${n(baseY - dx * side)}Z`;
}

function n(value: number): string {
  return value.toFixed(1);
}
