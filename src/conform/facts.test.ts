import { expect, test } from 'vitest';
import { factsOf } from './facts.ts';
import { asToldBy, type NodeView, type Observation, type SeenDecision } from './observation.ts';

const NOTHING: Observation = {
  decisions: [],
  replies: [],
  moments: [],
  neverActed: [],
  boots: {},
  skippedTicks: 0,
};
const X = 'a'.repeat(40);
const Y = 'b'.repeat(40);

function facts(observation: Partial<Observation>): Record<string, string> {
  return Object.fromEntries(factsOf({ ...NOTHING, ...observation }).map(({ key, value }) => [key, value]));
}

function refusal(reason: string): SeenDecision {
  return { at_ms: 0, replica: 'B', master: 'A', outcome: 'refused', reason, offset: null, bytes: 0 };
}

test('ids are compared by which are the same, over all moments', () => {
  const node = (replid: string, replid2: string) =>
    ({ state: 'up', info: { master_replid: replid, master_replid2: replid2 }, digest: null }) as const;
  const none = '0'.repeat(40);
  const found = facts({
    moments: [
      { name: '1s', at_ms: 1000, nodes: { A: node(X, none) } },
      { name: 'end', at_ms: 2000, nodes: { A: node(Y, X) } },
    ],
  });
  expect(found).toMatchObject({
    '1s A master_replid': 'id1',
    '1s A master_replid2': 'none',
    'end A master_replid': 'id2',
    'end A master_replid2': 'id1',
  });
});

test('what a real server did not tell of itself takes no name from the others', () => {
  const node = (replid: string, digest: string | null): NodeView => ({
    state: 'up',
    info: { master_replid: replid },
    digest,
  });
  const end = (A: NodeView, B: NodeView): Observation => ({
    ...NOTHING,
    moments: [{ name: 'end', at_ms: 0, nodes: { A, B } }],
  });
  const simulated = end(node(X, X), node(Y, Y));
  const told = (real: Observation) => facts(asToldBy(real, simulated));
  expect(told(end(node(Y, Y), node(X, X)))).toMatchObject({ 'end A data': 'data1', 'end B data': 'data2' });
  const refused = told(end(node(Y, null), node(X, X)));
  expect(refused).toMatchObject({ 'end B master_replid': 'id2', 'end B data': 'data1' });
  expect(refused).not.toHaveProperty('end A data');
  expect(told(end({ state: 'busy' }, node(X, X)))).toMatchObject({
    'end A state': 'busy',
    'end B master_replid': 'id1',
  });
});

test('a master’s lines about its replicas are compared by the replicas’ names', () => {
  const info = {
    slave0: 'ip=10.0.0.3,port=6379,state=online,offset=7,lag=0',
    slave1: 'ip=10.0.0.2,port=6379,state=wait_bgsave,offset=0,lag=0',
    slave2: 'ip=10.0.0.3,port=6379,state=send_bulk,offset=0,lag=0',
  };
  const down = { state: 'down' } as const;
  const found = facts({
    moments: [{ name: 'end', at_ms: 0, nodes: { A: { state: 'up', info, digest: null }, B: down, C: down } }],
  });
  expect(found).toMatchObject({
    'end A slave(B).state': 'wait_bgsave',
    'end A slave(C).state': 'online',
    'end A slave(C).offset': '7',
    'end A slave(C)#2.state': 'send_bulk',
  });
});

test('equal refusals in a row are one decision and how often it came', () => {
  const found = facts({
    decisions: [refusal('noauth'), refusal('noauth'), refusal('nomasterlink'), refusal('noauth')],
  });
  expect(found).toMatchObject({
    'decision B → A #1 reason': 'noauth',
    'decision B → A #1 times': '2',
    'decision B → A #2 reason': 'nomasterlink',
    'decision B → A #3 times': '1',
    'decisions B → A': '3',
  });
});

test('reasons that one log line stands for are one reason, and its offset counts', () => {
  const decision = (reason: string): SeenDecision => ({
    ...refusal(reason),
    outcome: 'full',
    offset: 5,
  });
  const found = facts({
    decisions: [decision('no-backlog'), decision('backlog-overwritten'), decision('forced')],
  });
  expect(found['decision B → A #1 reason']).toBe('lack-of-backlog');
  expect(found['decision B → A #2 reason']).toBe('lack-of-backlog');
  expect(found['decision B → A #2 offset']).toBe('5');
  expect(found).not.toHaveProperty('decision B → A #3 offset');
});

test('replies that tell of time or chance are not compared; hashes in others are, by equality', () => {
  const reply = (run: string, text: string) => ({ at_ms: 0, on: 'A', run, reply: text });
  const found = facts({
    replies: [
      reply('TIME', '*2'),
      reply('DEBUG DIGEST', `+${X}`),
      reply('DEBUG DIGEST', `+${Y}`),
      reply('GET k', 'v'),
    ],
  });
  expect(Object.values(found)).toEqual(['+hash1', '+hash2', 'v']);
});

test('what no log tells of is not compared: that a client which is no replica was refused', () => {
  const byHand = (reason: string): SeenDecision => ({ ...refusal(reason), replica: null });
  expect(facts({ decisions: [byHand('noauth'), byHand('pending-output')] })).toEqual({});
  expect(facts({ decisions: [byHand('bad-offset')] })).toMatchObject({ 'decisions ? → A': '1' });
});
