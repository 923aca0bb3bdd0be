import { describe, expect, test } from 'vitest';
import { handDecision, handTrace } from '../../trace/trace.test-helper.ts';
import type { Trace } from '../../trace/trace.ts';
import { withoutCode } from './commonmark.test-helper.ts';
import { renderMarkdown } from './document.ts';
import { renderHandout } from './handout.ts';
import { hostileTrace } from './hostile.test-helper.ts';

const headings = (markdown: string): string[] => withoutCode(markdown).filter((line) => /^#+ /.test(line));

describe('a report in Markdown', () => {
  const trace = handTrace();
  const { markdown, pictures } = renderMarkdown([trace], 'by-hand');

  test('tells what happened, who spoke, what was decided and how it ended', () => {
    expect(headings(markdown)).toEqual([
      '# A backlog that is overwritten',
      '## What happened',
      '## Who said what to whom',
      '## What was decided',
      '### #1 · 3.000 s · B asks A: full/backlog-overwritten',
      '## How it ended',
    ]);
    expect(markdown).toContain(
      '**✓ held: 2 expectations and every invariant, in 6.000 s** · seed 1 · redis-5.0',
    );
    expect(markdown).toContain(
      '```console\nnpx psynclab run scenarios/03-backlog/by-hand.yaml --seed 1\n```',
    );
  });

  test('has a row for each decision, and one for each rule with both values', () => {
    expect(markdown).toContain(
      '| #1 | 3.000 s | B → A | `PSYNC A#1 51` | 552 to 2051 | ✗ `full/backlog-overwritten` |',
    );
    expect(markdown).toContain('| ✗ no | offset is not before the backlog | `51 >= 552` |');
  });

  test('quotes the wire and both logs word for word', () => {
    const [request, reply] = [trace.decisions[0]!.wire.request, trace.decisions[0]!.wire.reply];
    expect(markdown).toContain(`B → A  ${request}\nA → B  ${reply}`);
    for (const { text } of trace.decisions[0]!.lines) expect(markdown).toContain(text);
  });

  test('says what led there and what would have changed it', () => {
    expect(markdown).toContain('- 2.000 s, reset A \\<-\\> B'.replace('\\<', '&lt;'));
    expect(markdown).toContain(
      '**What would have changed it (each proven by a run)**\n\n- `partial/replid`: A.repl-backlog-size of at least 2001 bytes (it was 1500)',
    );
  });

  test('shows the decision in a picture beside it', () => {
    expect(pictures.map(({ file }) => file)).toEqual(['by-hand/decision-1.svg']);
    expect(markdown).toContain('](by-hand/decision-1.svg)');
    expect(pictures[0]!.svg).toContain('501 bytes missing');
  });

  test('names nodes that are down, and histories by their names', () => {
    expect(markdown).toContain('| **A** | master | `A#1` | 2051 | none | 1 |');
    expect(markdown).toContain('| **C** | down |  |  |  |  |');
  });

  test('is the same for the same runs', () => {
    expect(renderMarkdown([handTrace()], 'by-hand')).toEqual({ markdown, pictures });
  });

  test('says which expectations failed', () => {
    const failures = [{ kind: 'expectation', message: 'expected *this*', line: 31, at: 2_000_000 }];
    const failed = renderMarkdown([{ ...trace, verdict: { ok: false, expectations: 2, failures } }], 'x');
    expect(failed.markdown).toContain('**✗ 1 failure** · seed 1');
    expect(failed.markdown).toContain('- line 31, expectation at 2.000 s: expected \\*this\\*');
  });
});

describe('cases after the first', () => {
  const inCase = (name: string, more: Partial<Trace> = {}): Trace => {
    const trace = handTrace(more);
    return { ...trace, run: { ...trace.run, case: name } };
  };

  test('are told by what was decided otherwise, with pictures of their own', () => {
    const enough = handDecision({
      outcome: 'partial',
      reason: 'replid',
      backlog: { first: 51, next: 2052 },
      bytes: 2001,
      missingBytes: 0,
    });
    const { markdown, pictures } = renderMarkdown(
      [inCase('size=1500'), inCase('size=2001', { decisions: [enough] })],
      'x',
    );
    expect(headings(markdown).slice(1)).toEqual([
      '## Case 1: size=1500',
      '### What happened',
      '### Who said what to whom',
      '### What was decided',
      '#### #1 · 3.000 s · B asks A: full/backlog-overwritten',
      '### How it ended',
      '## Case 2: size=2001',
      '### #1 · 3.000 s · B asks A: partial/replid',
    ]);
    expect(pictures.map(({ file }) => file)).toEqual(['x/decision-1.svg', 'x/case-2-decision-1.svg']);
    expect(markdown).not.toContain('The same was decided');
  });

  test('in which the same was decided say no more than that', () => {
    const { markdown, pictures } = renderMarkdown([inCase('a=1'), inCase('a=2')], 'x');
    expect(markdown).toContain('The same was decided as in the first case.');
    expect(pictures).toHaveLength(1);
  });
});

describe('alike decisions in a row', () => {
  const refusal = (number: number) =>
    handDecision({ number, outcome: 'refused', reason: 'nomasterlink', at: number * 1_000_000 });

  test('are told once and counted', () => {
    const trace = handTrace({ decisions: [1, 2, 3].map(refusal) });
    const { markdown, pictures } = renderMarkdown([trace], 'x');
    expect(markdown).toContain('✗ `refused/nomasterlink`, 3 times |');
    expect(markdown).toContain('The same again, 2 times: #2 at 2.000 s, #3 at 3.000 s.');
    expect(pictures).toEqual([]);
  });

  test('of several replicas are told once, and both stand in the table', () => {
    const trace = handTrace({
      decisions: [handDecision(), handDecision({ number: 2, replica: 2, at: 3_500_000 })],
    });
    const { markdown, pictures } = renderMarkdown([trace], 'x');
    expect(markdown).toContain('The same again, 1 time: #2 (C) at 3.500 s.');
    expect(markdown).toContain('| #2 | 3.500 s | C → A |');
    expect(pictures).toHaveLength(1);
  });

  test('with another backlog are not alike', () => {
    const other = handDecision({ number: 2, replica: 2, backlog: { first: 552, next: 2053 } });
    expect(renderMarkdown([handTrace({ decisions: [handDecision(), other] })], 'x').pictures).toHaveLength(2);
  });

  test('have another row once there was another answer in between', () => {
    const trace = handTrace({ decisions: [refusal(1), handDecision({ number: 2 }), refusal(3)] });
    const { markdown } = renderMarkdown([trace], 'x');
    expect(markdown.match(/^\| #\d .*refused\/nomasterlink` \|$/gm)).toHaveLength(2);
    expect(headings(markdown).filter((line) => line.includes('refused'))).toHaveLength(1);
  });
});

describe('a handout', () => {
  const { markdown, pictures } = renderHandout([handTrace()], 'x');
  const [questions, answers] = markdown.split('## Answers');

  test('asks first, and gives nothing away', () => {
    expect(questions).toContain('## Question 1: 3.000 s · B asks A');
    expect(questions).toContain(
      'A goes by A#1 and remembers no id before it. It has bytes 552 to 2051 in its backlog.',
    );
    expect(questions).toContain('reset A <-> B');
    expect(questions).not.toMatch(/overwritten|missing|full\/|link to A is up/);
    expect(pictures[0]!.file).toBe('x/question-1.svg');
    expect(pictures[0]!.svg).not.toMatch(/overwritten|bytes missing/);
  });

  test('has the answers on the last page, and what the lesson is about', () => {
    expect(answers).toContain('### Question 1: #1 · 3.000 s · B asks A: full/backlog-overwritten');
    expect(answers).toContain('**so** | **full/backlog-overwritten**');
    expect(answers).toContain('It *cannot* continue.');
    expect(questions).toContain('page-break-before');
  });
});

describe.each([
  ['a report', renderMarkdown],
  ['a handout', renderHandout],
])('%s of a hostile scenario', (_, render) => {
  const { markdown, pictures } = render([hostileTrace(), hostileTrace()], "a b)'/..");
  const text = withoutCode(markdown);

  test('has no element but its own', () => {
    const tags = text.join('\n').match(/<[^>]*>/g) ?? [];
    const own = /^<(?:\/?(?:details|summary)|div style="page-break-before: always"|\/div)>$/;
    expect(tags.filter((tag) => !own.test(tag))).toEqual([]);
  });

  test('has no link and no image but its own pictures', () => {
    const links = text.join('\n').match(/(?<!\\)\]\(.*/g) ?? [];
    for (const link of links) expect(link).toMatch(/^\]\(a%20b%29%27\/\.\.\/[a-z0-9-]+\.svg\)$/);
  });

  test('has only headings of its own', () => {
    expect(text.filter((line) => /^#+ big/.test(line))).toEqual([]);
  });

  test('has no control character, and no picture that anything breaks out of', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left.
    expect(markdown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    for (const { svg } of pictures) expect(svg).not.toMatch(/<(?:script|img|!--)/);
  });
});
