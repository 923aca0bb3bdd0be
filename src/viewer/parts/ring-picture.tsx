import { stateAt } from '../../trace/state.ts';
import type { Trace, TraceDecision } from '../../trace/trace.ts';
import { formatBytes, plural, sanitizeLine } from '../../trace/words.ts';
import { type Place, placeOf, type Ring } from '../model/ring.ts';
import type { TraceIndex } from '../model/trace-index.ts';

interface Props {
  readonly index: TraceIndex;
  readonly node: number;
  readonly ring: Ring;
  readonly moment: number;
  readonly request: TraceDecision | undefined;
}

const CENTRE = 120;
const RADIUS = 72;
const BAND = 16;
/** What is not held is drawn out here, never on the ring. */
const OUTSIDE = 100;

/** The ring with its write position and what it holds; a byte that is not held lies outside, with its lap. */
export function RingPicture({ index, node, ring, moment, request }: Props) {
  const { trace } = index;
  const wanted = request?.offset ?? null;
  const place = wanted === null || wanted < 0 ? null : placeOf(ring, wanted, isOfOther(request!));
  const words = ringWords(trace, node, ring, place, wanted);
  return (
    <>
      <svg viewBox="0 0 240 240" role="img" aria-label={sanitizeLine(words.join(' '))}>
        <circle class="ring-empty" cx={CENTRE} cy={CENTRE} r={RADIUS} />
        {heldParts(index, node, ring, moment).map(({ replid, from, share }) => (
          <path key={replid} class={`ring-held ${index.historyClass(replid)}`} d={arc(from, share)} />
        ))}
        <WriteHead position={ring.head} />
        {place !== null && <Wanted place={place} />}
        <text class="ring-lap" x={CENTRE} y={CENTRE - 8}>
          lap {ring.lap}
        </text>
        <text class="ring-size" x={CENTRE} y={CENTRE + 10}>
          {formatBytes(ring.size)}
        </text>
      </svg>
      <ul class="ring-words">
        {words.map((word) => (
          <li key={word}>{sanitizeLine(word)}</li>
        ))}
      </ul>
    </>
  );
}

/** Whether the byte asked for is none of what the master writes or wrote. */
function isOfOther({ reason }: TraceDecision): boolean {
  return reason === 'replid-mismatch' || reason === 'replid2-offset';
}

/** What the ring holds: the bytes before the fence are of the former history. */
function heldParts(
  index: TraceIndex,
  node: number,
  ring: Ring,
  moment: number,
): { replid: string; from: number; share: number }[] {
  const state = stateAt(index.trace, node, moment);
  const fence = typeof state.second_replid_offset === 'number' ? state.second_replid_offset : -1;
  const border = Math.min(ring.next, Math.max(ring.first, fence));
  const begin = ring.head - ring.held;
  const former = (border - ring.first) / ring.size;
  return [
    { replid: String(state.replid2 ?? ''), from: begin, share: former },
    { replid: String(state.replid ?? ''), from: begin + former, share: ring.held - former },
  ];
}

function shareText(share: number): string {
  if (share < 0.001) return 'less than 0.1 %';
  return share >= 1 ? 'all' : share < 0.1 ? `${(share * 100).toFixed(1)} %` : `${Math.round(share * 100)} %`;
}

function ringWords(
  trace: Trace,
  node: number,
  ring: Ring,
  place: Place | null,
  wanted: number | null,
): string[] {
  const held = ring.next - ring.first;
  const name = trace.nodes[node]!.name;
  const words = [
    held === 0
      ? `${name}'s ring is empty; its next byte is ${ring.next}.`
      : `${name} holds bytes ${ring.first} to ${ring.next - 1}, ${shareText(ring.held)} of its ring.`,
    `▼ is where ${name} writes byte ${ring.next} next, in lap ${ring.lap}.`,
  ];
  if (place !== null)
    words.push(`✚ byte ${wanted}, the next one wanted: ${PLACE_WORDS[place.where](place)}.`);
  return words;
}

const PLACE_WORDS: Readonly<Record<Place['where'], (place: Place) => string>> = {
  held: () => 'held, on the ring',
  next: () => 'the very next to be written, so nothing is missing',
  overwritten: ({ laps }) =>
    `overwritten ${plural(-laps, 'lap')} ago, so it lies outside although the ring has something at that place`,
  'before-it-began': () => 'older than this buffer, which never held it',
  'not-yet-written': () => 'not written yet',
  'other-history': () => 'of another history, so it lies outside whatever the ring has at that place',
};

function WriteHead({ position }: { readonly position: number }) {
  const [x, y] = point(position, RADIUS + BAND / 2 + 2);
  return (
    <path
      class="ring-head"
      d="M0 0l-6-10h12Z"
      transform={`translate(${x} ${y}) rotate(${(position * 360).toFixed(2)})`}
    />
  );
}

function Wanted({ place }: { readonly place: Place }) {
  const { position, where } = place;
  const inside = where === 'held' || where === 'next';
  const [x, y] = point(position, inside ? RADIUS : OUTSIDE);
  const [labelX, labelY] = point(position, inside ? RADIUS - 26 : OUTSIDE + 12);
  const label = inside ? 'held' : labelOf(place);
  return (
    <g class={`ring-wanted ${inside ? 'held' : 'gone'}`}>
      <path d={`M${n(x - 6)} ${n(y)}h12M${n(x)} ${n(y - 6)}v12`} />
      <text x={n(labelX)} y={n(labelY + 4)}>
        {label}
      </text>
    </g>
  );
}

function labelOf({ where, laps }: Place): string {
  switch (where) {
    case 'overwritten':
      return `lap −${-laps}`;
    case 'not-yet-written':
      return `lap +${laps}`;
    case 'other-history':
      return 'other';
    default:
      return 'older';
  }
}

/** A point on a circle; 0 is at the top, and one goes round with the clock. */
function point(position: number, radius: number): [number, number] {
  const angle = position * 2 * Math.PI;
  return [CENTRE + Math.sin(angle) * radius, CENTRE - Math.cos(angle) * radius];
}

/** A part of the ring as a path, in two halves, since an arc cannot end where it begins. */
function arc(from: number, share: number): string {
  if (share <= 0) return '';
  const ends = [from, from + share / 2, from + share].map((position) => point(position, RADIUS));
  const [begin, ...halves] = ends.map(([x, y]) => `${n(x)} ${n(y)}`);
  return `M${begin}${halves.map((half) => `A${RADIUS} ${RADIUS} 0 0 1 ${half}`).join('')}`;
}

function n(value: number): string {
  return value.toFixed(2);
}
