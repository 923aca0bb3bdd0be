import { describe, expect, it } from 'vitest';
import { loadOne } from './load.test-helper.ts';

const CONTRACT = `
name: The promoted replica serves its siblings from replid2
about: |
  ...
tags: [failover, replid2]
profile: redis-5.0
seed: 7
duration: 60s

nodes:
  A:
    config: { repl-backlog-size: 16kb, repl-timeout: 5 }
    dataset: 4mb
    machine: { save: 200mb/s, load: 300mb/s, fork: 10ms }
    boot: -300ms
  B: { replicaof: A }
  C:

links:
  default: { latency: 0.1ms, jitter: 0ms, loss: 0%, bandwidth: 10gbps }
  A <-> B: { rtt: 40ms, jitter: 5ms }

clients:
  app: { to: A, count: 4, timeout: 1s, retry: 100ms }

workload:
  - { on: A, every: 10ms, from: 1s, until: 30s, run: "SET key:{n} {bytes:64}" }

timeline:
  - { at: 3s,  on: A, run: SET k v, reply: +OK }
  - { at: 3s,  on: A, run: [SET k w, WAIT 1 500] }
  - { after: 1s, on: A, repeat: { times: 100, run: "SET key:{n} {bytes:100}" } }
  - { at: 12s, on: B, run: REPLICAOF NO ONE }
  - { when: { on: B, info: { role: master } }, on: C, run: REPLICAOF B }
  - { when: { on: C, repl_state: TRANSFER }, reset: B <-> C }

expect:
  - { psync: C -> B, is: [partial/replid2] }
  - { at: 30s, info: B, has: { role: master, connected_slaves: ">= 1" } }
  - { converged: [B, C] }
`;

describe('the example of the contract', () => {
  const loaded = loadOne(CONTRACT);

  it('has its heading', () => {
    expect(loaded).toMatchObject({
      profile: 'redis-5.0',
      seed: '7',
      duration: 60_000_000,
      tags: ['failover', 'replid2'],
      case: null,
    });
  });

  it('has its nodes with their configuration over the defaults', () => {
    const [a, b, c] = loaded.nodes;
    expect([...a!.config]).toEqual([
      ['save', ['']],
      ['appendonly', ['no']],
      ['repl-backlog-size', ['16kb']],
      ['repl-timeout', ['5']],
    ]);
    expect(a).toMatchObject({ dataset: 4_194_304, boot: -300_000, replicaof: null });
    expect(a!.machine).toEqual({
      saveBytesPerSecond: 209_715_200,
      loadBytesPerSecond: 314_572_800,
      forkMicrosPerGigabyte: 10_000,
    });
    expect([b!.replicaof, b!.boot, c!.replicaof]).toEqual(['A', null, null]);
  });

  it('has its links', () => {
    const link = { latency: 20_000, jitter: 5_000, loss: 0, bandwidth: 1_250_000_000 };
    expect(loaded.links.default).toEqual({ latency: 100, jitter: 0, loss: 0, bandwidth: 1_250_000_000 });
    expect(loaded.links.directions).toEqual([
      { from: 'A', to: 'B', link },
      { from: 'B', to: 'A', link },
    ]);
  });

  it('has its traffic', () => {
    expect(loaded.clients).toMatchObject([
      { name: 'app', to: 'A', count: 4, timeout: 1_000_000, retry: 100_000 },
    ]);
    expect(loaded.workload).toMatchObject([
      { over: { nodes: { options: [['A']] } }, every: 10_000, from: 1_000_000, until: 30_000_000 },
    ]);
  });

  it('has its timeline, with the line of each entry', () => {
    expect(loaded.timeline.map(({ trigger, action: { kind } }) => [trigger.kind, kind])).toEqual([
      ['at', 'run'],
      ['at', 'run'],
      ['after', 'repeat-run'],
      ['at', 'run'],
      ['when', 'run'],
      ['when', 'reset'],
    ]);
    expect(loaded.timeline[0]!.position).toEqual({ file: 'test.yaml', line: 30, column: 5 });
  });

  it('has its expectations', () => {
    expect(loaded.expect).toMatchObject([
      {
        kind: 'psync',
        replica: 'C',
        master: 'B',
        is: [{ outcome: 'partial', reason: 'replid2' }],
        last: null,
        count: [],
      },
      {
        kind: 'info',
        node: 'B',
        at: 30_000_000,
        has: [{ test: { value: 'master' } }, { test: { op: '>=', value: 1 } }],
      },
      { kind: 'converged', nodes: ['B', 'C'], when: { at: null } },
    ]);
  });
});
