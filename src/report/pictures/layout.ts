import { type Axis, createAxis } from './axis.ts';
import { type Label, lanesOf, type PlacedLabel, placeLabels, textWidth } from './labels.ts';
import type { ByteRange, OffsetScene, SceneBacklog, SceneHistory, SceneRequest, SceneRow } from './scene.ts';

/** An offset picture with its places: everything but the markup. Units are those of the SVG. */
export interface OffsetLayout {
  readonly width: number;
  readonly height: number;
  readonly scene: OffsetScene;
  readonly axis: Axis;
  readonly axisY: number;
  readonly verdictY: number;
  readonly legendY: number;
  readonly rows: readonly RowLayout[];
  readonly arrow: ArrowLayout | null;
}

export interface RowLayout {
  readonly row: SceneRow;
  readonly barTop: number;
  readonly segments: readonly SegmentLayout[];
  /** The whole bar; null without a backlog. One without bytes is a line. */
  readonly bar: Extent | null;
  /** Where the byte after its last would stand, in a row without a bar that ends there. */
  readonly tick: number | null;
  readonly fence: number | null;
  /** What is sent or missing, on the row of the node that is asked. */
  readonly span: (Extent & { readonly kind: 'sent' | 'missing' }) | null;
  readonly above: readonly PlacedLabel[];
  readonly below: readonly PlacedLabel[];
}

export interface Extent {
  readonly left: number;
  readonly right: number;
}

export interface SegmentLayout extends Extent {
  readonly history: SceneHistory;
  /** Where its history's name stands in it; null where that has no room. */
  readonly nameX: number | null;
}

export interface ArrowLayout {
  readonly x: number;
  readonly fromY: number;
  readonly toY: number;
  /** A request without an offset comes along the side. */
  readonly aside: boolean;
  /** Null where it is to be guessed: then it stops on the way. */
  readonly good: boolean | null;
}

export const WIDTH = 760;
export const PLOT_LEFT = 164;
const PLOT_RIGHT = 744;
export const BAR_HEIGHT = 22;
export const LANE_HEIGHT = 15;
const ASIDE_X = 150;
export const MARGIN = 16;
const HEADING_HEIGHT = 34;
const VERDICT_HEIGHT = 18;
const ROW_GAP = 12;
const AXIS_HEIGHT = 22;
const LEGEND_HEIGHT = 24;
/** A bar has at least so much room above and below: its node's name and ids stand beside it. */
const ABOVE_ROOM = 6;
const NAME_ROOM = 18;
/** Columns in which a name or a role fits before the bars. */
export const NAME_COLUMNS = 18;
const HEADING_COLUMN = 8;
const IN_BAR_COLUMN = 7.6;
const IN_BAR_MARGIN = 8;
const MARK_ROOM = 9;

/** Gives a scene its places. */
export function layOut(scene: OffsetScene): OffsetLayout {
  const axis = createAxis(bytesThatMatter(scene), isEmpty(scene), PLOT_LEFT, PLOT_RIGHT);
  const wide =
    textWidth(`${scene.heading}${scene.verdict ?? ''}`, HEADING_COLUMN) > WIDTH - 3 * MARGIN &&
    scene.verdict !== null;
  let y = HEADING_HEIGHT + (wide ? VERDICT_HEIGHT : 0);
  const rows: RowLayout[] = [];
  for (const [i, row] of scene.rows.entries()) {
    const arrow = arrowBeside(i, scene, axis);
    const above = placeLabels(labelsAbove(row, i, scene, axis), PLOT_LEFT, PLOT_RIGHT, arrow.above);
    const below = placeLabels(labelsBelow(row, i, scene, axis), PLOT_LEFT, PLOT_RIGHT, arrow.below);
    const barTop = y + Math.max(lanesOf(above) * LANE_HEIGHT, ABOVE_ROOM);
    rows.push({ ...placeRow(row, i, scene, axis, barTop), above, below });
    y = barTop + BAR_HEIGHT + Math.max(lanesOf(below) * LANE_HEIGHT, NAME_ROOM) + ROW_GAP;
  }
  const axisY = y + AXIS_HEIGHT / 2 - ROW_GAP / 2;
  const legendY = axisY + LEGEND_HEIGHT + 4;
  return {
    width: WIDTH,
    height: Math.round(hasLegend(scene, axis) ? legendY + 14 : axisY + 16),
    scene,
    axis,
    axisY,
    verdictY: wide ? HEADING_HEIGHT + 6 : HEADING_HEIGHT - 12,
    legendY,
    rows,
    arrow:
      scene.request === null || scene.request.from === scene.request.to
        ? null
        : arrowOf(scene.request, scene, rows, axis),
  };
}

function hasLegend({ histories, rows }: OffsetScene, { stretches }: Axis): boolean {
  return (
    histories.length > 0 || rows.some(({ fence }) => fence !== null) || stretches.some(({ folded }) => folded)
  );
}

/** Where the axis is cut: the edges of backlogs, fences, the byte wanted, and how far those without a backlog are. */
function bytesThatMatter({ rows, request }: OffsetScene): number[] {
  return [
    ...rows.flatMap(({ backlog, fence, offset }) => [
      ...(backlog === null ? [] : [backlog.from, backlog.until]),
      ...(fence === null ? [] : [fence]),
      ...(backlog === null && offset !== null && offset > 0 ? [offset + 1] : []),
    ]),
    ...(request?.offset == null || request.offset < 0 ? [] : [request.offset]),
    ...(request?.span == null ? [] : [request.span.from, request.span.until]),
  ];
}

function isEmpty({ rows, request }: OffsetScene): (from: number, until: number) => boolean {
  const ranges: ByteRange[] = rows.flatMap(({ backlog }) => backlog ?? []);
  if (request?.span != null) ranges.push(request.span);
  return (from, until) => !ranges.some((range) => range.from < until && from < range.until);
}

function placeRow(
  row: SceneRow,
  index: number,
  { request }: OffsetScene,
  axis: Axis,
  barTop: number,
): Omit<RowLayout, 'above' | 'below'> {
  const extent = ({ from, until }: ByteRange): Extent => ({ left: axis.x(from), right: axis.x(until) });
  const { backlog, offset, fence } = row;
  const span = spanIn(index, request, axis);
  return {
    row,
    barTop,
    segments: segmentsOf(backlog, span, axis),
    bar: backlog === null ? null : extent(backlog),
    tick: offset === null || offset === 0 || backlog !== null ? null : axis.x(offset + 1),
    fence: fence === null ? null : axis.x(fence),
    span,
  };
}

/** What is sent from a row, or missing in it. */
function spanIn(index: number, request: SceneRequest | null, axis: Axis): RowLayout['span'] {
  if (request?.to !== index || request.span === null) return null;
  const { from, until, kind } = request.span;
  return { left: axis.x(from), right: axis.x(until), kind };
}

/** Where the request's arrow runs over and under a row's bar. */
function arrowBeside(
  index: number,
  { request }: OffsetScene,
  axis: Axis,
): { above: number | null; below: number | null } {
  if (request?.offset == null) return { above: null, below: null };
  const x = axis.x(request.offset);
  const first = Math.min(request.from, request.to);
  const last = Math.max(request.from, request.to);
  return {
    above: first < index && index <= last ? x : null,
    below: first <= index && index < last ? x : null,
  };
}

/** A name stands in its bytes, at the first place where it fits and neither a fold's mark nor a span lies. */
function segmentsOf(backlog: SceneBacklog | null, span: RowLayout['span'], axis: Axis): SegmentLayout[] {
  if (backlog === null) return [];
  const folds = axis.stretches.filter(({ folded }) => folded).map(markX);
  const taken: Extent[] = folds.map((x) => ({ left: x - MARK_ROOM, right: x + MARK_ROOM }));
  if (span !== null) taken.push(...(span.kind === 'missing' ? [span] : edgesOf(span)));
  return backlog.segments.map(({ from, until, history }) => {
    const extent = { left: axis.x(from), right: axis.x(until) };
    return { ...extent, history, nameX: freePlace(extent, textWidth(history.name, IN_BAR_COLUMN), taken) };
  });
}

function edgesOf({ left, right }: Extent): Extent[] {
  return [left, right].map((x) => ({ left: x - 1, right: x + 1 }));
}

/** The leftmost place for something of a width within an extent where nothing else is; null without one. */
function freePlace({ left, right }: Extent, width: number, taken: readonly Extent[]): number | null {
  const free = (x: number): boolean =>
    x >= left &&
    x + width + IN_BAR_MARGIN <= right &&
    !taken.some((one) => one.left < x + width && x < one.right);
  const places = [left, ...taken.map((one) => one.right)].map((x) => x + IN_BAR_MARGIN);
  return places.sort((a, b) => a - b).find(free) ?? null;
}

/** Where the mark of a folded stretch stands. */
export function markX({ left, right }: Extent): number {
  return (left + right) / 2;
}

/** Over a bar stand what divides it and what is asked of it; a request's answer stands where its arrow comes in. */
function labelsAbove(row: SceneRow, index: number, scene: OffsetScene, axis: Axis): Label[] {
  const labels: Label[] = [];
  const { request } = scene;
  if (row.fence !== null) {
    labels.push({ text: `fence ${row.fence}`, kind: 'fence', x: axis.x(row.fence), anchor: 'middle' });
  }
  for (const { nameX, history, left, right } of segmentsOf(row.backlog, spanIn(index, request, axis), axis)) {
    if (nameX === null)
      labels.push({ text: history.name, kind: 'history', x: (left + right) / 2, anchor: 'middle' });
  }
  if (request === null) return labels;
  if (request.from === index && request.from < request.to) labels.push(asksLabel(request, axis));
  if (request.to === index && request.span !== null) {
    const { from, until, kind, text } = request.span;
    labels.push({ text, kind, x: (axis.x(from) + axis.x(until)) / 2, anchor: 'middle' });
  }
  if (request.to === index && request.from < request.to) labels.push(...meetsLabel(request, scene, axis));
  return labels;
}

function labelsBelow(row: SceneRow, index: number, scene: OffsetScene, axis: Axis): Label[] {
  const { backlog, without } = row;
  const { request } = scene;
  const labels: Label[] = [];
  if (backlog !== null) labels.push(...edgeLabels(backlog, axis));
  else if (without !== null && without !== '') {
    const x = row.offset === null || row.offset === 0 ? PLOT_LEFT : axis.x(row.offset + 1);
    labels.push({ text: without, kind: 'note', x, anchor: 'middle' });
  }
  if (request?.to === index && request.from >= request.to) labels.push(...meetsLabel(request, scene, axis));
  if (request?.from === index && request.from >= request.to) labels.push(asksLabel(request, axis));
  return labels;
}

/** The first and the last byte, as one text where the bar has no room for two. */
function edgeLabels({ from, until }: SceneBacklog, axis: Axis): Label[] {
  const left = axis.x(from);
  const right = axis.x(until);
  const middle = (left + right) / 2;
  if (from === until) {
    return [{ text: `empty backlog, its next byte is ${from}`, kind: 'note', x: left, anchor: 'middle' }];
  }
  const first = String(from);
  const last = String(until - 1);
  if (from === until - 1) return [{ text: first, kind: 'number', x: middle, anchor: 'middle' }];
  if (textWidth(first + last) + 24 > right - left) {
    return [{ text: `${first} to ${last}`, kind: 'number', x: middle, anchor: 'middle' }];
  }
  return [
    { text: first, kind: 'number', x: left + 5, anchor: 'start' },
    { text: last, kind: 'number', x: right - 9, anchor: 'end' },
  ];
}

/** What is asked for stands on the side that the arrow does not leave by. */
function asksLabel({ asks, offset }: SceneRequest, axis: Axis): Label {
  return offset === null
    ? { text: asks, kind: 'request', x: PLOT_LEFT, anchor: 'start' }
    : { text: asks, kind: 'request', x: axis.x(offset), anchor: 'middle' };
}

function meetsLabel({ meets, offset }: SceneRequest, { good }: OffsetScene, axis: Axis): Label[] {
  if (meets === null)
    return offset === null ? [] : [{ text: '?', kind: 'request', x: axis.x(offset) + 6, anchor: 'start' }];
  const text = offset === null && !meets.startsWith('refused') ? meets : `${good ? '✓' : '✗'} ${meets}`;
  const x = offset === null ? PLOT_LEFT : axis.x(offset);
  return [{ text, kind: 'meets', x: offset === null ? x : x + 6, anchor: 'start' }];
}

function arrowOf(
  { from, to, offset, meets }: SceneRequest,
  { good }: OffsetScene,
  rows: readonly RowLayout[],
  axis: Axis,
): ArrowLayout {
  const aside = offset === null;
  const up = to < from;
  const leaves = aside ? trackOf(rows[from]!) : edgeOf(rows[from]!, up ? 'top' : 'bottom');
  const lands = aside ? trackOf(rows[to]!) : edgeOf(rows[to]!, up ? 'bottom' : 'top') + (up ? 1 : -1);
  return {
    x: offset === null ? ASIDE_X : axis.x(offset),
    fromY: leaves,
    toY: meets === null && !aside ? (leaves + lands) / 2 : lands,
    aside,
    good: meets === null ? null : good,
  };
}

/** The middle of a row, where its track runs. */
function trackOf({ barTop }: RowLayout): number {
  return barTop + BAR_HEIGHT / 2;
}

/** Where an arrow leaves or meets a row: at its bar, or, where it has none, at its track. */
function edgeOf(row: RowLayout, side: 'top' | 'bottom'): number {
  if (row.bar === null && row.span === null) return trackOf(row);
  return side === 'top' ? row.barTop : row.barTop + BAR_HEIGHT;
}
