import { lastUpTo, valueAt } from '../../trace/state.ts';
import { type Cut, ENTRY_KINDS, LOST, UNDER_WAY } from '../../trace/trace.ts';
import { spanText } from '../../trace/words.ts';
import { type GroupMask, KIND_MASKS } from './groups.ts';
import { bestOf, countsText } from './telling.ts';
import { type Entry, lastShown, type TraceIndex } from './trace-index.ts';

/**
 * Where everything of a space-time diagram lies: time runs downwards, each shown moment has a row, and the way
 * between two rows grows with the logarithm of the time between them, so that a later arrival always lies lower.
 * Idle time is folded and said so.
 */
export interface SpaceTime {
  readonly rows: readonly Row[];
  readonly gaps: readonly Gap[];
  readonly messages: readonly Flight[];
  readonly bands: readonly Band[];
  readonly shades: readonly Shade[];
  readonly height: number;
  /** How many shown moments lie before and after the window. */
  readonly before: number;
  readonly after: number;
}

export interface Row {
  readonly moment: number;
  readonly y: number;
  /** What tells most of the moment; none where something merely arrives. */
  readonly entry: Entry | null;
  readonly more: number;
}

/** Time between two rows in which nothing shown happened. */
export interface Gap {
  readonly y: number;
  readonly height: number;
  readonly text: string;
}

export interface Flight {
  readonly entry: Entry;
  readonly fromY: number;
  readonly toY: number;
  readonly fate: 'arrives' | 'lost' | 'under-way';
  /** Whether it leaves or reaches the window's edge, not a row. */
  readonly cutAbove: boolean;
  readonly cutBelow: boolean;
}

export type Role = 'master' | 'replica' | 'frozen' | 'down';

/** A node in one role and one history, for a while. */
export interface Band {
  readonly node: number;
  readonly role: Role;
  readonly replid: string;
  readonly label: string;
  readonly fromY: number;
  readonly toY: number;
  /** Whether it begins here, not before the window. */
  readonly begins: boolean;
}

/** A direction in which packets vanish, or both where they do so from and to the same time. */
export interface Shade {
  readonly from: number;
  readonly to: number;
  readonly both: boolean;
  readonly fromY: number;
  readonly toY: number;
}

/** A window begins at multiples of this, so that it stands still while one steps through it. */
const STRIDE = 14;
const ROW = 23;
const THIN_ROW = 9;
const MOST_STRETCH = 26;
const IDLE = 200_000;
const GAP_HEIGHT = 26;
const MARGIN = 18;
/** How far a message falls that reaches no row. */
const FALL = 17;

export function layOut(index: TraceIndex, shown: Int32Array, mask: GroupMask, moment: number): SpaceTime {
  const place = Math.max(0, lastShown(shown, moment));
  const start = Math.floor(place / STRIDE) * STRIDE - STRIDE / 2;
  const first = Math.max(0, Math.min(start, shown.length - 2 * STRIDE));
  const last = Math.min(shown.length, first + 2 * STRIDE);
  const moments = withMoment([...shown.subarray(first, last)], moment);
  const allowed = ({ kind }: Entry): boolean => (KIND_MASKS[ENTRY_KINDS.indexOf(kind)]! & mask) !== 0;
  const { rows, gaps, height } = rowsOf(index, moments, moment, allowed);
  const yOf = placer(rows);
  return {
    rows,
    gaps,
    height,
    messages: flightsOf(index, rows, allowed, height),
    bands: bandsOf(index, moments, yOf, height),
    shades: shadesOf(index, rows, height),
    before: first,
    after: shown.length - last,
  };
}

function withMoment(moments: number[], moment: number): number[] {
  return moments.includes(moment) ? moments : [...moments, moment].sort((a, b) => a - b);
}

function rowsOf(
  index: TraceIndex,
  moments: readonly number[],
  current: number,
  allowed: (entry: Entry) => boolean,
): { rows: Row[]; gaps: Gap[]; height: number } {
  const rows: Row[] = [];
  const gaps: Gap[] = [];
  let y = MARGIN;
  for (const [i, moment] of moments.entries()) {
    const best = bestOf(index, moment, moment === current ? () => true : allowed);
    const entry = best === undefined || (best.arrives && moment !== current) ? null : best.entry;
    if (i > 0) {
      const gap = gapBetween(index, moments[i - 1]!, moment);
      const room = entry === null || rows.at(-1)!.entry === null ? THIN_ROW : ROW;
      const lastText = rows.findLast((row) => row.entry !== null);
      y += room + gap.stretch;
      // Two rows with a text need a line's height between them, however many thin ones lie there.
      if (entry !== null && lastText !== undefined) y = Math.max(y, lastText.y + ROW);
      if (gap.text !== null) {
        gaps.push({ y: y + GAP_HEIGHT / 2 - ROW / 2, height: GAP_HEIGHT, text: gap.text });
        y += GAP_HEIGHT;
      }
    }
    rows.push({ moment, y, entry, more: entry === null ? 0 : best!.more });
  }
  return { rows, gaps, height: y + MARGIN };
}

function gapBetween(index: TraceIndex, from: number, to: number): { stretch: number; text: string | null } {
  const time = index.at(to) - index.at(from);
  const stretch = Math.min(MOST_STRETCH, 8 * Math.log10(1 + time / 200));
  const [first, end] = index.entryRange(from + 1, to);
  if (time < IDLE) return { stretch, text: null };
  const folded = countsText(index, first, end);
  return {
    stretch: 0,
    text: `${spanText(time)}${folded === '' ? ', nothing happens' : `, folded: ${folded}`}`,
  };
}

/** Tells how low a moment lies, also one that has no row: that of the last row before it. */
function placer(rows: readonly Row[]): (moment: number) => number {
  const moments = rows.map(({ moment }) => moment);
  return (moment) => rows[lastUpTo(moments, moment)]?.y ?? 0;
}

function flightsOf(
  index: TraceIndex,
  rows: readonly Row[],
  allowed: (entry: Entry) => boolean,
  height: number,
): Flight[] {
  const y = new Map(rows.map((row) => [row.moment, row.y]));
  const from = rows[0]?.moment ?? 0;
  const to = rows.at(-1)?.moment ?? 0;
  const entries = new Map<number, Entry>();
  for (const { moment } of rows) {
    for (const one of [...index.entriesAt(moment), ...index.arrivalsAt(moment)]) entries.set(one.number, one);
  }
  for (const one of index.passing(from, to)) entries.set(one.number, one);
  return [...entries.values()]
    .filter((entry) => entry.isMessage && allowed(entry))
    .sort((a, b) => a.number - b.number)
    .map((entry): Flight => {
      const fromY = y.get(entry.moment) ?? 0;
      const fate = entry.arrival === LOST ? 'lost' : entry.arrival === UNDER_WAY ? 'under-way' : 'arrives';
      const toY = fate === 'arrives' ? (y.get(entry.arrival) ?? height) : fromY + FALL;
      return {
        entry,
        fromY,
        toY,
        fate,
        cutAbove: !y.has(entry.moment),
        cutBelow: fate === 'arrives' && !y.has(entry.arrival),
      };
    });
}

function bandsOf(
  index: TraceIndex,
  moments: readonly number[],
  yOf: (moment: number) => number,
  height: number,
): Band[] {
  const first = moments[0] ?? 0;
  const last = moments.at(-1) ?? 0;
  return index.trace.states.flatMap((fields, node) => {
    const history = (name: string) =>
      fields.find(({ field }) => field === name) ?? { field: name, moment: [], value: [] };
    const [process, master, replid] = [history('process'), history('masterhost'), history('replid')];
    const changes = [process, master, replid]
      .flatMap((one) => one.moment)
      .filter((moment) => moment > first && moment <= last);
    const starts = [...new Set([first, ...changes])].sort((a, b) => a - b);
    const bands = starts.map((start, i): Band => {
      const role = roleOf(valueAt(process, start), valueAt(master, start));
      return {
        node,
        role,
        replid: String(valueAt(replid, start) ?? ''),
        label: role === 'replica' ? `replica of ${valueAt(master, start)}` : role,
        fromY: i === 0 ? 0 : yOf(start),
        toY: i + 1 < starts.length ? yOf(starts[i + 1]!) : height,
        begins: i > 0,
      };
    });
    return joined(bands);
  });
}

function roleOf(process: unknown, masterhost: unknown): Role {
  if (process === 'frozen') return 'frozen';
  if (process !== 'up') return 'down';
  return masterhost === null || masterhost === undefined ? 'master' : 'replica';
}

/** Bands that say the same as the one above them are one with it. */
function joined(bands: readonly Band[]): Band[] {
  const result: Band[] = [];
  for (const band of bands) {
    const above = result.at(-1);
    if (above !== undefined && above.label === band.label && above.replid === band.replid) {
      result[result.length - 1] = { ...above, toY: band.toY };
    } else result.push(band);
  }
  return result;
}

function shadesOf(index: TraceIndex, rows: readonly Row[], height: number): Shade[] {
  const times = rows.map(({ moment }) => index.at(moment));
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  const yAt = (time: number): number => rows[lastUpTo(times, time)]?.y ?? 0;
  const { cuts } = index.trace;
  return cuts
    .filter(({ begin, end }) => begin <= last && (end === null || end > first))
    .map((cut) => ({ cut, opposite: cuts.findIndex((one) => isOpposite(one, cut)) }))
    .filter(({ cut, opposite }) => opposite < 0 || cuts.indexOf(cut) < opposite)
    .map(({ cut: { from, to, begin, end }, opposite }) => ({
      from,
      to,
      both: opposite >= 0,
      fromY: begin < first ? 0 : yAt(begin),
      toY: end === null || end > last ? height : yAt(end),
    }));
}

function isOpposite(a: Cut, b: Cut): boolean {
  return a.from === b.to && a.to === b.from && a.begin === b.begin && a.end === b.end;
}
