import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { StoryEvent } from '../run/result.ts';
import { createPalette } from '../terminal/colour.ts';
import { wantsColour } from '../terminal/colour-policy.ts';
import { displayWidth } from '../terminal/width.ts';
import type { Report, Summary } from './reporter.ts';
import { failedReport, failureOf, HOSTILE, reportOf, resultOf } from './result.test-helper.ts';
import { drawStory, storyLines } from './story.ts';
import { textReporter } from './text.ts';

const PLAIN = createPalette(false);

const STORY: readonly StoryEvent[] = [
  { at: -300_000, event: 0, node: 'A', kind: 'role', text: 'starts as a master' },
  {
    at: 3_000_000,
    event: 0,
    node: 'B',
    kind: 'decision',
    text: 'answers A: partial/replid2 '.repeat(5).trim(),
  },
  { at: 12_003_420, event: 0, node: null, kind: 'fault', text: 'partition A <-> B' },
  { at: 13_000_000, event: 0, node: 'app', kind: 'client', text: 'retries' },
];

const CLIENT = { name: 'app', sent: 9, acknowledged: 9, errors: 0, retries: 0, skipped: 0 };

function render(
  reports: readonly Report[],
  options: { columns?: number; colour?: boolean; stopped?: Summary['stopped']; planned?: number } = {},
): string {
  let text = '';
  const planned = options.planned ?? reports.length;
  const reporter = textReporter(
    (part) => {
      text += part;
    },
    {
      columns: options.columns ?? 80,
      palette: createPalette(options.colour ?? false),
      single: planned === 1,
    },
  );
  for (const report of reports) reporter.run(report);
  const failed = reports.filter(({ result }) => !result.ok).length;
  reporter.end({ runs: reports.length, failed, planned, stopped: options.stopped ?? null });
  return text;
}

test('a story has a column per node, a mark where it happened, and all of the text', () => {
  const lines = drawStory(STORY, ['A', 'B'], 80, PLAIN);
  expect(lines[0]).toBe('           A  B');
  expect(lines[1]).toBe('   -0.300  ▲  │  starts as a master');
  expect(lines[2]).toMatch(/^ {4}3\.000 {2}│ {2}◆ {2}answers A/);
  expect(lines[3]).toMatch(/^ {11}│ {2}│ {2}\S/);
  expect(lines.join(' ').match(/partial\/replid2/g)).toHaveLength(5);
  expect(lines.at(-2)).toBe('   12.003  ────  partition A <-> B'.replace('────  ', '───── '));
  expect(lines.at(-1)).toContain('app: retries');
});

test('no line of a story is wider than the terminal, however narrow or crowded', () => {
  const nodes = Array.from({ length: 12 }, (_, i) => `日本の長い名前のノード${i}`);
  const story = nodes.map(
    (node, i) => ({ at: i, event: 0, node, kind: 'log', text: `${node} ${'x'.repeat(90)}` }) as const,
  );
  for (const columns of [40, 80, 100, 200, 400]) {
    for (const line of drawStory(story, nodes, columns, PLAIN)) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  }
});

test('without room for columns the node stands before the text', () => {
  expect(drawStory(STORY, ['A', 'B'], 50, PLAIN)[0]).toBe('   -0.300  A starts as a master');
});

test('a plain story is one line for each event', () => {
  expect(storyLines(STORY)[2]).toBe('   12.003 partition A <-> B');
  expect(storyLines(STORY)).toHaveLength(STORY.length);
});

test('one run: name, seed and profile first, then the story, the cost and the verdict', () => {
  const lines = render([reportOf(resultOf({ clients: [CLIENT] }), STORY)], { columns: 120 }).split('\n');
  expect(lines[0]).toBe('a failover · seed 7 · redis-5.0');
  expect(lines).toContain('   -0.300  ▲  │  starts as a master');
  expect(lines).toContain(
    'cost: 2 full syncs (8123 bytes) · 1 fork · 0.041 s unreadable · longest write gap 0.012 s',
  );
  expect(lines.at(-2)).toBe('held: 3 expectations and every invariant, in 60.000 s and 1200 events');
});

test('where nothing writes there is no gap between writes', () => {
  expect(render([reportOf(resultOf())])).not.toContain('write gap');
});

test('of a very long story the beginning and the end are told, and how much is between', () => {
  const story = Array.from(
    { length: 500_000 },
    (_, i) => ({ at: i, event: 0, node: 'A', kind: 'note', text: `n${i}` }) as const,
  );
  const lines = render([reportOf(resultOf(), story)]).split('\n');
  expect(lines.length).toBeLessThan(5_000);
  expect(lines.filter((line) => /events left out/.test(line))).toEqual([
    '           … 496000 events left out …',
  ]);
  expect(lines.some((line) => line.endsWith(' n499999'))).toBe(true);
});

test('a failure says where, what was expected, what was, and how to repeat it', () => {
  const text = render([failedReport([failureOf({ at_ms: 12003 })])]);
  expect(text).toContain('failed: 1 failure\n');
  expect(text).toContain('  failover.yaml:31:5 expectation: psync C -> B\n');
  expect(text).toContain(
    '      expected partial/replid2\n      was      full/forced\n      at       12.003 s\n',
  );
  expect(text).toContain('  repeat: npx psynclab run failover.yaml --seed 7\n');
});

test('a known failure that fails is held, one that does not is failed', () => {
  expect(render([reportOf(resultOf({ failures: [failureOf()] }))])).toContain(
    'held: 1 failure, as the scenario says',
  );
  expect(render([failedReport([])])).toContain('failed: ');
});

test('many runs: a line each, the story only where one was recorded, and a summary', () => {
  const text = render([reportOf(resultOf()), { ...failedReport(), story: STORY }]);
  expect(text).toContain('ok   failover.yaml seed 7: a failover\nFAIL failover.yaml seed 7: a failover\n');
  expect(text.match(/starts as a master/g)).toHaveLength(1);
  expect(text).toMatch(/\n2 runs: 1 passed, 1 failed\n {2}npx psynclab run failover\.yaml --seed 7\n$/);
});

test('the summary says what was not run', () => {
  const reports = [failedReport()];
  expect(render(reports, { planned: 9, stopped: 'bail' })).toContain(
    '0 passed, 1 failed, 8 not run (--bail)',
  );
  expect(render(reports, { planned: 9, stopped: 'interrupted' })).toContain('interrupted with 8 not run');
});

test('no control character of a scenario reaches the terminal', () => {
  const story = [{ at: 0, event: 0, node: HOSTILE, kind: 'log', text: HOSTILE } as const];
  const failed = failedReport([failureOf({ message: HOSTILE, expected: HOSTILE, file: HOSTILE })], {
    name: HOSTILE,
    scenario: HOSTILE,
    seed: HOSTILE,
    profile: HOSTILE,
    case: { [HOSTILE]: HOSTILE },
    nodes: { [HOSTILE]: { state: 'down' } },
  });
  const text = render([{ ...failed, story }, reportOf(resultOf())]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('colours change nothing but colours', () => {
  const report = { ...failedReport(), story: STORY };
  const coloured = render([report], { colour: true });
  expect(coloured).toContain('\u001b[31m');
  expect(stripVTControlCharacters(coloured)).toBe(render([report]));
});

test('colour: the flag before FORCE_COLOR before NO_COLOR before the terminal', () => {
  expect(wantsColour(undefined, {}, true)).toBe(true);
  expect(wantsColour(undefined, {}, false)).toBe(false);
  expect(wantsColour(undefined, { TERM: 'dumb' }, true)).toBe(false);
  expect(wantsColour(undefined, { NO_COLOR: '1' }, true)).toBe(false);
  expect(wantsColour(undefined, { NO_COLOR: '' }, true)).toBe(true);
  expect(wantsColour(undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, false)).toBe(true);
  expect(wantsColour(undefined, { FORCE_COLOR: '0' }, true)).toBe(false);
  expect(wantsColour(false, { FORCE_COLOR: '1' }, true)).toBe(false);
  expect(wantsColour(true, { NO_COLOR: '1' }, false)).toBe(true);
});

test('a run alone tells its first warnings in words and counts the others', () => {
  const warning = (n: number) => ({
    invariant: 'no-needless-full-sync',
    node: 'C',
    message: `C holds A#1:${n}`,
    at_ms: 1500,
  });
  const warnings = Array.from({ length: 7 }, (_, n) => warning(n));
  const text = render([reportOf(resultOf({ warnings }))], { columns: 200 });
  expect(text).toContain('warning: no-needless-full-sync at 1.500 s: C holds A#1:0\n');
  expect(text).toContain('C holds A#1:4\n');
  expect(text).not.toContain('C holds A#1:5');
  expect(text).toContain('and 2 warnings more\n');
});
