import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const DOCS = new URL('../docs/', import.meta.url);
const TEXT = readFileSync(new URL('redis-test-suite.md', DOCS), 'utf8');
const links = [...TEXT.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path!);

test('every lesson that the table of Redis’s tests names is there', () => {
  expect(links.length).toBeGreaterThan(50);
  expect(links.filter((path) => !existsSync(new URL(path, DOCS)))).toEqual([]);
});

test('every lesson of that topic is in the table', () => {
  const lessons = readdirSync(new URL('../scenarios/12-redis-test-suite/', import.meta.url));
  expect(lessons.filter((file) => !links.includes(`../scenarios/12-redis-test-suite/${file}`))).toEqual([]);
});

test('a test without a lesson says why', () => {
  const rows = TEXT.split('\n').filter((line) => line.startsWith('| ') && line.includes('| none |'));
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter((row) => row.endsWith('| none |  |'))).toEqual([]);
});
