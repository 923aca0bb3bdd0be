import { describe, expect, test } from 'vitest';
import { handTrace } from '../trace/trace.test-helper.ts';
import { reportFiles, reportName } from './files.ts';

test.each([
  ['failover.yaml', 'failover'],
  ['./tests/failover.yml', 'tests/failover'],
  ['scenarios/06-failover/old-master-is-ahead.yaml', '06-failover/old-master-is-ahead'],
  ['/home/me/scenarios/03-backlog/one.yaml', '03-backlog/one'],
  ['/elsewhere/deep/one.yaml', 'one'],
  ['../../../etc/x.yaml', 'x'],
  ['-', 'scenario'],
  ['scenarios/.yaml', 'scenario'],
  ['no ending', 'no ending'],
])('the report of %s is %s', (file, name) => {
  expect(reportName(file, '/home/me')).toBe(name);
});

describe('the files of a report', () => {
  test('lie in the same folder, pictures one below', () => {
    const files = reportFiles('03-backlog/by-hand', [handTrace()], { formats: ['md'], handout: false });
    expect(files.map(({ path, main }) => [path, main])).toEqual([
      ['03-backlog/by-hand.md', true],
      ['03-backlog/by-hand/decision-1.svg', false],
    ]);
  });

  test('are a page for each case too', () => {
    const files = reportFiles('x', [handTrace(), handTrace()], { formats: ['html'], handout: false });
    expect(files.map(({ path, main }) => [path, main])).toEqual([
      ['x.html', true],
      ['x.case-2.html', true],
    ]);
    expect(files[0]!.text).toMatch(/^<!doctype html>/i);
  });

  test('of a handout have a name of their own', () => {
    const files = reportFiles('by-hand', [handTrace()], { formats: ['md'], handout: true });
    expect(files.map(({ path }) => path)).toEqual([
      'by-hand.handout.md',
      'by-hand/question-1.svg',
      'by-hand/decision-1.svg',
    ]);
  });
});
