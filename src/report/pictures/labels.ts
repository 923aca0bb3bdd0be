import { sanitizeLine } from '../../terminal/sanitize.ts';
import { displayWidth, truncate } from '../../terminal/width.ts';

/** A text at a place of the axis that is to stand in a free lane over or under a bar. */
export interface Label {
  readonly text: string;
  readonly kind: LabelKind;
  readonly x: number;
  readonly anchor: Anchor;
}

export type LabelKind = 'number' | 'fence' | 'request' | 'meets' | 'missing' | 'sent' | 'history' | 'note';
export type Anchor = 'start' | 'middle' | 'end';

/** A label with its left end and the number of its lane, 0 nearest to the bar. */
export interface PlacedLabel {
  readonly text: string;
  readonly kind: LabelKind;
  readonly left: number;
  readonly width: number;
  readonly lane: number;
}

/** A column of text at the labels' size, on the safe side: nothing here can measure a font. */
const COLUMN = 6.7;
const BOLD_COLUMN = 7.6;
const PLAIN: ReadonlySet<LabelKind> = new Set(['number', 'note']);
const SPACE_BETWEEN = 10;
/** A label stays so far from a line. */
const BESIDE_LINE = 7;
/** A lane more than this is not opened; a label that fits nowhere goes into the last. */
const MOST_LANES = 6;

/** How wide a text is at most. */
export function textWidth(text: string, column = COLUMN): number {
  return displayWidth(text) * column;
}

/** A text of a scenario on one line and no longer than a picture can show. */
export function shortText(text: string, columns: number): string {
  return truncate(sanitizeLine(text), columns);
}

/**
 * Puts each label into the lowest lane that is free there; the first ones choose first. A line that runs through all
 * lanes at `line` is kept free.
 */
export function placeLabels(
  labels: readonly Label[],
  left: number,
  right: number,
  line: number | null = null,
): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const { text, kind, x, anchor } of labels) {
    const width = textWidth(text, PLAIN.has(kind) ? COLUMN : BOLD_COLUMN);
    const begin = besideLine(x - width * SHIFT[anchor], width, { left, right, line });
    const taken = placed.filter(
      (other) =>
        other.left < begin + width + SPACE_BETWEEN && begin < other.left + other.width + SPACE_BETWEEN,
    );
    let lane = 0;
    while (lane < MOST_LANES - 1 && taken.some((other) => other.lane === lane)) lane++;
    placed.push({ text, kind, left: begin, width, lane });
  }
  return placed;
}

const SHIFT = { start: 0, middle: 0.5, end: 1 } as const;

/** Where a label begins: within the bounds, and on the side of the line to which it has the shorter way. */
function besideLine(
  wanted: number,
  width: number,
  { left, right, line }: { left: number; right: number; line: number | null },
): number {
  const begin = Math.max(left, Math.min(wanted, right - width));
  if (line === null || begin > line + BESIDE_LINE || begin + width < line - BESIDE_LINE) return begin;
  const before = line - BESIDE_LINE - width;
  const after = line + BESIDE_LINE;
  if (before < left) return after;
  if (after + width > right) return before;
  return begin - before < after - begin ? before : after;
}

/** How many lanes labels take. */
export function lanesOf(labels: readonly PlacedLabel[]): number {
  return labels.reduce((most, { lane }) => Math.max(most, lane + 1), 0);
}
