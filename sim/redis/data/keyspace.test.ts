import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { datasetDigest, Keyspace } from './keyspace.ts';
import { populatedValue } from './populated-range.ts';
import { RedisHash, RedisList, RedisSet, type RedisValue } from './values.ts';

const string = fc.constantFrom(
  '',
  'x',
  '12',
  '-129',
  '70000',
  'a much longer text, longer than eleven bytes',
);
const strings = fc.array(string, { minLength: 1, maxLength: 5 });

/** A value as plain data, from which it can be built twice in different ways. */
type Plain = string | { list: string[] } | { set: string[] } | { hash: [string, string][] };
const plain: fc.Arbitrary<Plain> = fc.oneof(
  string,
  strings.map((list) => ({ list })),
  fc.uniqueArray(string, { minLength: 1 }).map((set) => ({ set })),
  fc.uniqueArray(fc.tuple(string, string), { minLength: 1, selector: ([f]) => f }).map((hash) => ({ hash })),
);

function build(value: Plain, backwards = false): RedisValue {
  const ordered = <T>(items: T[]): T[] => (backwards ? [...items].reverse() : items);
  if (typeof value === 'string') return value;
  if ('list' in value) return RedisList.of(value.list);
  if ('set' in value) return ordered(value.set).reduce((set, member) => set.add(member), RedisSet.empty);
  return ordered(value.hash).reduce((hash, [f, v]) => hash.set(f, v), RedisHash.empty);
}

/** What a step of a random history does to a keyspace and to a plain map. */
type Step = { key: string; value: Plain | null; expireAt: number | null };
const key = fc.constantFrom('a', 'b', 'd:0', 'd:1', 'd:7', 'd:10', 'd:99', 'd:x', '');
const step: fc.Arbitrary<Step> = fc.record({
  key,
  value: fc.option(fc.oneof(plain, fc.constantFrom('value:1', 'value:10', 'value:7\0'))),
  expireAt: fc.option(fc.integer({ min: 1, max: 50 })),
});

function apply(start: Keyspace, steps: Step[]): Keyspace {
  return steps.reduce(
    (keyspace, { key, value, expireAt }) =>
      value === null ? keyspace.delete(key) : keyspace.set(key, build(value), expireAt),
    start,
  );
}

/** The same contents as an ordinary history leaves them, stored key by key. */
function contents(populated: { count: number; size: number } | null, steps: Step[]): Map<string, Step> {
  const map = new Map<string, Step>();
  for (let i = 0; i < (populated?.count ?? 0); i++) {
    const value = populatedValue(i, populated!.size);
    map.set(`d:${i}`, { key: `d:${i}`, value, expireAt: null });
  }
  for (const step of steps) {
    map.delete(step.key);
    if (step.value !== null) map.set(step.key, step);
  }
  return map;
}

describe('a keyspace', () => {
  test('holds what a map would hold, and knows which key expires first', () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const keyspace = apply(Keyspace.empty, steps);
        const expected = contents(null, steps);
        expect(keyspace.size).toBe(expected.size);
        expect([...keyspace.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const { key, expireAt } of expected.values()) expect(keyspace.get(key)?.expireAt).toBe(expireAt);
        const due = [...expected.values()]
          .filter(({ expireAt }) => expireAt !== null)
          .sort((x, y) => x.expireAt! - y.expireAt! || (x.key < y.key ? -1 : 1));
        expect(keyspace.volatileKeys).toBe(due.length);
        expect(keyspace.nextExpiry?.key).toBe(due[0]?.key);
        expect(keyspace.nextExpiry?.when).toBe(due[0]?.expireAt);
      }),
    );
  });

  test('populated, digests, counts and measures as if every key had been set by itself, in any order', () => {
    const populated = fc.record({
      count: fc.integer({ min: 0, max: 120 }),
      size: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(populated, fc.array(step), (range, steps) => {
        const one = apply(Keyspace.empty.populate('d', range.count, range.size), steps);
        let other = Keyspace.empty;
        for (const { key, value, expireAt } of [...contents(range, steps).values()].reverse()) {
          other = other.set(key, build(value!, true), expireAt);
        }
        expect(one.size).toBe(other.size);
        expect(one.dataBytes).toBe(other.dataBytes);
        expect(one.digest().hex()).toBe(other.digest().hex());
      }),
      { numRuns: 300 },
    );
  });

  test('populated after it had keys leaves those alone and brings back deleted ones', () => {
    const counts = fc.integer({ min: 0, max: 120 });
    fc.assert(
      fc.property(counts, fc.array(step), counts, (before, steps, after) => {
        const start = apply(Keyspace.empty.populate('d', before, 0), steps);
        const populated = start.populate('d', after, 0);
        let expected = start;
        for (let i = 0; i < after; i++) {
          if (!expected.has(`d:${i}`)) expected = expected.set(`d:${i}`, `value:${i}`, null);
        }
        expect(populated.size).toBe(expected.size);
        expect(populated.dataBytes).toBe(expected.dataBytes);
        expect(populated.digest().hex()).toBe(expected.digest().hex());
        for (const key of expected.keys()) expect(populated.get(key)).toEqual(expected.get(key));
      }),
    );
  });

  test('is not touched by changes to what was made from it', () => {
    const before = Keyspace.empty.set('a', '1', null);
    before.set('a', '2', 5).set('b', '3', null).delete('a');
    expect(before.get('a')).toEqual({ value: '1', expireAt: null });
    expect(before.size).toBe(1);
  });

  test('of ten million populated keys costs no more than one', () => {
    const started = performance.now();
    let keyspace = Keyspace.empty.populate('d', 10_000_000, 1000);
    keyspace = keyspace.set('d:9999999', 'other', null).delete('d:5');
    expect(keyspace.size).toBe(9_999_999);
    expect(keyspace.get('d:1234567')?.value).toBe('value:1234567'.padEnd(1000, '\0'));
    expect(keyspace.get('d:10000000')).toBeUndefined();
    expect(keyspace.digest().equals(Keyspace.empty.digest())).toBe(false);
    expect(keyspace.dataBytes).toBeGreaterThan(10_000_000_000);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe('the digest', () => {
  const of = (...steps: [string, RedisValue, (number | null)?][]): string =>
    datasetDigest({
      0: steps.reduce((ks, [key, value, at = null]) => ks.set(key, value, at), Keyspace.empty),
    });

  test('is forty zeros without keys, also where a database has been emptied', () => {
    expect(datasetDigest({})).toBe('0'.repeat(40));
    expect(datasetDigest({ 0: Keyspace.empty.set('a', '1', null).delete('a') })).toBe('0'.repeat(40));
  });

  test('differs by key, value, type, database and whether there is a time to live, not by that time', () => {
    const one = of(['a', '1']);
    expect(one).toMatch(/^[0-9a-f]{40}$/);
    const others = [
      of(['b', '1']),
      of(['a', '2']),
      of(['a', '1', 5]),
      of(['a', RedisList.of(['1'])]),
      of(['a', RedisList.of(['1', '2'])]),
      of(['a', RedisList.of(['2', '1'])]),
      of(['a', RedisList.of(['12'])]),
      of(['a', RedisSet.empty.add('1')]),
      of(['a', RedisHash.empty.set('1', '1')]),
      of(['a', '1'], ['b', '1']),
      of(['1', 'a']),
      of(['d:1', 'value:1']),
      of(['d:1', 'value:1', 5]),
      of(['d:1', 'value:1\0']),
      of(['e:1', 'value:1']),
      datasetDigest({ 1: Keyspace.empty.set('a', '1', null) }),
    ];
    expect(new Set([one, ...others]).size).toBe(others.length + 1);
    expect(of(['a', '1', 5])).toBe(of(['a', '1', 6]));
  });

  test('sees which keys of a populated range are gone, whatever their numbers add up to', () => {
    const start = Keyspace.empty.populate('d', 100, 0);
    const without = (...numbers: number[]): string =>
      numbers
        .reduce((keyspace, i) => keyspace.delete(`d:${i}`), start)
        .digest()
        .hex();
    expect(without(0, 3, 5, 6)).not.toBe(without(1, 2, 4, 7));
    expect(without(0, 3, 5, 6, 9, 10, 12, 15)).not.toBe(without(1, 2, 4, 7, 8, 11, 13, 14));
  });
});

describe('the bytes of a dataset', () => {
  test.each([
    ['a short string', 'x', 1 + 2 + 2],
    ['a small integer in two bytes', '12', 1 + 2 + 2],
    ['a 16-bit integer in three', '-129', 1 + 2 + 3],
    ['a 32-bit integer in five', '70000', 1 + 2 + 5],
    ['what only looks like an integer as it is', '007', 1 + 2 + 4],
    ['64 bytes with a length in two', 'x'.repeat(64), 1 + 2 + 66],
    ['20000 bytes with a length in five', 'x'.repeat(20000), 1 + 2 + 20005],
  ])('count %s', (_, value, bytes) => {
    expect(Keyspace.empty.set('k', value, null).dataBytes).toBe(bytes);
    expect(Keyspace.empty.set('k', value, 5).dataBytes).toBe(bytes + 9);
    expect(Keyspace.empty.set('k', value, 5).delete('k').dataBytes).toBe(0);
  });

  test('of a set of integers are those of an intset, until it gets another member', () => {
    const ints = RedisSet.empty.add('1').add('70000');
    expect(ints.rdbBytes()).toBe(1 + 8 + 2 * 4);
    expect(ints.add('x').remove('x').rdbBytes()).toBe(1 + 2 + 5);
  });
});
