import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entryTable, type HandEntry, handTrace } from '../../trace/trace.test-helper.ts';
import { LOST, NO_NODE, type Trace } from '../../trace/trace.ts';
import { hostileTrace } from './hostile.test-helper.ts';
import { said, sequenceDiagram } from './mermaid.ts';

const ID = 'ab'.repeat(20);

/** A trace of these entries, each a second after the one before. */
function traceOf(entries: readonly HandEntry[]): Trace {
  const moments = Array.from({ length: 1 + Math.max(...entries.map(({ moment }) => moment)) }, (_, i) => i);
  return handTrace({
    ...entryTable(entries),
    histories: [{ replid: ID, name: 'A#2' }],
    moments: { at: moments.map((moment) => moment * 1_000_000), event: moments },
  });
}

const message = (
  moment: number,
  kind: HandEntry['kind'],
  node: number,
  peer: number,
  text: string,
  more: Partial<HandEntry> = {},
): HandEntry => ({ moment, kind, node, peer, arrival: moment, bytes: 10, text, ...more });

const attempt = (moment: number): HandEntry[] => [
  message(moment, 'connect', 1, 0, 'SYN'),
  message(moment, 'connect', 0, 1, 'SYN, ACK'),
  message(moment, 'handshake', 1, 0, 'PING'),
  message(moment, 'handshake', 0, 1, '+PONG'),
];

const steps = (trace: Trace): string[] => sequenceDiagram(trace)!.slice(4);

describe('a sequence diagram', () => {
  test('has the handshake in one arrow, and the request with its history by name', () => {
    expect(
      steps(
        traceOf([
          ...attempt(0),
          message(1, 'psync', 1, 0, `PSYNC ${ID} 51`),
          {
            moment: 1,
            kind: 'decision',
            node: 0,
            text: 'B asks PSYNC A#2 51: partial/replid (sends 0 bytes)',
          },
          message(1, 'psync', 0, 1, `+CONTINUE ${ID}`),
        ]),
      ),
    ).toEqual([
      '  n1->>n0: 0.000 connects, handshake',
      '  n1->>n0: 1.000 PSYNC A#35;2 51',
      '  Note over n0: 1.000 partial/replid (sends 0 bytes)',
      '  n0-->>n1: 1.000 +CONTINUE A#35;2',
    ]);
  });

  test('folds heartbeats and the stream until something happens; what was lost apart', () => {
    const beat = (moment: number, more: Partial<HandEntry> = {}): HandEntry =>
      message(moment, 'ack', 1, 0, `REPLCONF ACK ${moment}`, more);
    expect(
      steps(
        traceOf([
          beat(0),
          message(0, 'stream', 0, 1, 'SET a b'),
          beat(1),
          message(1, 'stream', 0, 1, 'SET a c'),
          { moment: 2, kind: 'fault', node: NO_NODE, text: 'partition A <-> B' },
          beat(3, { arrival: LOST }),
        ]),
      ),
    ).toEqual([
      '  n1->>n0: 2 heartbeats',
      '  n0->>n1: 2 commands, 20 bytes',
      '  Note over n0,n2: 2.000 partition A #60;-#62; B',
      '  n1-xn0: 1 heartbeat (lost)',
    ]);
  });

  test('says how an attempt failed', () => {
    const fault: HandEntry = { moment: 1, kind: 'timeout', node: 1, text: 'gives up' };
    expect(steps(traceOf([message(0, 'connect', 1, 0, 'SYN', { arrival: LOST }), fault]))[0]).toBe(
      '  n1-xn0: 0.000 connects (lost)',
    );
    const refused = [
      message(0, 'connect', 1, 0, 'SYN'),
      message(0, 'connect', 0, 1, 'RST: connection refused'),
      fault,
    ];
    expect(steps(traceOf(refused)).slice(0, 2)).toEqual([
      '  n1->>n0: 0.000 connects',
      '  n0-->>n1: 0.000 RST#58; connection refused',
    ]);
  });

  test('says once what comes again and again', () => {
    const again = [0, 1, 2].flatMap((moment) => [
      ...attempt(moment),
      message(moment, 'psync', 1, 0, `PSYNC ${ID} 51`),
      message(moment, 'psync', 0, 1, '-NOMASTERLINK'),
    ]);
    expect(steps(traceOf(again))).toEqual([
      '  loop 3 times',
      '    n1->>n0: 0.000 connects, handshake',
      '    n1->>n0: 0.000 PSYNC A#35;2 51',
      '    n0-->>n1: 0.000 -NOMASTERLINK',
      '  end',
    ]);
  });

  test('is none where no node spoke to another', () => {
    expect(sequenceDiagram(traceOf([{ moment: 0, kind: 'role', node: 0, text: 'is a master' }]))).toBeNull();
  });

  test('of a long run leaves the middle out, and says so', () => {
    const many = Array.from({ length: 400 }, (_, i) =>
      message(i, 'psync', i % 2, 1 - (i % 2), `+X ${i % 7}${i}`),
    );
    const lines = sequenceDiagram(traceOf(many))!;
    expect(lines.length).toBeLessThan(110);
    expect(lines.filter((line) => line.includes('left out'))).toHaveLength(1);
    expect(lines.at(-1)).toContain(`399.000 ${said('+X 0399', 20)}`);
  });

  test('of a hostile run stays within what Mermaid takes, every line one statement of its own', () => {
    const lines = sequenceDiagram(hostileTrace())!;
    expect(lines.join('\n').length).toBeLessThan(50_000);
    for (const line of lines.slice(1)) {
      expect(line).toMatch(
        /^ {2,4}(participant n\d+ as |Note over n[\dn,]+: |n\d+-{1,2}(>>|x)n\d+: |loop |end$)/,
      );
      const text = line.slice(line.indexOf(':') + 1).replace(/#\d+;/g, '');
      expect(line.includes(':') ? text : '').not.toMatch(/[:;#%{}<>"`\\]/);
    }
  });
});

test('what is said has no sign that Mermaid could read, and is never nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      const shown = said(text, 20);
      expect(shown).not.toBe('');
      expect(shown.replace(/#\d+;/g, '')).not.toMatch(/[^\p{L}\p{N} .,/_+*=?()'·→…-]/u);
    }),
  );
  expect(said('a; b #c', 20)).toBe('a#59; b #35;c');
});
