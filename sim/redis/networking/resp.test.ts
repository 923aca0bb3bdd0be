import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { append, byteQueue, drop } from './byte-queue.ts';
import { type Bytes, Command, Text } from './bytes.ts';
import { type Parsed, parseCommand } from './resp.ts';

function parse(...pieces: Bytes[]): Parsed {
  const queue = byteQueue();
  for (const piece of pieces) append(queue, piece);
  return parseCommand(queue);
}

const parseText = (text: string): Parsed => parse(new Text(text));

/** Takes every complete command from a queue that is filled with the pieces one after another. */
function parseStream(pieces: readonly Bytes[]): string[][] {
  const queue = byteQueue();
  const found: string[][] = [];
  for (const piece of pieces) {
    append(queue, piece);
    while (queue.length > 0) {
      const parsed = parseCommand(queue);
      if (parsed.kind === 'incomplete') break;
      if (parsed.kind === 'error') throw new Error(parsed.reply);
      drop(queue, parsed.length);
      found.push([...parsed.command.argv]);
    }
  }
  expect(queue.length).toBe(0);
  return found;
}

/** Arguments of any bytes, among them the ones that the protocol itself is made of. */
const byte = fc.oneof(
  fc.constantFrom('\r', '\n', '$', '*', '0', ' ', '"', '\0'),
  fc.integer({ min: 0, max: 255 }).map((n) => String.fromCharCode(n)),
);
const argument = fc.oneof(
  fc.constantFrom('', '\r\n', '*1\r\n$4\r\nPING\r\n', '$-1\r\n'),
  fc.string({ unit: byte, maxLength: 20 }),
);
const argv = fc.array(argument, { minLength: 1, maxLength: 5 });

describe('a command in RESP', () => {
  test('is the same however it is cut in two, and incomplete up to its last byte', () => {
    fc.assert(
      fc.property(argv, (words) => {
        const text = new Command(words).text();
        for (let cut = 1; cut < text.length; cut++) {
          const head = text.slice(0, cut);
          expect(parseText(head)).toEqual({ kind: 'incomplete' });
          const parsed = parse(new Text(head), new Text(text.slice(cut)));
          expect(parsed).toMatchObject({ kind: 'command', length: text.length, inline: false });
          if (parsed.kind === 'command') expect(parsed.command.argv).toEqual(words);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('many of them in pieces of any size come out as they went in', () => {
    fc.assert(
      fc.property(
        fc.array(argv, { maxLength: 6 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
        (all, sizes) => {
          const text = all.map((words) => new Command(words).text()).join('');
          const pieces: Bytes[] = [];
          for (let at = 0; at < text.length; ) {
            const size = sizes.next().value as number;
            pieces.push(new Text(text.slice(at, at + size)));
            at += size;
          }
          expect(parseStream(pieces)).toEqual(all);
        },
      ),
    );
  });

  test('knows its encoded length without being spelled out', () => {
    fc.assert(fc.property(argv, (words) => new Command(words).length === new Command(words).text().length));
    const long = new Command(Array.from({ length: 100 }, () => 'x'.repeat(1000)));
    expect(long.length).toBe(long.text().length);
  });

  test('that came in one piece is recognised as the very object, also behind another', () => {
    const set = new Command(['SET', 'k', 'v']);
    const queue = byteQueue();
    append(queue, new Text('PING\r\n'));
    append(queue, set);
    append(queue, new Text('*1\r'));
    const ping = parseCommand(queue);
    expect(ping).toMatchObject({ kind: 'command', inline: true, length: 6 });
    drop(queue, 6);
    const parsed = parseCommand(queue);
    expect(parsed.kind === 'command' && parsed.command === set).toBe(true);
    drop(queue, set.length);
    expect(parseCommand(queue)).toEqual({ kind: 'incomplete' });
  });

  test('that comes as two parts of one object is that object again', () => {
    fc.assert(
      fc.property(argv, fc.nat(), (words, where) => {
        const whole = new Command(words);
        const cut = 1 + (where % (whole.length - 1));
        const queue = byteQueue();
        append(queue, whole.slice(0, cut));
        expect(parseCommand(queue)).toEqual({ kind: 'incomplete' });
        append(queue, whole.slice(cut, whole.length));
        const parsed = parseCommand(queue);
        expect(parsed.kind === 'command' && parsed.command === whole).toBe(true);
      }),
    );
  });

  test('whose rest is cut off and followed by other bytes is parsed byte for byte', () => {
    const whole = new Command(['SET', 'k', 'v']);
    const rest = whole.text().slice(-1);
    const parsed = parse(whole.slice(0, whole.length - 1), new Text(rest));
    expect(parsed).toMatchObject({ kind: 'command', length: whole.length });
    if (parsed.kind === 'command') expect(parsed.command.argv).toEqual(['SET', 'k', 'v']);
  });

  test('with no arguments is empty: *0 and *-1', () => {
    for (const text of ['*0\r\n', '*-1\r\n']) {
      const parsed = parseText(text);
      expect(parsed).toMatchObject({ kind: 'command', length: text.length, inline: false });
      if (parsed.kind === 'command') expect(parsed.command.argv).toEqual([]);
    }
  });

  test.each([
    ['invalid multibulk length', '*x\r\n'],
    ['invalid multibulk length', '*1048577\r\n'],
    ['invalid multibulk length', '*\r\n'],
    ['invalid multibulk length', '*01\r\n$4\r\nPING\r\n'],
    ['invalid multibulk length', '*+1\r\n$4\r\nPING\r\n'],
    ["expected '$', got '+'", '*1\r\n+4\r\nPING\r\n'],
    ['invalid bulk length', '*1\r\n$-1\r\n'],
    ['invalid bulk length', '*1\r\n$04\r\nPING\r\n'],
    ['invalid bulk length', '*1\r\n$x\r\n'],
    ['invalid bulk length', '*1\r\n$536870913\r\n'],
    ['too big mbulk count string', `*${'1'.repeat(64 * 1024)}`],
    ['too big bulk count string', `*1\r\n$${'1'.repeat(64 * 1024 + 1)}`],
  ])('%s is a protocol error (%#)', (error, text) => {
    expect(parseText(text)).toEqual({ kind: 'error', reply: `Protocol error: ${error}` });
  });

  test('an error shows only once the line that has it is complete', () => {
    expect(parseText('*1\r\n+4')).toEqual({ kind: 'incomplete' });
    expect(parseText('*1\r\n+4\r')).toEqual({ kind: 'incomplete' });
    expect(parseText('*1\r\n+4\r\n').kind).toBe('error');
  });
});

describe('an inline command', () => {
  test.each([
    ['PING\r\n', ['PING']],
    ['PING\n', ['PING']],
    ['  SET  k   "a b\\x41\\n" \r\n', ['SET', 'k', 'a bA\n']],
    ["SET k 'it\\'s'\n", ['SET', 'k', "it's"]],
    ['SET k ""\n', ['SET', 'k', '']],
    ['\n', []],
    ['\r\n', []],
  ])('%j', (text, words) => {
    const parsed = parseText(`${text}rest`);
    expect(parsed).toMatchObject({ kind: 'command', length: text.length, inline: true });
    if (parsed.kind === 'command') expect(parsed.command.argv).toEqual(words);
  });

  test('waits for its newline, however it is cut', () => {
    const text = 'SET key "some value"\r\n';
    for (let cut = 1; cut < text.length; cut++) {
      expect(parseText(text.slice(0, cut))).toEqual({ kind: 'incomplete' });
      expect(parse(new Text(text.slice(0, cut)), new Text(text.slice(cut))).kind).toBe('command');
    }
  });

  test('of more than 64 KiB without a newline is a protocol error, 64 KiB are not', () => {
    expect(parseText('x'.repeat(64 * 1024))).toEqual({ kind: 'incomplete' });
    const parsed = parseText('x'.repeat(64 * 1024 + 1));
    expect(parsed).toEqual({ kind: 'error', reply: 'Protocol error: too big inline request' });
  });

  test('with unbalanced quotes is a protocol error', () => {
    for (const text of ['SET k "v\r\n', "SET k 'v\n", 'SET k "v"x\n']) {
      const error = { kind: 'error', reply: 'Protocol error: unbalanced quotes in request' };
      expect(parseText(text), text).toEqual(error);
    }
  });
});
