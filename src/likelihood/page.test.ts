import { describe, expect, test } from 'vitest';
import { intervalOf } from './chart.ts';
import type { LikelihoodCurve } from './likelihood.ts';
import { likelihoodPage } from './page.ts';

const HOSTILE = `</style></script><script>alert("1")</script><img src=x onerror='alert(2)'>`;

const curve = (name: string): LikelihoodCurve => ({
  failure: { kind: 'invariant', message: `one-history ${name}`, file: 'a.yaml', line: 1, column: 1 },
  points: [
    { at: 0, futures: 40, failed: 4 },
    { at: 4_000_000, futures: 40, failed: 6 },
    { at: 6_000_000, futures: 40, failed: 40 },
    { at: 8_000_000, futures: 40, failed: 40 },
  ],
  story: [
    { at: 1_000_000, event: 1, node: 'A', kind: 'note', text: 'long before' },
    { at: 6_000_000, event: 2, node: 'B', kind: 'command', text: `promoted ${name}` },
  ],
  open: 4_000_000,
});
const page = (name = 'x') =>
  likelihoodPage(curve(name), { name, seed: '7', repeat: `npx psynclab run ${name} --seed 7` });

describe('the page of a likelihood', () => {
  test('draws every moment, and where it became certain', () => {
    expect(page().match(/<circle class="moment"/g)).toHaveLength(4);
    expect(page()).toContain('>certain from 6.000 s on</text>');
    expect(page()).toContain('It became certain between 4s and 6s: from there on every future failed.');
  });

  test('tells what happened only where it changed much', () => {
    expect(page()).toContain('<strong>B</strong> promoted x');
    expect(page()).not.toContain('long before');
  });

  test('has nothing in it that a name could open', () => {
    const hostile = page(HOSTILE);
    expect(hostile).not.toMatch(/<script|<img/);
    expect(hostile.match(/<style>/g)).toHaveLength(1);
  });
});

test.each([
  [{ failed: 0, futures: 40 }, 0, 0.088],
  [{ failed: 20, futures: 40 }, 0.352, 0.648],
  [{ failed: 40, futures: 40 }, 0.912, 1],
])('the interval of %j', (counts, least, most) => {
  const interval = intervalOf({ at: 0, ...counts });
  expect(interval.least).toBeCloseTo(least, 3);
  expect(interval.most).toBeCloseTo(most, 3);
});
