import { describe, expect, test } from 'vitest';
import { scenarioOf } from '../run/run.test-helper.ts';
import { recordTrace } from './record.ts';
import { nextChange, stateAt } from './state.ts';
import { ENTRY_KINDS, LOST, NO_NODE, type Trace } from './trace.ts';

function traceOf(...lines: string[]): Trace {
  const head = [
    'name: test',
    'duration: 6s',
    'nodes:',
    '  A: { boot: -1s }',
    '  B: { replicaof: A, boot: -500ms }',
    'links: { default: { latency: 10ms } }',
  ];
  return recordTrace(scenarioOf([...head, ...lines, ''].join('\n')), '7', { repeat: 'repeat' });
}

interface Message {
  readonly at: number;
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  /** Microseconds on the way; a negative one is LOST or UNDER_WAY. */
  readonly took: number;
  readonly bytes: number;
  readonly text: string;
}

function messages({ entries, moments, texts }: Trace, pattern: RegExp): Message[] {
  const all = entries.text.map((text, i): Message => {
    const at = moments.at[entries.moment[i]!]!;
    const arrival = entries.arrival[i]!;
    return {
      at,
      kind: ENTRY_KINDS[entries.kind[i]!]!,
      from: entries.node[i]!,
      to: entries.peer[i]!,
      took: arrival < 0 ? arrival : moments.at[arrival]! - at,
      bytes: entries.bytes[i]!,
      text: texts[text]!,
    };
  });
  return all.filter(({ text }) => pattern.test(text));
}

const WRITE = 'timeline: [{ at: 2s, on: A, run: SET k v }]';

describe('a message', () => {
  test('arrives after the latency of its link, and a client beside a node is at once with it', () => {
    const sent = messages(traceOf(WRITE), /^SET k v$/).filter(({ kind }) => kind !== 'command');
    expect(sent).toEqual([
      { at: 2_000_000, kind: 'request', from: NO_NODE, to: 0, took: 0, bytes: 27, text: 'SET k v' },
      { at: 2_000_000, kind: 'stream', from: 0, to: 1, took: 10_000, bytes: 27, text: 'SET k v' },
    ]);
  });

  test('that meets a cut is lost, and goes once more when that heals', () => {
    const cut = traceOf(
      'timeline:',
      '  - { at: 1.5s, partition: A -> B }',
      '  - { at: 2s, on: A, run: SET k v }',
      '  - { at: 3s, heal: A -> B }',
    );
    const sent = messages(cut, /^SET k v/).filter(({ kind }) => kind === 'stream');
    expect(sent.map(({ at, took, text }) => [at, took, text])).toEqual([
      [2_000_000, LOST, 'SET k v'],
      [3_000_000, 10_000, 'SET k v (sent again)'],
    ]);
    expect(cut.cuts).toEqual([{ from: 0, to: 1, begin: 1_500_000, end: 3_000_000 }]);
  });

  test('that reaches an end which is gone causes a reset, told once for all that do', () => {
    const trace = traceOf(
      'timeline:',
      '  - { at: 2s, partition: A <-> B }',
      '  - { at: 2.1s, on: A, run: SET k v }',
      '  - { at: 2.2s, on: A, run: SET k w }',
      '  - { at: 3s, on: B, run: REPLICAOF NO ONE }',
      '  - { at: 4s, heal: all }',
    );
    const resets = messages(trace, /^RST: reset/);
    // B's FIN was first, so A has closed its end when the reset comes.
    const told = 'RST: reset, and nobody is left to read it';
    expect(resets.map(({ from, to, took, text }) => [from, to, took, text])).toEqual([[1, 0, LOST, told]]);
  });

  test('that is on its way when the cut comes is lost too', () => {
    const cut = traceOf('timeline: [{ at: 2s, on: A, run: SET k v }, { at: 2.004s, partition: A -> B }]');
    const [stream] = messages(cut, /^SET k v$/).filter(({ kind }) => kind === 'stream');
    expect(stream?.took).toBe(LOST);
  });
});

describe('the kinds of messages', () => {
  const trace = traceOf(WRITE);

  test.each([
    ['connect', /^SYN$/, 1],
    ['handshake', /^REPLCONF capa/, 1],
    ['psync', /^PSYNC \? -1$/, 1],
    ['psync', /^\+FULLRESYNC \w{40} 0$/, 0],
    ['rdb', /^RDB, all of its \d+ bytes$/, 0],
    ['ack', /^REPLCONF ACK \d+$/, 1],
  ])('%s %s', (kind, pattern, from) => {
    const [first] = messages(trace, pattern);
    expect(first).toMatchObject({ kind, from, to: 1 - from });
  });
});

test('an RDB of many segments is one message, from its first byte to the arrival of its last', () => {
  const trace = recordTrace(
    scenarioOf('name: test\nduration: 6s\nnodes: { A: { dataset: 10mb }, B: { replicaof: A } }\n'),
    '7',
    { repeat: 'repeat' },
  );
  const rdb = messages(trace, /^RDB/).filter(({ kind }) => kind === 'rdb');
  expect(rdb).toHaveLength(1);
  expect(rdb[0]!.bytes).toBeGreaterThan(10_000_000);
  expect(rdb[0]!.text).toBe(`RDB, all of its ${rdb[0]!.bytes} bytes`);
  // While it loads, the replica says with newlines that it is alive.
  expect(messages(trace, /^newline/)[0]).toMatchObject({ kind: 'ping', from: 1, to: 0 });
});

describe('the state', () => {
  test('at the end is what INFO says', () => {
    const trace = traceOf(WRITE);
    const last = trace.moments.at.length - 1;
    for (const [node, info] of trace.final.entries()) {
      const state = stateAt(trace, node, last);
      expect(state.replid).toBe(info!.master_replid);
      expect(state.master_repl_offset).toBe(info!.master_repl_offset);
      expect(state.repl_backlog_off).toBe(info!.repl_backlog_first_byte_offset);
      expect(state.repl_backlog_histlen).toBe(info!.repl_backlog_histlen);
    }
    expect(info(trace, 'slave0')).toContain(`state=${stateAt(trace, 0, last)['slave B state']},`);
    expect(info(trace, 'slave0')).toContain(`offset=${stateAt(trace, 0, last)['slave B offset']},`);
  });

  test('of a process that is gone is nothing but that, and its master soon lists it no more', () => {
    const trace = traceOf('timeline: [{ at: 2s, kill: B }]');
    const killed = trace.moments.at.findLastIndex((at) => at <= 2_000_000);
    expect(stateAt(trace, 1, killed).process).toBe('down');
    expect(stateAt(trace, 1, killed).replid).toBeNull();
    expect(stateAt(trace, 0, killed)['slave B state']).toBe('online');
    expect(stateAt(trace, 0, trace.moments.at.length - 1)['slave B state']).toBeNull();
  });

  test('of a backlog moves with every write', () => {
    const trace = traceOf('timeline: [{ at: 2s, on: A, run: [SET k v, SET k w] }]');
    const offsets = trace.states[0]!.find(({ field }) => field === 'master_repl_offset')!;
    const before = trace.moments.at.findLastIndex((at) => at < 2_000_000);
    const first = nextChange(offsets, before);
    const second = nextChange(offsets, first);
    const at = (moment: number): unknown => stateAt(trace, 0, moment).master_repl_offset;
    // SELECT 0 comes before the first write.
    expect([at(before), at(first), at(second)]).toEqual([0, 50, 77]);
  });
});

function info(trace: Trace, field: string): string {
  return String(trace.final[0]![field]);
}
