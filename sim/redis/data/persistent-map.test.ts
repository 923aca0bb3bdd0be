import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Digest, hashText } from './digest.ts';
import { hashKey, PersistentMap } from './persistent-map.ts';

type Step = ['set', string, number] | ['delete', string];

/** Keys with one hash, found by trying: they end up in one node at the bottom of the tree. */
const COLLIDING = collisions(3);
const key = fc.oneof(
  fc.constantFrom(...COLLIDING.flat()),
  fc.integer({ min: 0, max: 200 }).map(String),
  fc.string(),
);
const steps = fc.array(
  fc.oneof(
    fc.tuple(fc.constant('set' as const), key, fc.integer()),
    fc.tuple(fc.constant('delete' as const), key),
  ) as fc.Arbitrary<Step>,
  { maxLength: 300 },
);

function collisions(groups: number): string[][] {
  const seen = new Map<number, string>();
  const found: string[][] = [];
  for (let i = 0; found.length < groups; i++) {
    const text = i.toString(36);
    const hash = hashKey(text);
    const other = seen.get(hash);
    if (other !== undefined) found.push([other, text]);
    else seen.set(hash, text);
  }
  return found;
}

function run(steps: Step[]): { map: PersistentMap<number>; model: Map<string, number> } {
  let map = PersistentMap.empty<number>();
  const model = new Map<string, number>();
  for (const step of steps) {
    if (step[0] === 'set') {
      map = map.set(step[1], step[2]);
      model.set(step[1], step[2]);
    } else {
      map = map.delete(step[1]);
      model.delete(step[1]);
    }
  }
  return { map, model };
}

function entries(map: PersistentMap<number>): [string, number][] {
  const list: [string, number][] = [];
  map.forEach((key, value) => {
    list.push([key, value]);
  });
  return list;
}

const ofEntry = (key: string, value: number): Digest => hashText(String(value), hashText(key));

describe('a persistent map', () => {
  test('holds what a Map holds after the same steps', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { map, model } = run(list);
        expect(map.size).toBe(model.size);
        expect(new Map(entries(map))).toEqual(model);
        for (const [key, value] of model) expect(map.get(key)).toBe(value);
        for (const [, key] of list) expect(map.has(key)).toBe(model.has(key));
      }),
      { numRuns: 300 },
    );
  });

  test('has order and digest by its contents alone, whatever led to them', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { map, model } = run(list);
        map.digest(ofEntry);
        let again = PersistentMap.empty<number>();
        for (const [key, value] of [...model].reverse()) again = again.set(key, value);
        expect(entries(again)).toEqual(entries(map));
        expect(again.digest(ofEntry).hex()).toBe(map.digest(ofEntry).hex());
        const other = again.set('one more', 1);
        expect(other.digest(ofEntry).hex() === again.digest(ofEntry).hex()).toBe(again.get('one more') === 1);
      }),
    );
  });

  test('leaves the map it was made from as it was', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const { map } = run(before);
        const kept = entries(map);
        let changed = map;
        for (const step of after)
          changed = step[0] === 'set' ? changed.set(step[1], step[2]) : changed.delete(step[1]);
        expect(entries(map)).toEqual(kept);
      }),
    );
  });

  test('computes the digest anew for what changed alone', () => {
    let map = PersistentMap.empty<number>();
    for (let i = 0; i < 1000; i++) map = map.set(`key:${i}`, i);
    map.digest(ofEntry);
    let asked = 0;
    map.set('key:7', 8).digest((key, value) => {
      asked++;
      return ofEntry(key, value);
    });
    expect(asked).toBe(1);
  });

  test('without a key it has not is the same map', () => {
    const map = PersistentMap.empty<number>().set('a', 1);
    expect(map.delete('b')).toBe(map);
  });
});
