import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatorError } from './assert.ts';
import { EventQueue } from './event-queue.ts';

interface Expected {
  time: number;
  sequence: number;
  kind: number;
  a: number;
  b: number;
}

/** null pops; a number pushes at that distance from what was popped last. */
const steps = (times: fc.Arbitrary<number>) =>
  fc.array(fc.oneof(fc.constant(null), times), { maxLength: 400 });

function runAgainstSortedList(plan: readonly (number | null)[]): void {
  const queue = new EventQueue();
  const list: Expected[] = [];
  let sequence = 0;
  const pop = () => {
    const first = list.shift()!;
    expect(queue.firstTime).toBe(first.time);
    queue.pop();
    const { time, kind, a, b } = queue;
    expect({ time, sequence: queue.sequence, kind, a, b }).toEqual(first);
  };
  for (const step of plan) {
    if (step === null) {
      if (list.length > 0) pop();
    } else {
      const event = { time: step, sequence: sequence++, kind: step & 7, a: sequence * 3, b: -sequence };
      queue.push(event.time, event.kind, event.a, event.b);
      list.push(event);
      list.sort((x, y) => x.time - y.time || x.sequence - y.sequence);
    }
    expect(queue.size).toBe(list.length);
  }
  while (list.length > 0) pop();
  expect(queue.size).toBe(0);
  expect(queue.firstTime).toBe(Number.POSITIVE_INFINITY);
}

describe('EventQueue', () => {
  it('pops what a list sorted by (time, order of pushing) pops, with many ties', () => {
    fc.assert(fc.property(steps(fc.integer({ min: -2, max: 3 })), runAgainstSortedList));
  });

  it('pops what a sorted list pops, with times far apart and negative', () => {
    const far = fc.integer({ min: -1_000_000, max: Number.MAX_SAFE_INTEGER });
    fc.assert(fc.property(steps(far), runAgainstSortedList));
  });

  it('keeps the order of pushing among a thousand events of one time', () => {
    const queue = new EventQueue();
    for (let i = 0; i < 1000; i++) queue.push(5, 1, i, 0);
    for (let i = 0; i < 1000; i++) {
      queue.pop();
      expect(queue.a).toBe(i);
    }
  });

  it('keeps operands beyond 32 bits', () => {
    const queue = new EventQueue();
    queue.push(0, 1, 2 ** 40 + 1, -(2 ** 40));
    queue.pop();
    expect([queue.a, queue.b]).toEqual([2 ** 40 + 1, -(2 ** 40)]);
  });

  it('refuses to pop when it is empty', () => {
    const queue = new EventQueue();
    expect(() => queue.pop()).toThrow(SimulatorError);
    queue.push(1, 1, 0, 0);
    queue.pop();
    expect(() => queue.pop()).toThrow(SimulatorError);
  });
});
