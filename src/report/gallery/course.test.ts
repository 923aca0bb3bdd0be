import { describe, expect, test } from 'vitest';
import { handDecision, handTrace } from '../../trace/trace.test-helper.ts';
import type { Trace, TraceDecision } from '../../trace/trace.ts';
import { withoutCode } from '../markdown/commonmark.test-helper.ts';
import { hostileTrace } from '../markdown/hostile.test-helper.ts';
import { courseEntry, coursePage } from './course.ts';

const lesson = (name: string, ...cases: (readonly Partial<TraceDecision>[])[]) => ({
  name,
  traces: cases.map(
    (decisions): Trace =>
      handTrace({ decisions: decisions.map((more, i) => handDecision({ number: i + 1, ...more })) }),
  ),
});

const forced = { reason: 'forced', replid: '?', offset: -1 };
const partial = { outcome: 'partial', reason: 'replid' } as const;

describe('the course', () => {
  test('has a heading for each topic, and its lessons counted through', () => {
    const entries = ['01-first-sync/a', '01-first-sync/b', '03-backlog/c'].map((name) =>
      courseEntry(lesson(name, [{}])),
    );
    const lines = coursePage(entries, '# A course\n').split('\n');
    expect(lines.filter((line) => /^(#|\d+\.)/.test(line))).toEqual([
      '# A course',
      '## First sync',
      '1. **[A backlog that is overwritten](01-first-sync/a.md)**  ',
      '2. **[A backlog that is overwritten](01-first-sync/b.md)**  ',
      '## Backlog',
      '3. **[A backlog that is overwritten](03-backlog/c.md)**  ',
    ]);
  });

  test('gives an idea in the words of the lesson, not cut within a sentence', () => {
    expect(courseEntry(lesson('x/a', [{}])).lines[1]).toBe('B is away while A writes.  ');
  });

  test('leads to the heading of the decision that matters, as GitHub names it', () => {
    expect(courseEntry(lesson('x/a', [forced, {}])).lines.at(-1)).toBe(
      '*Look at* [#2 at 3.000 s](x/a.md#2--3000-s--b-asks-a-fullbacklog-overwritten): B asks A `PSYNC A#1 51`, `full/backlog-overwritten`.',
    );
  });

  test.each([
    ['a full sync that was none of a fresh node', [forced, {}, partial], 2],
    ['else a partial one', [forced, partial, { outcome: 'refused', reason: 'masterdown' }], 2],
    ['else a refusal', [forced, { outcome: 'refused', reason: 'masterdown' }], 2],
    ['else what there is', [forced], 1],
  ] as const)('takes %s', (_, decisions, number) => {
    expect(courseEntry(lesson('x/a', decisions as readonly Partial<TraceDecision>[])).lines.at(-1)).toContain(
      `[#${number} at `,
    );
  });

  test('says which cases had another answer', () => {
    const entry = courseEntry(lesson('x/a', [{}], [partial], [{}], [partial], [partial], []));
    expect(entry.lines.at(-1)).toMatch(
      /`full\/backlog-overwritten`; `partial\/replid` in cases 2, 4 to 5, nothing asked in case 6\.$/,
    );
  });

  test('says so where nothing was asked', () => {
    expect(courseEntry(lesson('x/a', [])).lines.at(-1)).toContain('nothing was asked');
  });

  test('of a hostile lesson has three lines and no element', () => {
    const { lines } = courseEntry({ name: 'x/a b)(', traces: [hostileTrace()] });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain('](x/a%20b%29%28.md)**');
    expect(withoutCode(lines.join('\n')).join('\n')).not.toMatch(/<|(?<!\\)\]\(http/);
  });
});
