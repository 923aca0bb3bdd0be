import { describe, expect, it, test } from 'vitest';
import { loadOne, messagesOf, problemsOf, scenario } from './load.test-helper.ts';
import { loadScenarioFile } from './load.ts';
import { MAX_FILE_BYTES } from './yaml-source.ts';

const rows: [what: string, text: string, message: string][] = [
  ['nothing', '', '1:1: the file is empty'],
  ['comments alone', '# a\n', '1:1: the file is empty'],
  ['a lone text', 'hello', '1:1: a scenario is a map of keys, not the text "hello"'],
  ['two documents', `${scenario()}---\na: 1\n`, '4:1: a second YAML document starts here'],
  ['another encoding', `${scenario()}# \uFFFD\n`, '4:3: the file is not UTF-8 text'],
  ['a control code', 'a\u0000b', '1:2: the file is not UTF-8 text'],
  ['a tab', 'nodes:\n\tA: {}\n', '2:1: a tab indents this line; YAML takes only blanks'],
  ['deep nesting', `a: ${'['.repeat(100_000)}`, '1:123: values lie too deep in each other'],
  ['deep nesting on one line', `a:\n${'  - '.repeat(5_000)}`, '2:476: values lie too deep in each other'],
  ['an alias of itself', 'a: &x [*x]\n', '1:8: *x holds itself'],
  ['an alias of nothing', 'a: *x\n', '1:4: no anchor &x stands before this alias'],
  ['__proto__ as a node', 'nodes:\n  __proto__: {}\n', '2:3: "__proto__" cannot be a key'],
  ['__proto__ as a key', '__proto__: { polluted: yes }\n', '1:1: "__proto__" cannot be a key'],
  ['a tag', 'name: !evil x\n', '1:7: "!evil" is a YAML tag nobody knows'],
  ['a tag of another value', 'name: !!str [x]\n', '1:7: "!!str" is no YAML tag of such a value'],
  [
    'a tag of no date',
    'name: !!timestamp x\n',
    '1:7: no valid YAML: !!timestamp expects a date, starting with yyyy-mm-dd',
  ],
  [
    'a list of pairs',
    scenario('timeline: !!omap [a: b]'),
    '4:18: a value of this YAML type has no meaning here',
  ],
  ['binary data', 'name: !!binary aGVsbG8=\n', '1:16: a value of this YAML type has no meaning here'],
  ['a map as a key', '{ a: 1 }: 2\n', '1:1: a key must be a word'],
  [
    'a matrix of millions',
    scenario(`matrix: { ${[...'abcdefg'].map((key) => `${key}: [1,2,3,4,5,6,7,8,9]`).join(', ')} }`),
    '4:9: the matrix has more than 2000 combinations',
  ],
];

describe('a hostile file gives one clear problem', () => {
  test.each(rows)('%s', (_what, text, message) => {
    expect(messagesOf(text)).toEqual([message]);
  });

  it('too large, before it is read', () => {
    const started = performance.now();
    expect(messagesOf('['.repeat(MAX_FILE_BYTES + 1))).toEqual(['1:1: the file is larger than 2 MiB']);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('an alias bomb, without spelling it out', () => {
    const levels = Array.from({ length: 20 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`);
    const [message, ...more] = messagesOf(`l0: &l0 [x]\n${levels.join('\n')}\n`);
    expect(message).toMatch(/with its aliases spelled out the file has more than 300000 values$/);
    expect(more).toEqual([]);
  });

  it('thousands of problems end in a count of the rest', () => {
    const messages = messagesOf(
      scenario('timeline:', ...Array.from({ length: 500 }, () => '  - { at: 99s, kill: A }')),
    );
    expect(messages).toHaveLength(101);
    expect(messages.at(-1)).toBe('104:11: and 400 more problems');
  });
});

describe('a harmless file is no problem', () => {
  it('nodes named as properties of every object are nodes', () => {
    const text = 'name: x\nduration: 9s\nnodes: { constructor: {}, toString: { replicaof: constructor } }\n';
    expect(loadOne(text).nodes.map(({ name, replicaof }) => [name, replicaof])).toEqual([
      ['constructor', null],
      ['toString', 'constructor'],
    ]);
    expect(messagesOf(`${text}timeline: [{ at: 1s, kill: hasOwnProperty }]\n`)).toEqual([
      '4:28: there is no node "hasOwnProperty"',
    ]);
  });

  it('a byte order mark and lines ending in CR LF', () => {
    expect(loadOne(`\uFEFF${scenario().replaceAll('\n', '\r\n')}`).nodes).toHaveLength(2);
  });

  it('anchors, aliases and merged maps', () => {
    const text =
      'name: x\nduration: 9s\nnodes:\n  A: &a { dataset: 1mb, boot: -1s }\n  B: { <<: *a, boot: -2s }\n  C: *a\n';
    expect(loadOne(text).nodes.map(({ dataset, boot }) => [dataset, boot])).toEqual([
      [1_048_576, -1_000_000],
      [1_048_576, -2_000_000],
      [1_048_576, -1_000_000],
    ]);
  });
});

describe('a syntax error on a line with an unquoted character of YAML says to quote it', () => {
  test.each([
    ['{', '{ at: 1s, on: A, run: SET key:{n} v }'],
    ['>', '{ when: { on: A, info: { connected_slaves: >= 1 } }, kill: A }'],
    ['>', '\n    at: >= 1'],
    ['@', '{ at: 1s, on: A, run: @x }'],
    ['%', '{ at: 1s, on: A, run: %x }'],
    ['*', '{ at: 1s, on: A, run: *x }'],
    ['&', '{ at: 1s, on: A, run: &x }'],
    ['[', '{ at: 1s, on: A, run: SET k [v] }'],
    ['{', '\n    run: {n} x'],
  ])('%s in %s', (character, entry) => {
    const [first] = problemsOf(scenario('timeline:', `  - ${entry}`));
    expect(first).toContain('quotes');
    expect(first!.split('hint: ')[1]).toContain(character);
  });
});

it('nothing that is loaded reaches the prototype of all objects', () => {
  loadScenarioFile('nodes: { __proto__: { polluted: yes } }\n__proto__: { polluted: yes }\n', 'x.yaml');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});
