import { expect, test } from 'vitest';
import { redis70 } from './redis/profile.ts';
import { type World as TheWorld, World } from './world.test-helper.ts';

const CONFIG = { 'repl-ping-replica-period': '3600', 'repl-diskless-sync': 'no' };

/** A master A with two replicas in sync. */
function trio(): TheWorld {
  const node = { profile: redis70, config: CONFIG };
  const world = new World({
    A: { ...node, boot: -3000 },
    B: { ...node, boot: -2000, replicaof: 'A' },
    C: { ...node, boot: -1000, replicaof: 'A' },
  }).to(3000);
  world.command('A', 'SET k v');
  return world;
}

function addressOf(world: TheWorld, name: string): string {
  const { ip, port } = world.sim.address(world.node(name));
  return `${ip} ${port}`;
}

test('FAILOVER TO makes the target the master without a full synchronization', () => {
  const world = trio();
  const from = world.mark();
  expect(world.command('A', `FAILOVER TO ${addressOf(world, 'B')}`)).toBe('+OK');
  expect(world.info('A', 'master_failover_state')).toBe('waiting-for-sync');
  world.wait(4000);
  expect([world.info('A', 'role'), world.info('B', 'role')]).toEqual(['slave', 'master']);
  expect(world.info('A', 'master_failover_state')).toBe('no-failover');
  expect(world.psyncs('A', 'B')).toEqual(['partial/replid2']);
  expect(world.log('A', from)).toContain(`Failover target ${world.name('B')} is synced, failing over.`);
  const took = world.log('B', from).some((line) => line.startsWith('Failover request received for replid '));
  expect(took).toBe(true);
  expect(world.command('B', 'SET k w')).toBe('+OK');
});

test('writes wait during a failover, and are refused by the master that became a replica', () => {
  const world = trio();
  world.sim.partition(1, 0);
  world.command('A', 'SET k x');
  world.command('A', `FAILOVER TO ${addressOf(world, 'B')}`);
  const writer = world.client('A');
  writer.send('SET k y');
  world.wait(1000);
  expect(writer.take()).toBe('');
  world.sim.heal(1, 0);
  world.wait(4000);
  expect(writer.take()).toBe("-READONLY You can't write against a read only replica.\r\n");
  expect(world.info('B', 'role')).toBe('master');
});

test('FAILOVER goes to any replica that has everything', () => {
  const world = trio();
  world.command('A', 'FAILOVER');
  world.wait(4000);
  expect([world.info('B', 'role'), world.info('C', 'role')].filter((role) => role === 'master')).toHaveLength(
    1,
  );
});

test('a target that never catches up ends it after its timeout, or is forced', () => {
  const stuck = (force: string): TheWorld => {
    const world = trio();
    world.sim.freeze(world.node('B'));
    world.command('A', 'SET k x');
    world.command('A', `FAILOVER TO ${addressOf(world, 'B')}${force} TIMEOUT 500`);
    return world.wait(1500);
  };
  const given = stuck('');
  expect(given.info('A', 'role')).toBe('master');
  expect(given.log('A').at(-1)).toBe(
    `FAILOVER to ${given.name('B')} aborted: Replica never caught up before timeout`,
  );
  expect(given.command('A', 'SET k y')).toBe('+OK');
  const forced = stuck(' FORCE');
  expect(forced.log('A')).toContain(`FAILOVER to ${forced.name('B')} time out exceeded, failing over.`);
  expect(forced.info('A', 'role')).toBe('slave');
  expect(forced.command('A', 'REPLICAOF NO ONE')).toBe('-ERR REPLICAOF not allowed while failing over.');
  expect(forced.command('A', 'FAILOVER ABORT')).toBe('+OK');
  expect(forced.info('A', 'role')).toBe('master');
});

test('FAILOVER says what is wrong with it', () => {
  const world = trio();
  const replies = [
    'FAILOVER ABORT',
    'FAILOVER TO nowhere 1',
    'FAILOVER FORCE',
    'FAILOVER TIMEOUT 0',
    'FAILOVER NOW',
  ].map((command) => world.command('A', command));
  expect(replies).toEqual([
    '-ERR No failover in progress.',
    '-ERR FAILOVER target HOST and PORT is not a replica.',
    '-ERR FAILOVER with force option requires both a timeout and target HOST and IP.',
    '-ERR FAILOVER timeout must be greater than 0',
    '-ERR syntax error',
  ]);
  expect(world.command('B', 'FAILOVER')).toBe('-ERR FAILOVER is not valid when server is a replica.');
});
