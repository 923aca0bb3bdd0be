import { describe, expect, test } from 'vitest';
import { scenarioOf } from '../run/run.test-helper.ts';
import { disagreementSpans } from './disagreement-spans.ts';
import { disagreementsAt } from './disagreements.ts';
import { recordTrace } from './record.ts';
import { handTrace } from './trace.test-helper.ts';

const SILENCE = `
name: silence
duration: 30s
nodes:
  A: { config: { repl-timeout: 5 } }
  B: { replicaof: A, config: { repl-timeout: 5 } }
timeline:
  - { at: 10s, partition: A <-> B }
  - { at: 20s, heal: all }
`;

describe('where in a run servers disagree', () => {
  test('is where they do at every moment of it, and nowhere else', () => {
    const trace = recordTrace(scenarioOf(SILENCE), '1', { repeat: 'again' });
    const spans = disagreementSpans(trace);
    const inside = (moment: number): boolean => spans.some(({ from, to }) => from <= moment && moment <= to);
    const wrong = trace.moments.at
      .map((_, moment) => moment)
      .filter((moment) => inside(moment) !== disagreementsAt(trace, moment).length > 0);
    expect(wrong).toEqual([]);
    const times = spans.map(({ from, to }) => [trace.moments.at[from]!, trace.moments.at[to]!]);
    expect(times.filter(([from]) => from === 10_000_000)).toHaveLength(1);
    // B has given up, and A does not know it yet.
    expect(times.filter(([from]) => from! > 14_000_000 && from! < 15_000_000)).toHaveLength(1);
  });

  test('reaches to the end where it never ends', () => {
    const trace = handTrace({ cuts: [] });
    const span = disagreementSpans(trace).at(-1);
    const last = trace.moments.at.length - 1;
    expect(disagreementsAt(trace, last).length > 0).toBe(span?.to === last);
  });
});
