import { describe, expect, test } from 'vitest';
import { handDecision } from '../../trace/trace.test-helper.ts';
import { handIndex } from './model.test-helper.ts';
import { addressOf, placeIn } from './place.ts';

const two = handIndex({
  decisions: [handDecision({ number: 1, moment: 1 }), handDecision({ number: 2, moment: 4 })],
});

describe('the address of a moment', () => {
  test('leads back to the same place', () => {
    for (const place of [
      { moment: 0, decision: 1 },
      { moment: 5, decision: 2 },
      { moment: 2, decision: 2 },
    ]) {
      expect(placeIn(addressOf(place, two), two)).toEqual(place);
    }
  });

  test('names the decision only where another lies open than one expects', () => {
    expect(addressOf({ moment: 5, decision: 2 }, two)).toBe('#e=5');
    expect(addressOf({ moment: 2, decision: 2 }, two)).toBe('#e=2&d=2');
  });

  test('is the decision that tells most where there is none or a strange one', () => {
    for (const hash of ['', '#', '#e=', '#e=x', '#elsewhere', '#e=-1', '#e=1e3']) {
      expect(placeIn(hash, two)).toEqual({ moment: 1, decision: 1 });
    }
  });

  test('never leads beyond the run', () => {
    expect(placeIn('#e=999999999999&d=77', two)).toEqual({ moment: 5, decision: 2 });
    expect(placeIn('', handIndex({ decisions: [] }))).toEqual({ moment: 5, decision: 0 });
  });
});
