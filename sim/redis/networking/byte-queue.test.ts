import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { append, type ByteQueue, byteQueue, clear, drop, first, peekText } from './byte-queue.ts';
import {
  arrayHeaderLength,
  type Bytes,
  bulkLength,
  Command,
  decimalDigits,
  join,
  Slice,
  Text,
} from './bytes.ts';

const text = (queue: ByteQueue): string =>
  queue.chunks
    .slice(queue.head)
    .map((chunk) => chunk.text())
    .join('');

describe('a queue of bytes against a string', () => {
  const operation = fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        text: fc.string({ maxLength: 12 }),
        cut: fc.nat(20),
        command: fc.boolean(),
      }),
    },
    { weight: 10, arbitrary: fc.record({ do: fc.constant('drop' as const), share: fc.nat(100) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  );

  test('append adds at the end, drop takes from the front, whole or cut', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const queue = byteQueue();
        let model = '';
        for (const op of operations) {
          if (op.do === 'append') {
            const whole: Bytes = op.command ? new Command([op.text]) : new Text(op.text);
            const cut = Math.min(op.cut, whole.length);
            append(queue, whole.slice(0, cut));
            append(queue, whole.slice(cut, whole.length));
            model += whole.text();
          } else if (op.do === 'drop') {
            const count = Math.floor((model.length * op.share) / 100);
            drop(queue, count);
            model = model.slice(count);
          } else {
            clear(queue);
            model = '';
          }
          expect(queue.length).toBe(model.length);
          expect(text(queue)).toBe(model);
          expect(peekText(queue, 7)).toBe(model.slice(0, 7));
          expect(first(queue) === undefined).toBe(model === '');
        }
      }),
    );
  });

  test('parts of one whole that follow each other become the whole', () => {
    const whole = new Command(['SET', 'key', 'value']);
    const queue = byteQueue();
    for (let i = 0; i < whole.length; i++) append(queue, whole.slice(i, i + 1));
    expect(queue.chunks).toHaveLength(1);
    expect(first(queue)).toBe(whole);
  });

  test('parts of two objects stay two, also if their bytes are the same', () => {
    const queue = byteQueue();
    append(queue, new Text('abcdef').slice(0, 3));
    append(queue, new Text('abcdef').slice(3, 6));
    expect(queue.chunks).toHaveLength(2);
  });

  test('what has been joined must not change a part that somebody else holds', () => {
    const whole = new Text('abcdef');
    const left = whole.slice(0, 2);
    const queue = byteQueue();
    append(queue, left);
    append(queue, whole.slice(2, 4));
    expect(left.text()).toBe('ab');
    expect(peekText(queue, 9)).toBe('abcd');
  });

  test('the places of what was dropped are given back', () => {
    const queue = byteQueue();
    for (let i = 0; i < 1000; i++) {
      append(queue, new Text('x'));
      append(queue, new Text('y'));
      drop(queue, 1);
    }
    drop(queue, 900);
    expect(queue.chunks.length).toBeLessThan(400);
    drop(queue, queue.length);
    expect(queue).toEqual({ chunks: [], head: 0, length: 0 });
  });

  test('an empty append leaves no chunk', () => {
    const queue = byteQueue();
    append(queue, new Text(''));
    expect(queue.chunks).toHaveLength(0);
  });
});

describe('slices', () => {
  test('a slice of a slice is one of the whole, and spells what slicing the text spells', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        (content, a, b, c, d) => {
          const [from, to] = [a % (content.length + 1), b % (content.length + 1)].sort((x, y) => x - y) as [
            number,
            number,
          ];
          const part = new Text(content).slice(from, to);
          const length = to - from;
          const [from2, to2] = [c % (length + 1), d % (length + 1)].sort((x, y) => x - y) as [number, number];
          const inner = part.slice(from2, to2);
          expect(inner.text()).toBe(content.slice(from, to).slice(from2, to2));
          expect(inner.length).toBe(to2 - from2);
          if (inner instanceof Slice) expect(inner.whole).toBeInstanceOf(Text);
        },
      ),
    );
  });

  test('join gives the whole back where both are its neighbouring parts, in this order, else nothing', () => {
    const whole = new Text('abcdef');
    expect(join(whole.slice(0, 3), whole.slice(3, 6))).toBe(whole);
    expect(join(whole.slice(1, 3), whole.slice(3, 5))?.text()).toBe('bcde');
    expect(join(whole.slice(3, 6), whole.slice(0, 3))).toBeUndefined();
    expect(join(whole.slice(0, 2), whole.slice(3, 6))).toBeUndefined();
    expect(join(whole, new Text('g'))).toBeUndefined();
  });
});

test('lengths of RESP headers at every change of digits', () => {
  for (const n of [0, 1, 9, 10, 99, 100, 999, 1000, 16384, 999_999]) {
    expect(decimalDigits(n)).toBe(String(n).length);
    expect(arrayHeaderLength(n)).toBe(`*${n}\r\n`.length);
    expect(bulkLength(n)).toBe(`$${n}\r\n\r\n`.length + n);
  }
});
