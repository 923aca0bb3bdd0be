import { describe, expect, it } from 'vitest';
import { SimulatorError } from './assert.ts';
import { Scheduler } from './scheduler.ts';

describe('Scheduler', () => {
  it('hands out events in the order of their times, and of scheduling where times are equal', () => {
    const scheduler = new Scheduler();
    scheduler.schedule(20, 1, 0, 0);
    scheduler.schedule(10, 2, 7, 8);
    scheduler.schedule(20, 3, 0, 0);
    const seen: number[][] = [];
    while (scheduler.next(100)) seen.push([scheduler.now, scheduler.kind, scheduler.a, scheduler.b]);
    expect(seen).toEqual([
      [10, 2, 7, 8],
      [20, 1, 0, 0],
      [20, 3, 0, 0],
    ]);
    expect(scheduler.events).toBe(3);
  });

  it('stops before what is due after the limit, and leaves the clock at the last event', () => {
    const scheduler = new Scheduler();
    scheduler.schedule(10, 1, 0, 0);
    scheduler.schedule(11, 2, 0, 0);
    expect(scheduler.next(10)).toBe(true);
    expect(scheduler.next(10)).toBe(false);
    expect([scheduler.now, scheduler.events, scheduler.pending, scheduler.nextTime]).toEqual([10, 1, 1, 11]);
  });

  it('has nothing to hand out when nothing is pending, whatever the limit', () => {
    expect(new Scheduler().next(Number.POSITIVE_INFINITY)).toBe(false);
  });

  it('begins at a negative time where asked to', () => {
    const scheduler = new Scheduler(-2_000_000);
    scheduler.schedule(-1_500_000, 1, 0, 0);
    expect(scheduler.next(0)).toBe(true);
    expect(scheduler.now).toBe(-1_500_000);
  });

  it('takes an event for the present moment, after those already due', () => {
    const scheduler = new Scheduler();
    scheduler.schedule(5, 1, 0, 0);
    scheduler.schedule(5, 2, 0, 0);
    scheduler.next(5);
    scheduler.schedule(5, 3, 0, 0);
    scheduler.next(5);
    expect(scheduler.kind).toBe(2);
    scheduler.next(5);
    expect(scheduler.kind).toBe(3);
  });

  it.each([9, 10.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses an event at %d when it is 10', (time) => {
    const scheduler = new Scheduler(10);
    expect(() => scheduler.schedule(time, 1, 0, 0)).toThrow(SimulatorError);
  });
});
