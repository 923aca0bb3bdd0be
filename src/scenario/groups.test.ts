import { describe, expect, it, test } from 'vitest';
import { checkName, expandRange, NodeNames, parseLink } from './groups.ts';
import { isWrong } from './problems.ts';

const names = new NodeNames(['A', 'B', 'C', 'R1', 'R2', 'R3']);

function link(text: string): string[] {
  const found = parseLink(text, names);
  if (isWrong(found)) throw new Error(found.message);
  return found.map(({ from, to }) => `${from}>${to}`).sort();
}

describe('names', () => {
  test.each(['all', 'default', 'nowhere', 'no'])('%s is taken', (name) => {
    expect(checkName(name)).toMatchObject({ message: `the name "${name}" is taken` });
  });

  test.each(['constructor', 'toString', 'a', 'A-1_b'])('%s is a good one', (name) => {
    expect(checkName(name)).toBeNull();
  });

  test.each(['', '1', '_a', '-', 'a b', 'ä', '__proto__', 'a.b'])('%s is none', (name) => {
    expect(checkName(name)).not.toBeNull();
  });
});

describe('ranges', () => {
  it('make one name for each number', () => {
    expect(expandRange('R9..R11')).toEqual(['R9', 'R10', 'R11']);
    expect(expandRange('R01..R03')).toEqual(['R01', 'R02', 'R03']);
    expect(expandRange('node-2..node-2')).toEqual(['node-2']);
  });

  test.each(['R3..R1', 'R1..S3', 'R..R3', 'R1..R5000', '1..3', '..'])('%s is none', (text) => {
    expect(isWrong(expandRange(text))).toBe(true);
  });
});

describe('links', () => {
  it('A <-> B is both directions, A -> B one', () => {
    expect(link('A <-> B')).toEqual(['A>B', 'B>A']);
    expect(link('A->B')).toEqual(['A>B']);
  });

  it('A <-> all is A against the rest', () => {
    expect(link('A <-> all')).toHaveLength(10);
    expect(link('A -> all')).toEqual(['A>B', 'A>C', 'A>R1', 'A>R2', 'A>R3']);
  });

  it('groups stand on either side', () => {
    expect(link('R1..R2 -> A B')).toEqual(['R1>A', 'R1>B', 'R2>A', 'R2>B']);
  });

  it('A | B C cuts between the groups and not within', () => {
    expect(link('A | B C')).toEqual(['A>B', 'A>C', 'B>A', 'C>A']);
    expect(link('A | B | C')).toEqual(['A>B', 'A>C', 'B>A', 'B>C', 'C>A', 'C>B']);
  });

  test.each(['A', 'A <- B', 'A -- B', 'A <-> A', 'A | A B', 'A <-> D', '<->', 'A ->', '|', ''])(
    '%s is none',
    (text) => {
      expect(isWrong(parseLink(text, names))).toBe(true);
    },
  );
});
