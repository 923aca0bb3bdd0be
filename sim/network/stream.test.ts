import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, MS, SECOND, type TestBytes, TestNetwork } from './network.test-helper.ts';

/** What may happen to a connection without an end to it. */
type Step =
  | { do: 'write' | 'read'; end: 0 | 1; count: number }
  | { do: 'pass'; micros: number }
  | { do: 'partition' | 'heal'; from: 0 | 1 }
  | { do: 'link'; from: 0 | 1; latency: number; jitter: number; loss: number; bandwidth: number }
  | { do: 'watch'; end: 0 | 1; on: boolean };

const end = fc.constantFrom<0 | 1>(0, 1);
const count = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 200_000 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), end, count }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), end, count }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), micros: fc.integer({ min: 0, max: 400 * MS }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('partition' as const, 'heal' as const), from: end }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('link' as const),
      from: end,
      latency: fc.integer({ min: 0, max: 50 * MS }),
      jitter: fc.integer({ min: 0, max: 20 * MS }),
      loss: fc.constantFrom(0, 0.01, 0.2),
      bandwidth: fc.constantFrom(1e5, 1e7, 1.25e9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('watch' as const), end, on: fc.boolean() }) },
);

/** A connection both of whose ends write a text of their own, and what was read of it. */
class Talk {
  readonly t: TestNetwork;
  readonly fds: readonly [number, number];
  readonly written: [number, number] = [0, 0];
  readonly read: [string, string] = ['', ''];

  constructor(seed: string) {
    this.t = new TestNetwork({}, seed);
    this.fds = this.t.open();
  }

  step(step: Step): void {
    const { t, fds } = this;
    switch (step.do) {
      case 'write':
        this.written[step.end] += t.send(fds[step.end], text(this.written[step.end], step.count)) as number;
        return;
      case 'read': {
        const result = t.network.read(fds[step.end], step.count);
        if (typeof result !== 'string') this.read[step.end] += (result as TestBytes).text;
        else expect(result).toBe('EAGAIN');
        return;
      }
      case 'pass':
        t.pass(step.micros);
        return;
      case 'partition':
        t.network.partition(step.from, 1 - step.from);
        return;
      case 'heal':
        t.network.heal(step.from, 1 - step.from);
        return;
      case 'link':
        t.network.setLink(step.from, 1 - step.from, step);
        return;
      case 'watch':
        t.network.watchWritable(fds[step.end], step.on);
        return;
    }
  }

  /** Lifts every fault and reads on until everything had time to arrive. */
  finish(): void {
    for (const from of [0, 1] as const) {
      this.t.network.heal(from, 1 - from);
      this.t.network.setLink(from, 1 - from, { loss: 0 });
    }
    for (const fd of this.fds) this.t.network.watchReadable(fd, true);
    for (let i = 0; i < 30; i++) {
      this.t.pass(1000 * SECOND);
      for (const side of [0, 1] as const) {
        this.read[side] += this.t.drain(this.fds[side], 1 << 20).replace('<EAGAIN>', '');
      }
    }
  }
}

/** Part of an endless text in which no piece can be taken for another. */
function text(from: number, count: number): string {
  let piece = '';
  for (let n = Math.floor(from / 8); piece.length < count + 8; n++) piece += String(n).padStart(8, '.');
  return piece.slice(from % 8, (from % 8) + count);
}

describe('a connection', () => {
  it('delivers all bytes in order, whatever latency, jitter, loss and healing partitions do', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(step, { maxLength: 60 }), (seed, steps) => {
        const talk = new Talk(seed);
        for (const step of steps) talk.step(step);
        talk.finish();
        expect(talk.read[1] === text(0, talk.written[0])).toBe(true);
        expect(talk.read[0] === text(0, talk.written[1])).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('ends in EOF after all bytes where one end closes and the other only reads', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(step, { maxLength: 40 }), (seed, steps) => {
        const talk = new Talk(seed);
        for (const step of steps) if (!('end' in step) || step.end === 0) talk.step(step);
        talk.t.network.close(talk.fds[0]);
        for (const from of [0, 1]) {
          talk.t.network.heal(from, 1 - from);
          talk.t.network.setLink(from, 1 - from, { loss: 0 });
        }
        let read = '';
        for (let i = 0; i < 20; i++) {
          talk.t.pass(1000 * SECOND);
          read += talk.t.drain(talk.fds[1], 1 << 20).replace(/<\w+>/, '');
        }
        expect(talk.t.network.read(talk.fds[1], 1)).toBe('EOF');
        expect(read === text(0, talk.written[0])).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('behaves alike for one seed, and not for another', () => {
    const run = (seed: string) => {
      const t = new TestNetwork({ jitter: 5 * MS, loss: 0.1 }, seed);
      t.network.listen(1, 6379);
      const fd = t.network.connect(0, '10.0.0.2', 6379);
      t.pass(10 * SECOND);
      for (let i = 0; i < 20; i++) t.network.write(fd, bytes(i + 1));
      t.run();
      return t.log;
    };
    expect(run('1')).toEqual(run('1'));
    expect(run('1')).not.toEqual(run('2'));
  });
});
