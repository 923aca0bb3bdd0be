import type { StoryEvent } from '../run/result.ts';
import type { Paint, Palette } from '../terminal/colour.ts';
import { formatClock } from '../terminal/format.ts';
import { sanitizeLine } from '../terminal/sanitize.ts';
import { displayWidth, toColumns, truncate, wrap } from '../terminal/width.ts';

/** Columns of the clock: `-123.456` and two blanks. */
const CLOCK = 11;
/** A node's column is never wider: what happens needs the room. */
const NAME_LIMIT = 12;
/** With less room for the text than this, a column per node is not worth having. */
const TEXT_MINIMUM = 36;

const MARKS: Readonly<Record<StoryEvent['kind'], string>> = {
  fault: '✗',
  role: '▲',
  link: '○',
  decision: '◆',
  timeout: '!',
  command: '>',
  sync: '●',
  client: '·',
  log: '·',
  note: '-',
};

/** The story without columns or colours: `time node text`, one line for each event. */
export function storyLines(story: readonly StoryEvent[]): string[] {
  return story.map(({ at, node, text }) => {
    const where = node === null ? '' : `${sanitizeLine(node)} `;
    return `${formatClock(at).padStart(CLOCK - 2)} ${where}${sanitizeLine(text)}`;
  });
}

/**
 * The story for a terminal `columns` wide: the clock, a column per node with a mark where something happened,
 * and what happened. Too narrow or too many nodes, and the node's name stands before the text instead.
 */
export function drawStory(
  story: readonly StoryEvent[],
  nodes: readonly string[],
  columns: number,
  palette: Palette,
): string[] {
  const names = nodes.map((name) => truncate(sanitizeLine(name), NAME_LIMIT));
  const widths = names.map((name) => Math.max(displayWidth(name), 1) + 2);
  const room = columns - CLOCK - widths.reduce((sum, width) => sum + width, 0);
  if (room < TEXT_MINIMUM) return drawNarrow(story, names, nodes, columns, palette);

  const header = names.map((name, i) => toColumns(name, widths[i]!)).join('');
  const lines = [`${' '.repeat(CLOCK)}${palette.strong(header.trimEnd())}`];
  for (const event of story) {
    const own = event.node === null ? -1 : nodes.indexOf(event.node);
    const paint = palette.kind[event.kind];
    const lanes = lanePainter(widths, own, event, paint, palette);
    for (const [i, line] of wrap(eventText(event, own), room).entries()) {
      const clock = i === 0 ? clockColumn(event.at) : ' '.repeat(CLOCK);
      lines.push(palette.faint(clock) + lanes(i === 0) + paint(line));
    }
  }
  return lines;
}

/** What stands in the node columns of an event's first line and of the lines that go on. */
function lanePainter(
  widths: readonly number[],
  own: number,
  event: StoryEvent,
  paint: Paint,
  palette: Palette,
): (first: boolean) => string {
  return (first) => {
    if (own < 0 && first) {
      return palette.faint(widths.map((width) => '─'.repeat(width - 1)).join('─')) + ' '.repeat(1);
    }
    return widths
      .map((width, i) => {
        const mark = i === own && first ? paint(MARKS[event.kind]) : palette.faint('│');
        return mark + ' '.repeat(width - 1);
      })
      .join('');
  };
}

/** An event at something that has no column (a client, say) names it. */
function eventText(event: StoryEvent, own: number): string {
  const text = sanitizeLine(event.text);
  return own < 0 && event.node !== null ? `${sanitizeLine(event.node)}: ${text}` : text;
}

function drawNarrow(
  story: readonly StoryEvent[],
  names: readonly string[],
  nodes: readonly string[],
  columns: number,
  palette: Palette,
): string[] {
  const nameWidth = Math.max(0, ...names.map(displayWidth)) + 1;
  const indent = CLOCK + nameWidth;
  const room = Math.max(columns - indent, 10);
  const lines: string[] = [];
  for (const event of story) {
    const own = event.node === null ? -1 : nodes.indexOf(event.node);
    const name = toColumns(names[own] ?? '', nameWidth);
    const paint = palette.kind[event.kind];
    for (const [i, line] of wrap(eventText(event, own), room).entries()) {
      const head = i === 0 ? palette.faint(clockColumn(event.at)) + palette.strong(name) : ' '.repeat(indent);
      lines.push(head + paint(line));
    }
  }
  return lines;
}

function clockColumn(at: number): string {
  return `${formatClock(at).padStart(CLOCK - 2)}  `;
}
