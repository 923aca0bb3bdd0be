import { expect, test } from 'vitest';
import type { SimulatedWorld } from '../../sim/simulated-world.ts';
import { ClockHand, WAKE } from './clock-hand.ts';

/** A world that has only a clock, and keeps the times at which it was asked to wake somebody. */
class Clock {
  now = 0;
  readonly asked: number[] = [];
  readonly scheduler = { nextTime: Number.POSITIVE_INFINITY };
  readonly #pending: number[] = [];

  schedule(time: number, token: number): void {
    expect(token).toBe(WAKE);
    this.asked.push(time);
    this.#pending.push(time);
  }

  /** Wakes the hand at each time it has asked for, in order. */
  run(hand: ClockHand): void {
    while (this.#pending.length > 0) {
      this.#pending.sort((a, b) => b - a);
      this.now = this.#pending.pop()!;
      hand.woke();
      hand.turn();
    }
  }
}

function handOver(clock: Clock): ClockHand {
  return new ClockHand(() => clock as unknown as SimulatedWorld);
}

test('three that tick across each other are woken once for each time', () => {
  const clock = new Clock();
  const hand = handOver(clock);
  const ticks: number[] = [];
  for (const every of [7, 11, 13]) {
    const item = {
      time: every,
      order: 1_000_000_000 + every,
      act() {
        ticks.push(clock.now);
        item.time += every;
        if (item.time < 500) hand.schedule(item);
      },
    };
    hand.schedule(item);
  }
  clock.run(hand);
  const due = new Set([7, 11, 13].flatMap((every) => multiples(every, 500)));
  expect([...clock.asked].sort((a, b) => a - b)).toEqual([...due].sort((a, b) => a - b));
  expect(ticks).toHaveLength(71 + 45 + 38);
});

test('what is put before all else is acted on in its time, and the later one still is', () => {
  const clock = new Clock();
  const hand = handOver(clock);
  const acted: number[] = [];
  const at = (time: number) => ({ time, order: 1, act: () => acted.push(clock.now) });
  hand.schedule(at(50));
  hand.schedule(at(20));
  hand.schedule(at(30));
  clock.run(hand);
  expect(acted).toEqual([20, 30, 50]);
  expect(clock.asked).toEqual([50, 20, 30]);
});

function multiples(of: number, below: number): number[] {
  return Array.from({ length: Math.ceil(below / of) - 1 }, (_, i) => of * (i + 1));
}
