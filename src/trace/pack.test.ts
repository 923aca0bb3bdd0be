import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scenarioOf } from '../run/run.test-helper.ts';
import { packTrace, unpackTrace } from './pack.ts';
import { recordTrace } from './record.ts';
import { handTrace } from './trace.test-helper.ts';

const RUN = `
name: packed
duration: 6s
nodes:
  A: {}
  B: { replicaof: A }
timeline:
  - { at: 1s, on: A, run: SET k v }
  - { at: 2s, kill: B }
  - { at: 3s, start: B }
`;

const value = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constant(null),
  fc.constant(Number.MIN_SAFE_INTEGER),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
  fc.string(),
);

describe('a packed trace', () => {
  test('is the same trace once unpacked, by hand and played', () => {
    expect(unpackTrace(packTrace(handTrace()))).toEqual(handTrace());
    const played = recordTrace(scenarioOf(RUN), '1', { repeat: 'again' });
    expect(played.entries.moment.length).toBeGreaterThan(40);
    expect(unpackTrace(packTrace(played))).toEqual(played);
  });

  test('keeps every value that a field can have', () => {
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const field = { field: 'x', moment: values.map((_, i) => i * 3), value: values };
        const trace = handTrace({ states: [[field], [], []] });
        expect(unpackTrace(packTrace(trace)).states[0]![0]).toEqual(field);
      }),
    );
  });

  test('keeps messages that were lost, are under way, or are none', () => {
    const { entries } = handTrace();
    const arrival = entries.moment.map((moment, i) => [-1, -2, -3, moment, moment + 1][i % 5]!);
    const trace = handTrace({ entries: { ...entries, arrival } });
    expect(unpackTrace(packTrace(trace)).entries.arrival).toEqual(arrival);
  });

  test('of another format is not read', () => {
    const other = packTrace(handTrace()).replace('"format":1', '"format":2');
    expect(() => unpackTrace(other)).toThrow('format 2');
  });
});
