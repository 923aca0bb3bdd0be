import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeedOutcome } from './outcome.ts';
import { planChunks } from './plan.ts';
import { SweepTally } from './tally.ts';

function outcome(seed: number, more: Partial<SeedOutcome> = {}): SeedOutcome {
  return {
    scenario: 0,
    seed: String(seed),
    events: 100,
    failures: [],
    reached: ['redis-5.0 decision full/forced'],
    contradiction: null,
    ...more,
  };
}

const failed = (seed: number, events: number, kind = 'invariant one-history'): SeedOutcome =>
  outcome(seed, { events, failures: [{ kind, message: `${kind} of seed ${seed}` }] });

function tallyOf(...outcomes: SeedOutcome[]): SweepTally {
  const tally = new SweepTally();
  for (const one of outcomes) tally.add(one);
  return tally;
}

describe('the plan', () => {
  test('the shards together play every scenario with every seed exactly once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 7 }),
        (scenarios, last, of) => {
          const played: string[] = [];
          for (let index = 1; index <= of; index++) {
            for (const chunk of planChunks(scenarios, { first: 3, last: last + 2 }, { index, of })) {
              for (let seed = chunk.first; seed <= chunk.last; seed++)
                played.push(`${chunk.scenario} ${seed}`);
            }
          }
          expect(new Set(played).size).toBe(played.length);
          expect(played).toHaveLength(scenarios * last);
        },
      ),
    );
  });
});

describe('the tally', () => {
  test('has each kind of failure once, with its quickest seed, in whatever order they come', () => {
    const outcomes = [failed(9, 500), failed(4, 300), outcome(5), failed(7, 300), failed(8, 900)];
    for (const all of [outcomes, outcomes.toReversed()]) {
      expect(tallyOf(...all).failures).toEqual([
        {
          scenario: 0,
          kind: 'invariant one-history',
          seeds: 4,
          seed: '4',
          events: 300,
          message: 'invariant one-history of seed 4',
        },
      ]);
    }
  });

  test('counts a seed that fails twice in one way once', () => {
    const twice = outcome(1, {
      failures: [
        { kind: 'expectation on line 9', message: 'first' },
        { kind: 'expectation on line 9', message: 'second' },
      ],
    });
    const tally = tallyOf(twice);
    expect([tally.failed, tally.failures[0]?.seeds, tally.failures[0]?.message]).toEqual([1, 1, 'first']);
  });

  test('keeps apart what fails in different ways or scenarios', () => {
    const tally = tallyOf(failed(1, 100), failed(2, 100, 'bound'), { ...failed(3, 100), scenario: 1 });
    expect(tally.failures.map(({ scenario, kind }) => `${scenario} ${kind}`)).toEqual([
      '0 bound',
      '0 invariant one-history',
      '1 invariant one-history',
    ]);
  });

  test('counts by how many seeds something was seen', () => {
    const tally = tallyOf(outcome(1), outcome(2), outcome(3, { reached: [] }));
    expect(tally.reached.get('redis-5.0 decision full/forced')).toBe(2);
  });
});
