import { describe, expect, it } from 'vitest';
import { loadAll, messagesOf, scenario } from './load.test-helper.ts';

const cases = (...lines: string[]) => loadAll(scenario(...lines)).map((loaded) => loaded.case);

it('an if: with an empty list holds in the case that has none', () => {
  const loaded = loadAll(
    scenario(
      'cases: [{ mutants: no-replid2 }, { mutants: [] }]',
      'expect:',
      '  - { if: { mutants: [] }, info: A, has: { role: master } }',
      '  - { if: { mutants: no-replid2 }, info: A, has: { role: master } }',
      '  - { if: { mutants: [no-replid2, no-upper-bound] }, info: A, has: { role: master } }',
    ),
  );
  expect(loaded.map(({ mutants, expect: kept }) => [mutants, kept.length])).toEqual([
    [['no-replid2'], 2],
    [[], 1],
  ]);
});

describe('a matrix', () => {
  it('runs every combination, the last key fastest', () => {
    expect(cases('matrix: { a: [yes, no], b: [100, 1mb] }')).toEqual([
      { a: 'yes', b: 100 },
      { a: 'yes', b: '1mb' },
      { a: 'no', b: 100 },
      { a: 'no', b: '1mb' },
    ]);
  });

  it(`stands for its value where \${key} is the whole scalar, else for its text`, () => {
    const text = [
      `name: "size \${size}"`,
      'duration: 9s',
      'nodes:',
      `  A: { config: { repl-backlog-size: "\${size}" } }`,
      'matrix: { size: [16kb], n: [3] }',
      `timeline: [{ at: 1s, on: A, repeat: { times: "\${n}", run: "SET k \${n}" } }]`,
    ].join('\n');
    const [loaded] = loadAll(text);
    expect(loaded!.name).toBe('size 16kb');
    expect(loaded!.nodes[0]!.config.get('repl-backlog-size')).toEqual(['16kb']);
    expect(loaded!.timeline[0]!.action).toMatchObject({ times: 3, commands: [{ text: 'SET k 3' }] });
  });

  it('puts what is wrong with a value where the value is used', () => {
    const text = scenario('matrix: { t: [1s, 99s] }', 'timeline:', `  - { at: "\${t}", kill: A }`);
    expect(messagesOf(text)).toEqual(['6:11: 99s is after the end of the run']);
  });

  it('sets the seed by its name, as written', () => {
    const loaded = loadAll(scenario('seed: 1', 'matrix: { seed: [7, 007] }'));
    expect(loaded.map(({ seed }) => seed)).toEqual(['7', '007']);
    expect(loaded.map((one) => one.case)).toEqual([{ seed: 7 }, { seed: '007' }]);
  });

  it('refuses a profile that is not built, and --profile takes its place', () => {
    const text = scenario('matrix: { profile: [redis-5.0, redis-7.0] }');
    const knownProfiles = ['redis-5.0'] as const;
    expect(messagesOf(text, { knownProfiles })).toEqual(['4:32: the profile "redis-7.0" is not built yet']);
    expect(loadAll(text, { profile: 'redis-5.0', knownProfiles }).map((one) => one.case)).toEqual([
      { profile: 'redis-5.0' },
    ]);
  });

  it('has lists of plain values', () => {
    expect(messagesOf(scenario('matrix: { a: 1 }'))).toEqual([
      '4:11: the matrix key "a" needs a list of values',
    ]);
    expect(messagesOf(scenario('matrix: { a: [{}] }'))).toEqual([
      '4:15: a value of "a" must be a text, a number, yes or no',
    ]);
  });
});

describe('cases', () => {
  it('are exact', () => {
    expect(cases('cases: [{ a: 1, b: x }, { a: 2, b: y }]')).toEqual([
      { a: 1, b: 'x' },
      { a: 2, b: 'y' },
    ]);
  });

  it('come after a matrix of the same keys, and run one of other keys each', () => {
    expect(cases('matrix: { a: [1, 2] }', 'cases: [{ a: 7 }]')).toEqual([{ a: 1 }, { a: 2 }, { a: 7 }]);
    expect(cases('matrix: { a: [1, 2] }', 'cases: [{ b: 7 }]')).toEqual([
      { b: 7, a: 1 },
      { b: 7, a: 2 },
    ]);
  });

  it('are chosen by --case', () => {
    const text = scenario('matrix: { a: [yes, no], b: [1, 2] }');
    expect(loadAll(text, { cases: ['a=no', 'b=2'] }).map((one) => one.case)).toEqual([{ a: 'no', b: 2 }]);
    expect(messagesOf(text, { cases: ['a=maybe'] })).toEqual(['--case a=maybe: no case has a=maybe']);
    expect(messagesOf(text, { cases: ['c=1'] })).toEqual(['--case c=1: no case has a key "c"']);
  });
});

describe('if', () => {
  const text = scenario(
    'matrix: { d: ["yes", "no"] }',
    'timeline:',
    '  - { at: 1s, kill: A, if: { d: "yes" } }',
    '  - { at: 2s, kill: B, if: { profile: redis-7.0 } }',
    '  - { at: 3s, repeat: { times: 1, do: [{ after: 1s, start: A }, { after: 1s, kill: B, if: { d: ["no", maybe] } }] } }',
  );

  it('limits entries, also repeated ones, to the cases that have the value', () => {
    const kinds = loadAll(text).map(({ timeline }) =>
      timeline.map(({ action }) => (action.kind === 'repeat-do' ? action.entries.length : action.kind)),
    );
    expect(kinds).toEqual([['kill', 1], [2]]);
  });

  it('names a key of some case', () => {
    expect(messagesOf(text.replace('{ d: "yes" }', '{ e: 1 }'))).toEqual(['6:30: no case has a key "e"']);
  });

  it('does not hold in a case without the key', () => {
    const some = scenario(
      'cases: [{ a: 1 }, { b: 2 }]',
      'timeline:',
      `  - { at: "\${b}s", kill: A, if: { b: 2 } }`,
    );
    expect(loadAll(some).map(({ timeline }) => timeline.length)).toEqual([0, 1]);
  });
});

describe(`\${key}`, () => {
  it('without a value is a problem, except in about', () => {
    expect(messagesOf(scenario(`about: "cost \${x}"`, `tags: ["\${x}"]`))).toEqual([
      `5:8: \${x} has no value`,
    ]);
    expect(messagesOf(scenario('matrix: { size: [1] }', `tags: ["\${sise}"]`))).toEqual([
      `5:8: \${sise} has no value in this case`,
    ]);
  });
});
