import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Simulation } from '../../sim/simulation.ts';
import { scenarioOf } from '../run/run.test-helper.ts';
import { firstDifference } from './first-difference.ts';
import type { SeedOutcome } from './outcome.ts';
import { planChunks, watchEvery } from './plan.ts';
import { addRecord, mergeRecords, parseRecord, recordOf, type SweepRecord } from './record.ts';
import { SeedSet, type SeedSpan } from './seed-set.ts';
import { SweepTally } from './tally.ts';

function outcome(seed: number, more: Partial<SeedOutcome> = {}): SeedOutcome {
  return {
    scenario: 0,
    seed,
    events: 100,
    failures: [],
    reached: ['redis-5.0 decision full/forced'],
    watched: true,
    contradiction: null,
    ...more,
  };
}

const failed = (seed: number, events: number, kind = 'invariant one-history'): SeedOutcome =>
  outcome(seed, { events, failures: [{ kind, message: `${kind} of seed ${seed}` }] });

function tallyOf(...outcomes: SeedOutcome[]): SweepTally {
  const tally = new SweepTally(2);
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
            for (const chunk of planChunks({
              scenarios,
              seeds: { first: 3, last: last + 2 },
              shard: { index, of },
            })) {
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

describe('what was played before', () => {
  const span = fc
    .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 50 }))
    .map(([first, more]): SeedSpan => ({ first, last: first + more }));
  const seedsOf = (spans: readonly SeedSpan[]): number[] =>
    spans.flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => first + i));

  test('is a set of seeds, whatever the order in which they come', () => {
    fc.assert(
      fc.property(fc.array(span), span, (spans, wanted) => {
        const set = new SeedSet(spans);
        const all = [...new Set(seedsOf(spans))].sort((a, b) => a - b);
        expect(seedsOf(set.spans)).toEqual(all);
        expect(seedsOf(set.missing(wanted))).toEqual(seedsOf([wanted]).filter((seed) => !all.includes(seed)));
        const both = seedsOf([wanted]).filter((seed) => all.includes(seed));
        expect(set.shared(new SeedSet([wanted]))).toBe(both[0] ?? null);
      }),
    );
  });

  test('is not played again', () => {
    const played = [new SeedSet([{ first: 5, last: 31 }]), new SeedSet()];
    const chunks = [...planChunks({ scenarios: 2, seeds: { first: 1, last: 40 }, played })];
    expect(seedsOf(chunks.filter(({ scenario }) => scenario === 0))).toEqual([
      1, 2, 3, 4, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    ]);
    expect(seedsOf(chunks.filter(({ scenario }) => scenario === 1))).toHaveLength(40);
  });

  test('is watched whole where it is little, and one seed in twenty where it is much', () => {
    expect(watchEvery(1, { first: 1, last: 1000 })).toBe(1);
    expect(watchEvery(2, { first: 1, last: 1000 })).toBe(2);
    expect(watchEvery(1, { first: 1, last: 1_000_000 })).toBe(20);
  });
});

describe('a record', () => {
  const HEAD = {
    psynclab: '0.1.0',
    sweep: 'abc',
    profiles: ['redis-5.0' as const],
    names: ['a.yaml', 'b.yaml'],
  };
  const recordOfAll = (...outcomes: SeedOutcome[]): SweepRecord =>
    recordOf(tallyOf(...outcomes), HEAD, (scenario, seed) => [`play ${scenario} ${seed}`]);
  const whole = [failed(9, 500), failed(4, 300), outcome(5), { ...failed(3, 100), scenario: 1 }];

  test('read again, is what was counted', () => {
    const record = recordOfAll(...whole);
    const tally = new SweepTally(2);
    addRecord(tally, parseRecord(JSON.stringify(record)) as SweepRecord);
    expect(recordOf(tally, HEAD, (scenario, seed) => [`play ${scenario} ${seed}`])).toEqual(record);
  });

  test('of the parts together is that of the whole', () => {
    const [a, b, c, d] = whole;
    const parts = [recordOfAll(b!, d!), recordOfAll(a!), recordOfAll(c!)];
    expect(mergeRecords(parts)).toEqual(recordOfAll(...whole));
  });

  test.each([
    [{ sweep: 'other' }, 'they are of different scenarios, or of changed ones'],
    [{ psynclab: '0.0.9' }, 'they are of different versions of psynclab'],
  ])('with %j is joined with no other', (change, why) => {
    expect(mergeRecords([recordOfAll(outcome(1)), { ...recordOfAll(outcome(2)), ...change }])).toBe(why);
  });

  test('with a seed that another has is not joined with it', () => {
    expect(mergeRecords([recordOfAll(outcome(1), outcome(2)), recordOfAll(outcome(2))])).toBe(
      'seed 2 of a.yaml is in two of them',
    );
  });

  test.each([
    ['', 'is no JSON'],
    ['[]', 'is no record of a sweep'],
    [
      JSON.stringify({ ...recordOfAll(failed(1, 1)), scenarios: [{ name: 'b', played: [] }] }),
      'is no record of a sweep',
    ],
  ])('that is none is refused: %s', (text, why) => {
    expect(parseRecord(text)).toBe(why);
  });
});

describe('two runs that differ', () => {
  const scenario = scenarioOf('name: n\nduration: 2s\nnodes: { A: {}, B: { replicaof: A } }\n');
  let worlds = 0;
  /** Every second world of this kind has something on its agenda that the first had not. */
  class Fickle extends Simulation {
    constructor(...made: ConstructorParameters<typeof Simulation>) {
      super(...made);
      if (worlds++ % 2 === 1) this.schedule(1_000_000, 77);
    }
  }

  test('part at the first event that is not the same', () => {
    expect(firstDifference(scenario, '1', Fickle)).toMatchObject({ at: 1_000_000, node: null });
  });

  test('do not part where they are the same', () => {
    expect(firstDifference(scenario, '1')).toBeNull();
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
          seed: 4,
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
