import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatorError } from './assert.ts';
import { RandomStreams } from './random.ts';

/** Whoever changes one of these changes every recorded trace hash. */
const GOLDEN: Record<string, readonly [number, number, number]> = {
  '1|boot': [703186730, 4103625344, 2385180305],
  '7|link/A->B/jitter': [3168742582, 3400793401, 1301134085],
  'a seed of words|node/R20/ids': [4097266652, 994673818, 4162238447],
};

describe('RandomStreams', () => {
  it.each(Object.keys(GOLDEN))('draws the pinned 32-bit numbers for %s', (key) => {
    const [seed, name] = key.split('|') as [string, string];
    const stream = new RandomStreams(seed).stream(name);
    const drawn = [stream.next(), stream.next(), stream.next()].map((u) => u * 2 ** 32);
    expect(drawn).toEqual(GOLDEN[key]);
  });

  it('makes a stream once: asking again goes on with it', () => {
    const streams = new RandomStreams('1');
    expect(streams.stream('x')).toBe(streams.stream('x'));
    expect(streams.stream('x').next()).not.toBe(streams.stream('x').next());
  });

  it('leaves a stream as it was, whatever is drawn from others', () => {
    const alone = new RandomStreams('5').stream('x');
    const streams = new RandomStreams('5');
    streams.stream('y').hex(100);
    streams.stream('x2').next();
    expect(streams.stream('x').hex(40)).toBe(alone.hex(40));
  });

  it('goes on as another seed where it branches, streams in use and later ones', () => {
    const streams = new RandomStreams('5');
    const used = streams.stream('x');
    used.hex(40);
    streams.branch('6');
    const other = new RandomStreams('6');
    expect(used.hex(40)).toBe(other.stream('x').hex(40));
    expect(streams.stream('y').hex(40)).toBe(other.stream('y').hex(40));
  });

  it('takes seeds as text: 7 and 007 differ', () => {
    expect(new RandomStreams('7').stream('x').hex(40)).not.toBe(new RandomStreams('007').stream('x').hex(40));
  });

  it('draws integers from 0 to below the bound, and every one of them', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 6 }), (seed, below) => {
        const stream = new RandomStreams(seed).stream('x');
        const seen = new Set<number>();
        for (let i = 0; i < 300; i++) seen.add(stream.integer(below));
        expect([...seen].sort()).toEqual(Array.from({ length: below }, (_, i) => i));
      }),
      { numRuns: 30 },
    );
  });

  it('draws even and odd integers alike where the bound is above 2^32', () => {
    const stream = new RandomStreams('1').stream('x');
    let odd = 0;
    for (let i = 0; i < 1000; i++) odd += stream.integer(2 ** 45) % 2;
    expect(odd).toBeGreaterThan(400);
    expect(odd).toBeLessThan(600);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %d as a bound', (below) => {
    expect(() => new RandomStreams('1').stream('x').integer(below)).toThrow(SimulatorError);
  });

  it('gives exactly as many lower-case hex digits as asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), (digits) => {
        expect(new RandomStreams('1').stream('x').hex(digits)).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`));
      }),
    );
  });

  it('goes on after restore where it was when state was asked', () => {
    const stream = new RandomStreams('1').stream('x');
    stream.hex(17);
    const state = stream.state();
    const first = [stream.next(), stream.integer(1000), stream.hex(9)];
    stream.restore(state);
    expect([stream.next(), stream.integer(1000), stream.hex(9)]).toEqual(first);
    stream.restore(JSON.parse(JSON.stringify(state)));
    expect([stream.next(), stream.integer(1000), stream.hex(9)]).toEqual(first);
  });
});
