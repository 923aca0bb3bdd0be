import { expect, test } from 'vitest';
import { withoutNode } from './without-node.ts';

const SCENARIO = {
  name: 'chain',
  nodes: { A: {}, B: { replicaof: 'A', config: { hz: 20 } }, BB: { replicaof: 'B' } },
  links: { default: { latency: '1ms' }, 'A <-> B': { latency: '2ms' }, 'A <-> BB': { latency: '3ms' } },
  clients: { app: { to: 'B' }, other: { to: 'A' } },
  workload: [{ on: 'B', every: '1s', run: 'SET k 1' }],
  timeline: [
    { at: '1s', partition: 'A | B BB' },
    { at: '2s', partition: 'A <-> B' },
    { at: '3s', start: ['A', 'B'], idle: 'ok' },
    { at: '4s', kill: 'B' },
    { at: '5s', on: 'BB', run: 'REPLICAOF B' },
    { at: '6s', on: 'A', run: 'SET k B2' },
  ],
};

test('a node goes with its links, its clients and what is said to it or of it; its replica follows its master', () => {
  expect(withoutNode(SCENARIO, 'B')).toEqual({
    name: 'chain',
    nodes: { A: {}, BB: { replicaof: 'A' } },
    links: { default: { latency: '1ms' }, 'A <-> BB': { latency: '3ms' } },
    clients: { other: { to: 'A' } },
    timeline: [
      { at: '1s', partition: 'A | BB' },
      { at: '3s', start: ['A'], idle: 'ok' },
      { at: '6s', on: 'A', run: 'SET k B2' },
    ],
  });
});

test('the replicas of a master that goes follow nobody, and a group of one has no other side', () => {
  const { nodes, timeline } = withoutNode(SCENARIO, 'A') as unknown as typeof SCENARIO;
  expect(nodes).toEqual({ B: { config: { hz: 20 } }, BB: { replicaof: 'B' } });
  expect(timeline.map(({ at }) => at)).toEqual(['3s', '4s', '5s']);
});
