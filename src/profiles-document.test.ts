import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Profile, redis50, redis70 } from '../sim/redis/profile.ts';

const DOCS = new URL('../docs/', import.meta.url);
const TEXT = readFileSync(new URL('profiles.md', DOCS), 'utf8');

interface Row {
  readonly topic: string;
  readonly rule: string;
  readonly apart: string;
}

/** The rows of the tables, their heads left out. */
const rows: Row[] = TEXT.split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| |'))
  .map((line) => {
    const [, topic = '', , , rule = '', apart = ''] = line.split(' | ').length === 5 ? cells(line) : [];
    return { topic, rule, apart };
  });

function cells(line: string): string[] {
  return ['', ...line.slice(2, -2).split(' | ')];
}

/** All of the simulated Redis's source, for the functions that rows name. */
const SOURCE = readdirSync(new URL('../sim/redis/', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.includes('.test'))
  .map((file) => readFileSync(new URL(`../sim/redis/${file}`, import.meta.url), 'utf8'))
  .join('\n');

const named = new Set(rows.flatMap(({ rule }) => [...rule.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)));

/** A rule's value in a form that can be compared. */
function shown(profile: Profile, rule: string): string {
  const value = profile[rule as keyof Profile];
  return typeof value === 'function' ? String(value) : JSON.stringify(value);
}

test('every row is whole', () => {
  expect(rows.length).toBeGreaterThan(60);
  for (const { topic, rule, apart } of rows)
    expect([topic !== '', rule !== '', apart !== '']).toEqual([true, true, true]);
});

/** What is no difference between versions: what they are called, and the promises that all of them keep. */
const NO_DIFFERENCE: readonly string[] = ['name', 'rules'];

describe.each(Object.keys(redis70).filter((rule) => !NO_DIFFERENCE.includes(rule)))('the rule %s', (rule) => {
  test('has a row', () => {
    expect(named).toContain(rule);
  });

  test('differs', () => {
    expect(shown(redis50, rule)).not.toBe(shown(redis70, rule));
  });
});

test.each([...named].filter((name) => !(name in redis70)))('%s is code', (name) => {
  expect(SOURCE).toMatch(new RegExp(`(function|const) ${name}\\b`));
});

describe.each(rows)('$topic', ({ apart }) => {
  /** Each link with what follows it up to the next. */
  const links = [...apart.matchAll(/\]\(([^)]+)\)([^[]*)/g)];

  test('names files and tests that there are', () => {
    expect(links).not.toEqual([]);
    for (const [, path, rest] of links) {
      const url = new URL(path!, DOCS);
      expect(existsSync(url), path).toBe(true);
      const text = readFileSync(url, 'utf8');
      const titles = [...rest!.matchAll(/“([^”]+)”/g)].map(([, title]) => title!);
      if (path!.endsWith('.test.ts')) expect(titles).not.toEqual([]);
      for (const title of titles) expect(text.includes(`'${title}`), title).toBe(true);
    }
  });
});
