import { plural } from '../../terminal/format.ts';
import { sanitizeLine } from '../../terminal/sanitize.ts';
import { truncate } from '../../terminal/width.ts';
import { NO_NODE, type Trace } from '../../trace/trace.ts';
import { type SequenceStep, sequenceSteps, stepText } from './sequence-steps.ts';

/** More nobody reads, and what Mermaid draws gets too high for a screen. */
const MOST_STEPS = 90;
/** Mermaid refuses a text of 50,000 characters. */
const MOST_TEXT = 40_000;
const MOST_COLUMNS = 70;
const NAME_COLUMNS = 24;
/** A loop of more steps than this is no pattern that anybody sees. */
const LONGEST_LOOP = 12;

/** A run as the text of a Mermaid sequence diagram; null where nobody said anything to anybody. */
export function sequenceDiagram(trace: Trace): string[] | null {
  const steps = sequenceSteps(trace);
  if (!steps.some(({ kind }) => kind === 'arrow')) return null;
  for (let most = MOST_STEPS; ; most = Math.floor(most / 2)) {
    const lines = diagram(trace, steps, most);
    if (lines.reduce((sum, { length }) => sum + length + 1, 0) < MOST_TEXT || most <= 2) return lines;
  }
}

function diagram(trace: Trace, steps: readonly SequenceStep[], most: number): string[] {
  const names = trace.nodes.map(({ name }, i) => `  participant ${id(i)} as ${said(name, NAME_COLUMNS)}`);
  const blocks = loopsIn(steps);
  const size = blocks.reduce((sum, { steps: inner }) => sum + inner.length, 0);
  const lines: string[] = [];
  // The end of a run tells more than its beginning, which is a first synchronization as often as not.
  const first = Math.ceil(most / 3);
  const last = most - first;
  let count = 0;
  let told = false;
  for (const block of blocks) {
    const before = count;
    count += block.steps.length;
    if (size > most && before >= first && count <= size - last) {
      if (!told)
        lines.push(noteLine(trace, [NO_NODE], `… ${plural(size - most, 'step')} left out, more or less …`));
      told = true;
      continue;
    }
    lines.push(...blockLines(trace, block));
  }
  return ['sequenceDiagram', ...names, ...lines];
}

/** Steps that come so often in a row. */
interface Block {
  readonly steps: readonly SequenceStep[];
  readonly times: number;
}

/** Finds what repeats itself, the longest saving first at each place. */
function loopsIn(steps: readonly SequenceStep[]): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < steps.length; ) {
    let best = { length: 1, times: 1 };
    for (let length = 1; length <= LONGEST_LOOP && i + 2 * length <= steps.length; length++) {
      let times = 1;
      while (alike(steps, i, i + times * length, length)) times++;
      if ((times - 1) * length > (best.times - 1) * best.length) best = { length, times };
    }
    blocks.push({ steps: steps.slice(i, i + best.length), times: best.times });
    i += best.length * best.times;
  }
  return blocks;
}

function alike(steps: readonly SequenceStep[], a: number, b: number, length: number): boolean {
  if (b + length > steps.length) return false;
  for (let k = 0; k < length; k++) if (likeness(steps[a + k]!) !== likeness(steps[b + k]!)) return false;
  return true;
}

function likeness(step: SequenceStep): string {
  return step.kind === 'arrow'
    ? `${step.from} ${step.to} ${step.style} ${step.said}`
    : `${step.over.join(' ')} ${step.said}`;
}

function blockLines(trace: Trace, { steps, times }: Block): string[] {
  if (times === 1) return steps.map((step) => stepLine(trace, step));
  return [
    `  loop ${said(plural(times, 'time'), MOST_COLUMNS)}`,
    ...steps.map((step) => `  ${stepLine(trace, step)}`),
    '  end',
  ];
}

const ARROWS = { says: '->>', replies: '-->>', lost: '-x' } as const;

function stepLine(trace: Trace, step: SequenceStep): string {
  if (step.kind === 'note') return noteLine(trace, step.over, stepText(step));
  const text = step.style === 'lost' ? `${stepText(step)} (lost)` : stepText(step);
  return `  ${id(step.from)}${ARROWS[step.style]}${id(step.to)}: ${said(text, MOST_COLUMNS)}`;
}

function noteLine({ nodes }: Trace, over: readonly number[], text: string): string {
  const all = over.includes(NO_NODE);
  const place = all ? [...new Set([id(0), id(nodes.length - 1)])] : over.map(id);
  return `  Note over ${place.join(',')}: ${said(text, MOST_COLUMNS)}`;
}

/** Participants have numbers: a name of the scenario could be a word of Mermaid's. */
function id(node: number): string {
  return `n${node}`;
}

/** Any text as Mermaid shows it: every sign that could mean something to it is written as a number. */
export function said(text: string, columns: number): string {
  const shown = truncate(sanitizeLine(text).trim(), columns);
  const safe = [...shown].map((sign) => (SAFE.test(sign) ? sign : `#${sign.codePointAt(0)};`)).join('');
  return safe === '' ? '#160;' : safe;
}

const SAFE = /^[\p{L}\p{N} .,/_+*=?()'·→…-]$/u;
