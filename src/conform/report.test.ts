import { describe, expect, test } from 'vitest';
import { displayWidth } from '../terminal/width.ts';
import { type ConformResult, conformText } from './report.ts';

const LONG = `-ERR ${'something long '.repeat(8)}`.trim();

function failing(differing: ConformResult['differing']): ConformResult {
  return {
    scenario: 'a.yaml',
    case: null,
    verdict: 'fail',
    reasons: [],
    compared: 90,
    pinned: 80,
    allowed: 10 - differing.length,
    differing,
    seed: 3,
    logs: [
      { at_ms: 2900, where: 'real', node: 'A', text: 'before' },
      { at_ms: 3000, where: 'simulated', node: 'node-B', text: `at the moment ${LONG}` },
      { at_ms: 3100, where: 'real', node: 'A', text: 'after' },
    ],
  };
}

describe('what differs', () => {
  const text = conformText(
    failing([
      { fact: '3s A role', at_ms: 3000, real: 'master', simulated: ['slave', 'up'] },
      { fact: 'reply node-B #14 SET some:key with a value', at_ms: 3200, real: LONG, simulated: ['+OK'] },
      { fact: 'end A id', at_ms: 9000, real: '7', simulated: Array.from({ length: 30 }, (_, i) => `v${i}`) },
    ]),
    80,
  );

  test('stands side by side, real and simulated in columns of their own', () => {
    const rows = text.split('\n');
    const head = rows.find((row) => row.trimStart().startsWith('real '))!;
    const row = rows.find((one) => one.includes('3s A role'))!;
    expect(row.indexOf('master')).toBe(head.indexOf('real'));
    expect(row.indexOf('slave or up')).toBe(head.indexOf('simulated'));
    expect(text).toMatch(/or 22\s+others/);
  });

  test('goes into the columns of the terminal, however long a value is', () => {
    for (const columns of [60, 80, 200]) {
      const narrow = conformText(failing([{ fact: LONG, at_ms: 1, real: LONG, simulated: [LONG] }]), columns);
      for (const line of narrow.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
    }
    for (const line of text.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
  });

  test('is marked in the logs, which are one after the other in time', () => {
    const at = ['before', 'at the moment', '---- 3s A role differs', 'after'].map((part) =>
      text.indexOf(part),
    );
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(at[0]).toBeGreaterThan(0);
    expect(text).toContain('2.900s real A       before');
    expect(text).toContain('3.000s sim  node-B  at the moment');
  });

  test('is cut off where it is very much', () => {
    const many = Array.from({ length: 50 }, (_, i) => ({
      fact: `fact ${i}`,
      at_ms: i,
      real: '1',
      simulated: ['2'],
    }));
    const cut = conformText(failing(many), 80);
    expect(cut).toContain('fact 29');
    expect(cut).not.toContain('fact 30');
    expect(cut).toContain('and 20 more, which --json tells');
  });
});

test('an agreement is one line', () => {
  const agreed: ConformResult = { ...failing([]), verdict: 'pass', case: { diskless: 'yes' }, logs: [] };
  expect(conformText(agreed, 80)).toBe('pass  a.yaml (diskless=yes): 90 facts, 80 pinned, 10 allowed\n');
});
