import { describeScene } from './describe.ts';
import { SLOTS } from './history-slots.ts';
import { type PlacedLabel, shortText } from './labels.ts';
import {
  type ArrowLayout,
  BAR_HEIGHT,
  type Extent,
  LANE_HEIGHT,
  MARGIN,
  markX,
  NAME_COLUMNS,
  type OffsetLayout,
  PLOT_LEFT,
  type RowLayout,
} from './layout.ts';
import { HISTORY_PATTERNS } from './patterns.ts';
import { OFFSET_STYLE } from './style.ts';
import { escapeXml } from './xml.ts';

export interface SvgOptions {
  /** Begins the ids in the markup: no two pictures of one page may have the same. */
  readonly id: string;
  /** A file of its own brings its colours with it; in a page these come with the page. */
  readonly standalone: boolean;
}

const FENCE_OVER = 7;
const MARK_WIDTH = 5;
const MARK_SLANT = 4;
const HEADING_COLUMNS = 88;

/** The markup of an offset picture. */
export function offsetSvg(layout: OffsetLayout, { id, standalone }: SvgOptions): string {
  const { width, height, scene, rows, arrow } = layout;
  const slots = scene.histories.map(({ slot }) => slot % SLOTS);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="op" viewBox="0 0 ${width} ${height}"${
      standalone ? ` width="${width}" height="${height}"` : ''
    } role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escapeXml(scene.heading)}</title>`,
    `<desc id="${id}-desc">${escapeXml(describeScene(scene))}</desc>`,
    ...(standalone ? [`<style>${OFFSET_STYLE}</style>`] : []),
    ...patterns(slots, id),
    ...(standalone ? [`<rect class="op-ground" width="${width}" height="${height}" rx="6"/>`] : []),
    ...heading(layout),
    ...rows.flatMap((row) => rowMarkup(row, layout, id)),
    ...axisMarkup(layout),
    ...(arrow === null ? [] : arrowMarkup(arrow)),
    ...rows.flatMap(labelsMarkup),
    ...legend(layout, id),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

function patterns(slots: readonly number[], id: string): string[] {
  const used = slots.filter((slot) => HISTORY_PATTERNS[slot] !== '');
  if (used.length === 0) return [];
  return [
    '<defs>',
    ...[...new Set(used)].map(
      (slot) =>
        `<pattern id="${id}-p${slot}" width="8" height="8" patternUnits="userSpaceOnUse"><path class="op-pattern" d="${HISTORY_PATTERNS[slot]}"/></pattern>`,
    ),
    '</defs>',
  ];
}

function heading({ scene, width, verdictY }: OffsetLayout): string[] {
  const lines = [text('op-head', MARGIN, 22, shortText(scene.heading, HEADING_COLUMNS))];
  if (scene.verdict !== null) {
    const paint = scene.good ? 'op-good' : 'op-bad';
    lines.push(text(`op-head ${paint}`, width - MARGIN, verdictY, scene.verdict, 'end'));
  }
  return lines;
}

function rowMarkup(layout: RowLayout, { axis }: OffsetLayout, id: string): string[] {
  const { row, barTop, segments, bar, tick, fence, span } = layout;
  const bottom = barTop + BAR_HEIGHT;
  const middle = barTop + BAR_HEIGHT / 2;
  const marks = axis.stretches.filter(
    (one) => one.folded && bar !== null && bar.left <= one.left && one.right <= bar.right,
  );
  return [
    text('op-name', MARGIN, barTop + 9, shortText(row.name, NAME_COLUMNS)),
    text('op-role', MARGIN, barTop + 23, shortText(row.role, NAME_COLUMNS + 5)),
    text('op-role', MARGIN, barTop + 37, row.ids),
    `<path class="op-track" d="M${PLOT_LEFT} ${n(middle)}H${n(axis.right)}"/>`,
    ...segments.flatMap(({ left, right, history }) => box(left, right, barTop, history.slot, id)),
    ...(bar === null ? [] : [`<path class="op-edge" d="${rectangle(bar, barTop, BAR_HEIGHT)}"/>`]),
    ...marks.flatMap((one) => foldMark(markX(one), barTop - 2, bottom + 2)),
    ...(span === null ? [] : [spanMarkup(span, span.kind, barTop)]),
    ...(fence === null
      ? []
      : [`<path class="op-fence" d="M${n(fence)} ${n(barTop - FENCE_OVER)}V${n(bottom + 3)}"/>`]),
    ...(tick === null ? [] : [tickMarkup(tick, middle)]),
    ...segments.flatMap(({ history, nameX }) =>
      nameX === null ? [] : [text('op-in', nameX, middle + 4.5, history.name)],
    ),
  ];
}

function box(left: number, right: number, top: number, slot: number, id: string): string[] {
  const own = slot % SLOTS;
  const place = `x="${n(left)}" y="${n(top)}" width="${n(right - left)}" height="${BAR_HEIGHT}"`;
  const plain = `<rect class="op-h${own}" ${place}/>`;
  return HISTORY_PATTERNS[own] === '' ? [plain] : [plain, `<rect fill="url(#${id}-p${own})" ${place}/>`];
}

function rectangle({ left, right }: Extent, top: number, height: number): string {
  return `M${n(left)} ${n(top)}H${n(right)}V${n(top + height)}H${n(left)}Z`;
}

function spanMarkup(extent: Extent, kind: 'sent' | 'missing', top: number): string {
  return `<path class="op-span-${kind}" d="${rectangle(extent, top, BAR_HEIGHT)}"/>`;
}

/** A diamond on the track, where a node's next byte would stand. */
function tickMarkup(x: number, middle: number): string {
  return `<path class="op-tick" d="M${n(x - 5)} ${n(middle)}l5 -5l5 5l-5 5z"/>`;
}

/** Two slanted strokes with nothing between them. */
function foldMark(x: number, top: number, bottom: number): string[] {
  const high = x + MARK_SLANT;
  const low = x - MARK_SLANT;
  const half = MARK_WIDTH / 2;
  const y = `${n(top)}L${n(low - half)} ${n(bottom)}`;
  return [
    `<path class="op-fold" d="M${n(high - half)} ${y}H${n(low + half)}L${n(high + half)} ${n(top)}Z"/>`,
    `<path class="op-fold-edge" d="M${n(high - half)} ${y}M${n(high + half)} ${n(top)}L${n(low + half)} ${n(bottom)}"/>`,
  ];
}

function axisMarkup({ axis, axisY }: OffsetLayout): string[] {
  const { left, right, stretches } = axis;
  const folds = stretches.filter(({ folded }) => folded);
  return [
    `<path class="op-axis" d="M${left} ${n(axisY)}H${n(right)}m-6 -3l6 3l-6 3"/>`,
    ...folds.flatMap((one) => foldMark(markX(one), axisY - 5, axisY + 5)),
    text('op-axis-name', left - 8, axisY + 4, 'byte of the stream', 'end'),
  ];
}

function arrowMarkup({ x, fromY, toY, aside, good }: ArrowLayout): string[] {
  const kind = good === null ? '' : good ? '-good' : '-bad';
  const shaft = `op-arrow${kind === '' ? '' : ` op-arrow${kind}`}`;
  const head = `op-tip${kind === '' ? '' : ` op-tip${kind}`}`;
  if (aside) {
    const end = PLOT_LEFT - 2;
    return [
      `<path class="${shaft}" d="M${end} ${n(fromY)}H${x}V${n(toY)}H${end - 6}"/>`,
      `<path class="${head}" d="M${end} ${n(toY)}l-9 -5v10z"/>`,
    ];
  }
  const down = toY > fromY ? -1 : 1;
  return [
    `<path class="${shaft}" d="M${n(x)} ${n(fromY)}V${n(toY + 8 * down)}"/>`,
    `<path class="${head}" d="M${n(x)} ${n(toY)}l5 ${9 * down}h-10z"/>`,
  ];
}

function labelsMarkup({ above, below, barTop }: RowLayout): string[] {
  const bottom = barTop + BAR_HEIGHT;
  return [
    ...above.map((label) =>
      labelMarkup(label, barTop - 5 - label.lane * LANE_HEIGHT - (label.lane === 0 ? 0 : 1)),
    ),
    ...below.map((label) => labelMarkup(label, bottom + 12.5 + label.lane * LANE_HEIGHT)),
  ];
}

function labelMarkup({ text: said, kind, left, width }: PlacedLabel, y: number): string {
  const paint = kind === 'meets' ? (said.startsWith('✓') ? 'op-good' : 'op-bad') : CLASSES[kind];
  return text(paint, left + width / 2, y, said, 'middle');
}

const CLASSES = {
  number: 'op-number',
  fence: 'op-fence-label',
  request: 'op-request',
  missing: 'op-missing',
  sent: 'op-sent',
  history: 'op-in',
  note: 'op-note',
} as const;

/** What the colours and the signs mean, as far as the picture has them. */
function legend({ scene, axis, legendY }: OffsetLayout, id: string): string[] {
  const lines: string[] = [];
  let x = MARGIN;
  const say = (said: string): void => {
    lines.push(text('op-legend', x, legendY + 4, said));
    x += said.length * 6.5 + 22;
  };
  for (const { name, slot } of scene.histories) {
    lines.push(
      ...box(x, x + 18, legendY - 6, slot, id).map((one) =>
        one.replace(`height="${BAR_HEIGHT}"`, 'height="12"'),
      ),
    );
    x += 24;
    say(name);
  }
  if (scene.rows.some(({ fence }) => fence !== null)) {
    lines.push(`<path class="op-fence" d="M${n(x)} ${n(legendY - 8)}v16"/>`);
    x += 8;
    say('fence: before it, bytes of the former history');
  }
  if (axis.stretches.some(({ folded }) => folded)) {
    lines.push(...foldMark(x + 4, legendY - 6, legendY + 6));
    x += 16;
    say('many bytes, drawn short');
  }
  return lines;
}

function text(
  kind: string,
  x: number,
  y: number,
  said: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  const place = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text class="${kind}" x="${n(x)}" y="${n(y)}"${place}>${escapeXml(said)}</text>`;
}

/** A coordinate, as short as it can be said. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
