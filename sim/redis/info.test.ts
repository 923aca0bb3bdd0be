import { describe, expect, test } from 'vitest';
import { pair, World } from '../world.test-helper.ts';
import { replicationInfo } from './info.ts';
import { type Profile, redis50, redis70 } from './profile.ts';

/** What redis-server 5.0.14 and 7.0.15 give under INFO replication, in this order. */
const AT_THE_END = [
  'master_replid',
  'master_replid2',
  'master_repl_offset',
  'second_repl_offset',
  'repl_backlog_active',
  'repl_backlog_size',
  'repl_backlog_first_byte_offset',
  'repl_backlog_histlen',
];
const REPLICA = ['role', 'master_host', 'master_port', 'master_link_status', 'master_last_io_seconds_ago'];

interface Fields {
  readonly profile: Profile;
  readonly master: readonly string[];
  readonly replica: readonly string[];
  readonly lost: readonly string[];
}

const EXPECTED: readonly Fields[] = [
  {
    profile: redis50,
    master: ['role', 'connected_slaves', 'slave0', ...AT_THE_END],
    replica: [
      ...REPLICA,
      ...['master_sync_in_progress', 'slave_repl_offset', 'slave_priority', 'slave_read_only'],
      ...['connected_slaves', ...AT_THE_END],
    ],
    lost: [
      ...REPLICA,
      ...['master_sync_in_progress', 'slave_repl_offset', 'master_link_down_since_seconds', 'slave_priority'],
      ...['slave_read_only', 'connected_slaves', ...AT_THE_END],
    ],
  },
  {
    profile: redis70,
    master: ['role', 'connected_slaves', 'slave0', 'master_failover_state', ...AT_THE_END],
    replica: [
      ...REPLICA,
      ...['master_sync_in_progress', 'slave_read_repl_offset', 'slave_repl_offset', 'slave_priority'],
      ...['slave_read_only', 'replica_announced', 'connected_slaves', 'master_failover_state', ...AT_THE_END],
    ],
    lost: [
      ...REPLICA,
      ...['master_sync_in_progress', 'slave_read_repl_offset', 'slave_repl_offset'],
      ...['master_link_down_since_seconds', 'slave_priority', 'slave_read_only', 'replica_announced'],
      ...['connected_slaves', 'master_failover_state', ...AT_THE_END],
    ],
  },
];

/** The fields under INFO replication, read from the reply. */
function fields(world: World, node: string): [string, string][] {
  const lines = world.command(node, 'INFO replication').split('\r\n');
  return lines.filter((line) => line.includes(':')).map((line) => line.split(':', 2) as [string, string]);
}

describe.each(EXPECTED)('INFO replication of $profile.name', ({ profile, master, replica, lost }) => {
  const names = (world: World, node: string): string[] => fields(world, node).map(([name]) => name);

  test('of a master and of a replica', () => {
    const world = pair({ profile }, { profile });
    expect(names(world, 'A')).toEqual(master);
    expect(names(world, 'B')).toEqual(replica);
  });

  test('of a replica that never had a link', () => {
    const world = new World({ A: { profile } }).to(500);
    world.replicaof('A', 'nowhere');
    world.wait(1500);
    expect(names(world, 'A')).toEqual(lost);
    const down = Number(new Map(fields(world, 'A')).get('master_link_down_since_seconds'));
    if (profile === redis70) expect(down).toBe(-1);
    else expect(down).toBeGreaterThan(1_700_000_000);
  });

  test('of a replica in its transfer', () => {
    const config = { 'repl-diskless-sync': 'no' };
    const world = new World({
      A: { profile, config, dataset: 3_000_000, boot: -2000 },
      B: { profile, config, replicaof: 'A', boot: -1000 },
    });
    world.untilState('B', 'TRANSFER').until(() => world.server('B').replTransferRead > 100);
    const given = Object.keys(
      replicationInfo({ server: world.server('B'), profile, rules: profile.rules, system: null as never }),
    ).filter((name) => name.startsWith('master_sync_'));
    const in5 = ['master_sync_left_bytes', 'master_sync_last_io_seconds_ago'];
    const in7 = [
      'master_sync_total_bytes',
      'master_sync_read_bytes',
      'master_sync_left_bytes',
      'master_sync_perc',
    ];
    expect(given).toEqual([
      'master_sync_in_progress',
      ...(profile === redis50 ? in5 : [...in7, 'master_sync_last_io_seconds_ago']),
    ]);
  });
});

test.each([redis50, redis70])('one field is what it is among all of them ($name)', (profile) => {
  const config = { 'repl-diskless-sync': 'no', 'min-replicas-to-write': '1' };
  const world = new World({
    A: { profile, config, dataset: 3_000_000, boot: -2000 },
    B: { profile, config, replicaof: 'A', boot: -1000 },
  });
  const look = (): void => {
    for (const name of ['A', 'B']) {
      const node = world.node(name);
      const all = world.sim.info(node);
      const names = new Set([
        ...Object.keys(all),
        'master_link_status',
        'slave_repl_offset',
        'slave0',
        'slave1',
      ]);
      for (const field of names) expect(world.sim.infoField(node, field), field).toBe(all[field]);
    }
  };
  look();
  world.untilState('B', 'TRANSFER').until(() => world.server('B').replTransferRead > 100);
  look();
  world.untilState('B', 'CONNECTED').wait(1500);
  world.command('A', 'SET k v');
  look();
  world.replicaof('B', 'nowhere');
  look();
  world.replicaof('B', 'NO ONE');
  look();
});

test('a promotion forgets since when the link was down, or not', () => {
  const since = [redis50, redis70].map((profile) => {
    const world = pair({ profile }, { profile });
    world.sim.kill(world.node('A'));
    world.wait(3000);
    world.replicaof('B', 'NO ONE');
    world.replicaof('B', 'nowhere');
    return Number(new Map(fields(world, 'B')).get('master_link_down_since_seconds'));
  });
  expect(since).toEqual([3, -1]);
});

test('a replica of Redis 7 that is not to be announced says so', () => {
  const world = new World({ A: { profile: redis70, config: { 'replica-announced': 'no' } } }).to(500);
  world.replicaof('A', 'nowhere');
  expect(new Map(fields(world, 'A')).get('replica_announced')).toBe('0');
});
