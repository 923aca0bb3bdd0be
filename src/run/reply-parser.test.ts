import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Text } from '../../sim/redis/networking/bytes.ts';
import { type Reply, ReplyParser } from './reply-parser.ts';

function parse(pieces: readonly string[]): Reply[] {
  const parser = new ReplyParser();
  const replies: Reply[] = [];
  for (const piece of pieces) {
    parser.feed(new Text(piece));
    for (let reply = parser.next(); reply !== undefined; reply = parser.next()) replies.push(reply);
  }
  return replies;
}

test.each([
  ['+OK\r\n', 'simple', '+OK'],
  ['-READONLY no\r\n', 'error', '-READONLY no'],
  [':2\r\n', 'integer', ':2'],
  ['$5\r\na\r\nbc\r\n', 'bulk', 'a\r\nbc'],
  ['$0\r\n\r\n', 'bulk', ''],
  ['$-1\r\n', 'nil', null],
  ['*-1\r\n', 'nil', null],
  ['*2\r\n$1\r\na\r\n*1\r\n:3\r\n', 'array', '*2'],
  ['*0\r\n', 'array', '*0'],
  ['\n\n+PONG\r\n', 'simple', '+PONG'],
])('%j is one reply of kind %s', (text, kind, shown) => {
  expect(parse([text])).toEqual([{ kind, text: shown }]);
});

test('replies are the same however the bytes are cut into pieces', () => {
  const whole = '+OK\r\n$5\r\na\r\nbc\r\n*2\r\n*1\r\n:1\r\n$-1\r\n:7\r\n-ERR x\r\n';
  const expected = ['+OK', 'a\r\nbc', '*2', ':7', '-ERR x'];
  fc.assert(
    fc.property(fc.array(fc.nat(whole.length), { maxLength: 8 }), (cuts) => {
      const ends = [...new Set([...cuts, whole.length])].sort((a, b) => a - b);
      const pieces = ends.map((end, i) => whole.slice(ends[i - 1] ?? 0, end));
      expect(parse(pieces).map(({ text }) => text)).toEqual(expected);
    }),
  );
});

test('the answer to a raw PSYNC is its line, and no more is read', () => {
  const parser = new ReplyParser();
  parser.feed(new Text('\n\n+FULLRESYNC abc 1\r\n$400000\r\nREDIS'));
  expect(parser.nextLine()).toEqual({ kind: 'simple', text: '+FULLRESYNC abc 1' });
});
